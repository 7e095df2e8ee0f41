import type {
  AdapterFactory,
  Configuration,
  ErrorOut,
  KoaContextWithOIDC,
  Client as LibraryClient,
} from 'oidc-provider';
import { supportedScopes } from '../declarations/declarations.ts';
import type { Client } from '../declarations/declarations.ts';
import { acrValues } from '../eligibility/eligibility.ts';
import { organizationTypes } from '../organizations/organizations.ts';
import type { Accounts } from './account.ts';
import { enabledAlgorithms } from './algorithms.ts';
import { claimsByScope } from './claims.ts';
import { assertShortLived } from './client-assertion.ts';
import { createCookieSigner } from './cookie-signature.ts';
import { assertAcrRequest } from './essential-acr.ts';
import type { createLoadGrant } from './grants.ts';
import type { ProviderKeys } from './keys.ts';
import { tokenLifetimes } from './lifetimes.ts';
import type { interactionPrompts } from './prompts.ts';
import { pairwiseSubject } from './subject.ts';

/** Pages that the library asks for; `interaction/` and `http/` draw them. */
export interface ProviderPages {
  readonly error: (ctx: KoaContextWithOIDC, out: ErrorOut, error: Error) => Promise<void>;
  /** @param asked whether the tool proved that it signs out this very person, so that nobody else has to be asked */
  readonly logout: (ctx: KoaContextWithOIDC, asked: boolean) => Promise<void>;
  readonly loggedOut: (ctx: KoaContextWithOIDC) => Promise<void>;
}

export interface ConfigurationNeeds {
  /** Whether the issuer is https: cookies are then Secure, with the prefixes of RFC 6265bis §4.1.3. */
  readonly secure: boolean;
  readonly issuerPath: string;
  readonly cookieKeys: readonly string[];
  readonly keys: ProviderKeys;
  readonly adapter: AdapterFactory;
  readonly accounts: Accounts;
  readonly loadGrant: ReturnType<typeof createLoadGrant>;
  readonly policy: ReturnType<typeof interactionPrompts>;
  readonly declared: (clientId: string) => Client | undefined;
  readonly pages: ProviderPages;
  readonly clock: () => Date;
}

/** Every option whose default is a trap is set here by name (reference on the library, §1.1). */
export function providerConfiguration(needs: ConfigurationNeeds): Configuration {
  const { secure, issuerPath, keys, accounts, declared, pages } = needs;
  const cookie = { httpOnly: true, sameSite: 'lax', secure, signed: true } as const;
  const pairwise = (accountId: string, { clientId, redirectUris }: LibraryClient) =>
    pairwiseSubject(
      keys.pairwiseSalt,
      declared(clientId)?.sector_identifier ?? hostOf(redirectUris) ?? clientId,
      accountId,
    );
  /** RP-Initiated Logout §2: the ID token of somebody else is no reason to sign this person out unasked. */
  const hintIsOfThisPerson = ({ oidc }: KoaContextWithOIDC): boolean => {
    const { client, session, entities } = oidc;
    if (client === undefined || session?.accountId === undefined) return false;
    const { accountId } = session;
    const subject = client.subjectType === 'pairwise' ? pairwise(accountId, client) : accountId;
    return entities.IdTokenHint?.payload['sub'] === subject;
  };
  return {
    adapter: needs.adapter,
    clients: [],
    jwks: { keys: [...keys.jwks.keys] },
    findAccount: accounts.find,
    loadExistingGrant: needs.loadGrant,
    interactions: {
      policy: needs.policy,
      url: (_ctx, interaction) => `${issuerPath}/interaction/${interaction.uid}`,
    },
    claims: Object.fromEntries(Object.entries(claimsByScope).map(([scope, claims]) => [scope, [...claims]])),
    scopes: [...supportedScopes],
    acrValues: [...acrValues],
    // An extension (domain reference §6.3): the closed list that `organization_type` is taken from.
    discovery: { organization_types_supported: [...organizationTypes] },
    // False hands every granted claim to the ID token; `account.ts` decides there what each client gets in it.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    subjectTypes: ['pairwise', 'public'],
    sectorIdentifierUriValidate: () => false,
    pairwiseIdentifier: (_ctx, accountId, client) => pairwise(accountId, client),
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims) => assertShortLived(claims, needs.clock()),
    clientDefaults: { id_token_signed_response_alg: 'ES256', subject_type: 'pairwise' },
    enabledJWA: enabledAlgorithms,
    pkce: {
      required: (_ctx, client) => declared(client.clientId)?.pkce !== 'optional',
    },
    clientBasedCORS: (_ctx, origin, client) =>
      declared(client.clientId)?.cors_origins.includes(origin) ?? false,
    allowOmittingSingleRegisteredRedirectUri: false,
    acceptQueryParamAccessTokens: false,
    issueRefreshToken: (_ctx, client, source) => {
      if (!client.grantTypeAllowed('refresh_token')) return false;
      const policy = declared(client.clientId)?.refresh_token;
      return policy === 'always' || (policy === 'offline_access' && source.scopes.has('offline_access'));
    },
    rotateRefreshToken: true,
    expiresWithSession: (_ctx, source) => !source.scopes.has('offline_access'),
    ttl: tokenLifetimes(accounts.accessOfTokens, needs.clock),
    clockTolerance: 10,
    cookies: {
      keys: createCookieSigner(needs.cookieKeys),
      names: {
        session: secure ? '__Host-maillon-session' : 'maillon-session',
        interaction: secure ? '__Secure-maillon-interaction' : 'maillon-interaction',
        resume: secure ? '__Secure-maillon-resume' : 'maillon-resume',
      },
      long: cookie,
      short: cookie,
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      userinfo: '/userinfo',
      jwks: '/jwks',
      pushed_authorization_request: '/par',
      end_session: '/session/end',
      introspection: '/token/introspection',
      revocation: '/token/revocation',
    },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true, assertClaimsParameter: (_ctx, claims) => assertAcrRequest(claims) },
      jwtUserinfo: { enabled: true },
      userinfo: { enabled: true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      introspection: {
        enabled: true,
        // RFC 7662 §2.2: a token that userinfo would refuse, because access was lost meanwhile, is not active.
        allowedPolicy: async (ctx, client, token) =>
          token.clientId === client.clientId &&
          'accountId' in token &&
          (await accounts.find(ctx, token.accountId, token)) !== undefined,
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx) => pages.logout(ctx, hintIsOfThisPerson(ctx)),
        postLogoutSuccessSource: pages.loggedOut,
      },
      encryption: { enabled: true },
      requestObjects: { enabled: true },
      jwtResponseModes: { enabled: true },
      jwtIntrospection: { enabled: true },
      dPoP: { enabled: true, nonceSecret: keys.dpopNonceSecret, requireNonce: () => false },
      fapi: {
        enabled: true,
        profile: (_ctx, client) =>
          client !== undefined && declared(client.clientId)?.profile === 'fapi2' ? '2.0' : undefined,
      },
      // On by default in the library.
      resourceIndicators: { enabled: false },
      backchannelLogout: { enabled: false },
    },
    renderError: pages.error,
  };
}

/** The sector of a client without `sector_identifier`: the host of its redirect URIs (OpenID Connect Core §8.1). */
function hostOf(redirectUris: readonly string[] | undefined): string | undefined {
  const [first] = redirectUris ?? [];
  return first === undefined ? undefined : new URL(first).hostname;
}
