import type { AdapterFactory, Configuration, ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { supportedScopes } from '../declarations/declarations.ts';
import type { Client, IdentityProvider, Snapshot } from '../declarations/declarations.ts';
import type { GuardedFetch } from '../http/http.ts';
import { acrValues } from '../eligibility/eligibility.ts';
import type { KeySet } from '../keys/keys.ts';
import { accessTokenClaims } from './tokens/access-token-claims.ts';
import type { Accounts } from './account.ts';
import { enabledAlgorithms } from './algorithms.ts';
import { claimsByScope } from './claims.ts';
import { assertClaimsParameter } from './requests/claims-parameter.ts';
import { assertClientAssertion } from './clients/client-assertion.ts';
import { createCookieSigner } from './cookie-signature.ts';
import { errorFormat } from './error-format.ts';
import { discoveryExtension } from './metadata/discovery.ts';
import type { createLoadGrant } from './grants.ts';
import { mayIntrospect } from './tokens/introspection.ts';
import type { FormPost } from './library.ts';
import { assertIdpHint, assertSiretHint } from './requests/hints.ts';
import { tokenLifetimes } from './lifetimes.ts';
import { mutualTls } from './clients/mutual-tls.ts';
import type { ClientCertificateSource } from './clients/mutual-tls.ts';
import type { interactionPrompts } from './requests/prompts.ts';
import { assertProofIsOfNow } from './tokens/proof-time.ts';
import { rotates } from './tokens/refresh-rotation.ts';
import {
  assertFapiRequestObjectAlgorithm,
  assertRequestObjectSubject,
  assertRequestObjectTimes,
} from './requests/request-object.ts';
import { resourceServerFor } from './tokens/resource-servers.ts';
import { assertStrict } from './requests/strict-request.ts';
import { createPairwise } from './subject.ts';

/** Pages that the library asks for; `interaction/` and `http/` draw them. */
export interface ProviderPages {
  readonly error: (ctx: KoaContextWithOIDC, out: ErrorOut, error: Error) => Promise<void>;
  /** @param asked whether the tool proved that it signs out this very person, so that nobody else has to be asked */
  readonly logout: (ctx: KoaContextWithOIDC, asked: boolean) => Promise<void>;
  readonly loggedOut: (ctx: KoaContextWithOIDC) => Promise<void>;
  /** `response_mode=form_post`: the browser carries the answer to the tool in a form. */
  readonly formPost: (ctx: KoaContextWithOIDC, form: FormPost) => void;
}

export interface ConfigurationNeeds {
  /** Whether the issuer is https: cookies are then Secure, with the prefixes of RFC 6265bis §4.1.3. */
  readonly secure: boolean;
  /** Without a trailing slash. */
  readonly issuer: string;
  readonly issuerPath: string;
  readonly dynamicRegistration: boolean;
  readonly cookieKeys: readonly string[];
  readonly keys: KeySet;
  readonly adapter: AdapterFactory;
  /** Carries out what the request has put off in the ephemeral store; rejects when the code was redeemed meanwhile. */
  readonly settleWrites: () => Promise<void>;
  readonly accounts: Accounts;
  readonly loadGrant: ReturnType<typeof createLoadGrant>;
  readonly policy: ReturnType<typeof interactionPrompts>;
  readonly declared: (clientId: string) => Client | undefined;
  readonly snapshot: () => Snapshot;
  readonly identityProvider: (id: string) => IdentityProvider | undefined;
  readonly pages: ProviderPages;
  /** For whatever the library fetches by itself: guarded. */
  readonly fetch: GuardedFetch;
  readonly clientCertificate: ClientCertificateSource | undefined;
  readonly clock: () => Date;
}

/** Every option whose default is a trap is set here by name (reference on the library, §1.1). */
export function providerConfiguration(needs: ConfigurationNeeds): Configuration {
  const { secure, issuerPath, keys, accounts, declared, pages } = needs;
  const certificates = mutualTls(needs.clientCertificate, needs.clock);
  const cookie = { httpOnly: true, sameSite: 'lax', secure, signed: true } as const;
  const pairwise = createPairwise(keys.pairwiseSalt, declared);
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
    // These run last, at /authorize and at /par, whether the parameter is there or not.
    extraParams: {
      idp_hint: (ctx, hint, client) => {
        const known = declared(client.clientId);
        if (known?.strict === true) assertStrict(ctx);
        assertIdpHint(hint, known, needs.identityProvider, ctx.oidc.params?.login_hint);
      },
      siret_hint: (_ctx, hint, client) => assertSiretHint(hint, declared(client.clientId)),
    },
    acrValues: [...acrValues],
    discovery: discoveryExtension(needs.issuer, needs.dynamicRegistration),
    // False hands every granted claim to the ID token; `account.ts` decides there what each client gets in it.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    subjectTypes: ['pairwise', 'public'],
    sectorIdentifierUriValidate: () => false,
    pairwiseIdentifier: (_ctx, accountId, client) => pairwise(accountId, client),
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'none',
      ...certificates.methods,
    ],
    assertJwtClientAuthClaimsAndHeader: ({ oidc }, claims, header, client) =>
      assertClientAssertion(claims, {
        now: needs.clock(),
        issuer: needs.issuer,
        endpoints: [...oidc.clientJwtAuthExpectedAudience()],
        audience: declared(client.clientId)?.assertion_audience ?? 'issuer',
        fapi: declared(client.clientId)?.profile === 'fapi2',
        alg: header['alg'],
      }),
    fetch: (input, init) => needs.fetch(input instanceof Request ? input.url : input, init),
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
    rotateRefreshToken: ({ oidc }) => rotates(oidc),
    expiresWithSession: (_ctx, source) => !source.scopes.has('offline_access'),
    extraTokenClaims: (ctx, token) => {
      const bearer = accounts.bearerOfTokens(ctx);
      const isJwt = token.resourceServer?.accessTokenFormat === 'jwt';
      return isJwt && bearer !== undefined ? accessTokenClaims(bearer) : undefined;
    },
    // A JWT is written nowhere: what it is given for is consumed before it is signed.
    formats: { customizers: { jwt: needs.settleWrites } },
    // Whichever token of a family is revoked, the family is (RFC 7009 §2.1); the library would spare the grant of an
    // access token, and a refresh under way would survive.
    revokeGrantPolicy: () => true,
    ttl: tokenLifetimes((ctx) => accounts.bearerOfTokens(ctx)?.access, needs.clock),
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
      claimsParameter: {
        enabled: true,
        assertClaimsParameter: (ctx, claims) => assertClaimsParameter(claims, ctx.oidc.params?.['claims']),
      },
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
          mayIntrospect(needs.snapshot(), client.clientId, token) &&
          'accountId' in token &&
          (await accounts.find(ctx, token.accountId, token)) !== undefined,
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx) => pages.logout(ctx, hintIsOfThisPerson(ctx)),
        postLogoutSuccessSource: pages.loggedOut,
      },
      mTLS: certificates.feature,
      encryption: { enabled: true },
      requestObjects: {
        enabled: true,
        assertJwtClaimsAndHeader: ({ oidc }, claims, header, { clientId }) => {
          const fapi = oidc.isFapi('2.0') !== undefined;
          if (fapi) assertFapiRequestObjectAlgorithm(header['alg']);
          assertRequestObjectTimes(claims, { now: needs.clock(), fapi });
          assertRequestObjectSubject(claims, clientId);
        },
      },
      jwtResponseModes: { enabled: true },
      jwtIntrospection: { enabled: true },
      dPoP: {
        enabled: true,
        nonceSecret: keys.dpopNonceSecret,
        // The only look at a proof that the library gives us.
        requireNonce: (ctx) => {
          assertProofIsOfNow(ctx, needs.clock());
          return false;
        },
      },
      fapi: {
        enabled: true,
        // Also asked before any client is known, when the types say otherwise.
        profile: ({ oidc }) =>
          declared(oidc.client?.clientId ?? '')?.profile === 'fapi2' ? '2.0' : undefined,
      },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, resource, client) =>
          resourceServerFor(needs.snapshot(), resource, client.clientId),
        // Without `resource` a token is for userinfo, and several are never narrowed to one by us (RFC 8707 §2.2).
        defaultResource: (_ctx, _client, oneOf) => oneOf,
        useGrantedResource: () => false,
      },
      // The delivery is ours (library.ts, queueLogouts).
      backchannelLogout: { enabled: true },
    },
    renderError: errorFormat(pages.error),
  };
}
