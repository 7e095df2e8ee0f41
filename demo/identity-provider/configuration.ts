import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { interactionPolicy } from 'oidc-provider';
import type { Account, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { DemoPerson } from '../people.ts';
import { essentialAcrCheck } from './assurance.ts';
import { createMemoryAdapter } from './memory-adapter.ts';
import { askBeforeSignOut, showRefusal, showSignedOut } from './sign-out.ts';

/** A broker that may send people to the demo identity provider. */
export interface DemoIdpClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris?: readonly string[];
  /** Shown on the sign-in page; the client id when absent. */
  readonly client_name?: string;
  /** Absent: userinfo is plain JSON. */
  readonly userinfo_signed_response_alg?: 'ES256';
  /** Give refresh tokens, which end with the session. Default: none. */
  readonly refresh_tokens?: boolean;
}

/**
 * Names that differ from those of the other servers: cookies ignore ports, so everything on `localhost` shares one jar.
 */
export const cookieNames = {
  session: 'demo_idp_session',
  interaction: 'demo_idp_interaction',
  resume: 'demo_idp_resume',
} as const;

const hour = 3600;

const accountOf = (person: DemoPerson): Account => ({
  accountId: person.sub,
  claims: () => ({
    ...person.standard,
    sub: person.sub,
    uid: person.uid,
    given_name: person.given_name,
    usual_name: person.usual_name,
    family_name: person.usual_name,
    name: `${person.given_name} ${person.usual_name}`,
    email: person.email,
    email_verified: true,
    siret: person.siret,
    phone_number: person.phone_number,
  }),
});

/** The address announced by the client is not that of the person whose session is open: ask who is there. */
const announcedPersonDiffers =
  (people: readonly DemoPerson[]) =>
  (ctx: KoaContextWithOIDC): boolean => {
    const hint = ctx.oidc.params?.['login_hint'];
    const signedIn = people.find((person) => person.sub === ctx.oidc.session?.accountId);
    if (typeof hint !== 'string' || signedIn === undefined || ctx.oidc.result?.login !== undefined)
      return false;
    return signedIn.email !== hint.trim().toLowerCase();
  };

const signInPolicy = (people: readonly DemoPerson[]): interactionPolicy.DefaultPolicy => {
  const policy = interactionPolicy.base();
  const checks = policy.get('login')?.checks;
  checks?.remove('essential_acr');
  checks?.remove('essential_acrs');
  checks?.add(essentialAcrCheck());
  checks?.add(
    new interactionPolicy.Check(
      'announced_person_differs',
      'the person signed in is not the one announced',
      'login_required',
      announcedPersonDiffers(people),
    ),
  );
  return policy;
};

/** Everything is granted: the client is the broker, and the person is told on the sign-in page where they go. */
const grantEverythingAsked = async (ctx: KoaContextWithOIDC) => {
  const { account, client, provider, session, requestParamOIDCScopes, requestParamClaims } = ctx.oidc;
  if (account === undefined || client === undefined) return undefined;
  const known = session?.grantIdFor(client.clientId);
  const existing = known === undefined ? undefined : await provider.Grant.find(known);
  const grant =
    existing?.accountId === account.accountId
      ? existing
      : new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '));
  grant.addOIDCClaims(requestParamClaims);
  await grant.save();
  return grant;
};

const signingKey = async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = `demo-idp-${randomBytes(4).toString('hex')}`;
  return { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' };
};

/** @param name what the pages call this identity provider */
export const demoIdpConfiguration = async (options: {
  readonly clients: readonly DemoIdpClient[];
  readonly people: readonly DemoPerson[];
  readonly name: string;
}): Promise<Configuration> => ({
  adapter: createMemoryAdapter(),
  clients: options.clients.map((client) => ({
    client_id: client.client_id,
    client_secret: client.client_secret,
    client_name: client.client_name ?? client.client_id,
    redirect_uris: [...client.redirect_uris],
    post_logout_redirect_uris: [...(client.post_logout_redirect_uris ?? [])],
    id_token_signed_response_alg: 'ES256',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types:
      client.refresh_tokens === true ? ['authorization_code', 'refresh_token'] : ['authorization_code'],
    response_types: ['code'],
    ...(client.userinfo_signed_response_alg && {
      userinfo_signed_response_alg: client.userinfo_signed_response_alg,
    }),
  })),
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  jwks: { keys: [await signingKey()] },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'], userinfoSigningAlgValues: ['ES256'] },
  responseTypes: ['code'],
  pkce: { required: () => true },
  scopes: ['openid', 'given_name', 'usual_name', 'email', 'uid', 'siret', 'phone', 'profile'],
  claims: {
    openid: ['sub', 'acr', 'amr', 'auth_time'],
    given_name: ['given_name'],
    usual_name: ['usual_name'],
    email: ['email', 'email_verified'],
    uid: ['uid'],
    siret: ['siret'],
    phone: ['phone_number', 'phone_number_verified'],
    profile: [
      ...['name', 'given_name', 'family_name', 'usual_name', 'middle_name', 'nickname'],
      ...['profile', 'picture', 'website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at'],
    ],
  },
  acrValues: ['eidas1', 'eidas1-mfa'],
  subjectTypes: ['public'],
  findAccount: (_ctx, sub) => {
    const person = options.people.find((candidate) => candidate.sub === sub);
    return person === undefined ? undefined : accountOf(person);
  },
  loadExistingGrant: grantEverythingAsked,
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  interactions: {
    url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
    policy: signInPolicy(options.people),
  },
  clientBasedCORS: () => false,
  features: {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    resourceIndicators: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    claimsParameter: { enabled: true },
    userinfo: { enabled: true },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => askBeforeSignOut(ctx, form, options.name),
      postLogoutSuccessSource: (ctx) => showSignedOut(ctx, options.name),
    },
  },
  renderError: (ctx, out) => showRefusal(ctx, out, options.name),
  routes: { authorization: '/authorize', token: '/token', userinfo: '/userinfo', jwks: '/jwks' },
  cookies: {
    names: cookieNames,
    keys: [randomBytes(32).toString('hex')],
    long: { httpOnly: true, sameSite: 'lax', signed: true },
    short: { httpOnly: true, sameSite: 'lax', signed: true },
  },
  ttl: {
    AccessToken: () => hour,
    AuthorizationCode: () => 60,
    Grant: () => 12 * hour,
    IdToken: () => hour,
    Interaction: () => hour,
    RefreshToken: () => 12 * hour,
    Session: () => 12 * hour,
  },
});
