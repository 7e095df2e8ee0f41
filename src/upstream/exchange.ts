import { authorizationCodeGrant, fetchUserInfo } from 'openid-client';
import type { IDToken } from 'openid-client';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import type { SealedAttempt } from './attempt.ts';
import type { Connection } from './connection.ts';
import { tokenFailure, userinfoFailure } from './failures.ts';
import { checkIdToken } from './id-token.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';

export type ReceivedClaims = Readonly<Record<string, unknown>>;

/** What the IdP asserts, from two sources that are each verified. */
export interface Assertions {
  readonly idToken: IDToken;
  /** Empty when the IdP has no userinfo endpoint. */
  readonly userinfo: ReceivedClaims;
}

export interface Exchanged extends Assertions {
  /** The ID token as it came, for the day the person signs out. */
  readonly idTokenJwt: string;
}

const userinfoSchema = z.looseObject({ sub: z.string(), email_verified: z.boolean().nullish() });

/**
 * Code → tokens → ID token verified → userinfo of the same subject.
 *
 * @param currentUrl our own redirect URI with the parameters received: never built from a request header
 * @throws BrokerError M-UPST-001, M-UPST-006, M-UPST-008 to M-UPST-010, M-UPST-017 to M-UPST-029
 */
export async function exchange(needs: {
  readonly connection: Connection;
  readonly idp: IdentityProvider;
  readonly attempt: SealedAttempt;
  readonly currentUrl: URL;
  readonly now: Date;
}): Promise<Exchanged> {
  const { connection, idp, attempt, currentUrl, now } = needs;
  const values = { idp: idp.name };
  const tokens = await authorizationCodeGrant(connection.config, currentUrl, {
    pkceCodeVerifier: attempt.codeVerifier,
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    idTokenExpected: true,
  }).catch((error: unknown) => {
    throw tokenFailure(error, values);
  });
  const idToken = tokens.claims();
  if (idToken === undefined || tokens.id_token === undefined) {
    throw new BrokerError('M-UPST-008', { detail: 'no ID token', values });
  }
  checkIdToken({
    claims: idToken,
    jwt: tokens.id_token,
    accessToken: tokens.access_token,
    attempt,
    idp,
    now,
  });
  const idTokenJwt = tokens.id_token;
  if (!connection.hasUserinfo) return { idToken, idTokenJwt, userinfo: {} };
  // Checks that sub is the same (§5.3.2) and, when it comes as a JWT, its signature.
  const answer = await fetchUserInfo(connection.config, tokens.access_token, idToken.sub).catch(
    (error: unknown) => {
      throw userinfoFailure(error, values);
    },
  );
  const userinfo = userinfoSchema.safeParse(answer);
  if (!userinfo.success) {
    throw new BrokerError('M-UPST-009', { detail: z.prettifyError(userinfo.error), values });
  }
  return { idToken, idTokenJwt, userinfo: userinfo.data };
}
