import type { BrowserSession } from './browser-sessions.ts';
import type { Claims, SignedIn } from './relying-party.ts';

/** A signed answer names its issuer and its audience, a plain one does not (OpenID Connect Core §5.3.2). */
const userinfoFormat = (userinfo: Claims): 'jwt' | 'json' =>
  userinfo['iss'] !== undefined && userinfo['aud'] !== undefined ? 'jwt' : 'json';

const headerOf = (jwt: string): unknown => {
  const [header = ''] = jwt.split('.');
  return JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
};

const tokensOf = (signedIn: SignedIn) => ({
  token_type: signedIn.tokenType,
  scope: signedIn.scope,
  expires_at: signedIn.expiresAt,
  has_refresh_token: signedIn.refreshToken !== undefined,
  refreshed_by: signedIn.refreshedBy,
  id_token_header: headerOf(signedIn.idToken),
  userinfo_format: userinfoFormat(signedIn.userinfo),
});

export interface SessionAnswer {
  readonly status: 200 | 401 | 403;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * What the tool knows of this browser, for tests and for the curious. Never the value of a token.
 *
 * 200 signed in · 401 signed out · 403 the last sign-in or refresh was answered by an error
 */
export const sessionJson = (
  toolId: string,
  issuer: string,
  session: BrowserSession | undefined,
): SessionAnswer => {
  const common = { client_id: toolId, issuer };
  if (session?.signedIn !== undefined) {
    const { idTokenClaims, userinfo } = session.signedIn;
    return {
      status: 200,
      body: {
        ...common,
        signed_in: true,
        id_token: idTokenClaims,
        userinfo,
        tokens: tokensOf(session.signedIn),
        ...(session.error !== undefined && { error: session.error }),
      },
    };
  }
  if (session?.error !== undefined) {
    return { status: 403, body: { ...common, signed_in: false, error: session.error } };
  }
  return { status: 401, body: { ...common, signed_in: false } };
};
