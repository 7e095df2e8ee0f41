/**
 * What each guide tells its tool, read from the tool's own configuration file, and the rule by which the tool lets
 * people in, as its documentation says that it reads it.
 */
import { parse } from 'yaml';
import { z } from 'zod';
import { guideFile } from './guides.ts';
import { keycloak } from './keycloak.ts';
import { readEnvironment, readIni, readOptions, readRuby, readToml, strings } from './readers.ts';
import { holds } from './tool-configuration.ts';
import type { ReadTool } from './tool-configuration.ts';

const synapse: ReadTool = async (addresses) => {
  const { oidc_providers } = z
    .object({
      oidc_providers: z.tuple([
        z.object({
          issuer: z.string(),
          client_id: z.string(),
          client_auth_method: z.string(),
          scopes: strings,
          user_profile_method: z.literal('userinfo_endpoint'),
          backchannel_logout_enabled: z.literal(true),
          attribute_requirements: z
            .array(z.strictObject({ attribute: z.string(), value: z.string() }))
            .min(1),
        }),
      ]),
    })
    .parse(parse(await guideFile('synapse/homeserver.yaml', addresses)));
  const [provider] = oidc_providers;
  return {
    clientId: provider.client_id,
    scope: provider.scopes.join(' '),
    authentication: provider.client_auth_method,
    // `pkce_method` is auto: S256 when the provider says that it knows it.
    pkce: true,
    endpoints: { issuer: provider.issuer },
    reads: 'userinfo',
    letsIn: (claims) =>
      provider.attribute_requirements.every(({ attribute, value }) => holds(claims[attribute], value)),
  };
};

const matrixAuthenticationService: ReadTool = async (addresses) => {
  const attribute = z.object({ action: z.string(), template: z.string() });
  const { upstream_oauth2 } = z
    .object({
      upstream_oauth2: z.object({
        providers: z.tuple([
          z.object({
            id: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
            issuer: z.string(),
            client_id: z.string(),
            token_endpoint_auth_method: z.string(),
            id_token_signed_response_alg: z.string(),
            scope: z.string(),
            pkce_method: z.literal('always'),
            fetch_userinfo: z.literal(true),
            claims_imports: z.object({ localpart: attribute, displayname: attribute, email: attribute }),
          }),
        ]),
      }),
    })
    .parse(parse(await guideFile('matrix-authentication-service/config.yaml', addresses)));
  const [provider] = upstream_oauth2.providers;
  const { localpart } = provider.claims_imports;
  const [, wanted = '', claim = ''] =
    /^\{% if '(\w+)' in user\.(\w+) %\}\{\{ [^}]+ \}\}\{% endif %\}$/.exec(localpart.template) ?? [];
  return {
    clientId: provider.client_id,
    redirectUri: `https://auth.matrix.example.org/upstream/callback/${provider.id}`,
    scope: provider.scope,
    authentication: provider.token_endpoint_auth_method,
    pkce: true,
    signingAlg: provider.id_token_signed_response_alg,
    endpoints: { issuer: provider.issuer },
    reads: 'userinfo',
    letsIn: (claims) => localpart.action === 'require' && wanted !== '' && holds(claims[claim], wanted),
  };
};

const nextcloud: ReadTool = async (addresses) => {
  const wished = { quota: null, name: null, email: null, groups: null };
  const options = readOptions(await guideFile('nextcloud/provider.sh', addresses));
  const [, pattern = ''] = /^\/(.+)\/$/.exec(options['group-whitelist-regex'] ?? '') ?? [];
  const enforced =
    options['group-provisioning'] === '1' &&
    options['group-restrict-login-to-whitelist'] === '1' &&
    pattern !== '';
  return {
    clientId: options['clientid'] ?? '',
    scope: options['scope'] ?? '',
    pkce: true,
    endpoints: {
      issuer: (options['discoveryuri'] ?? '').replace(/\/\.well-known\/openid-configuration$/, ''),
    },
    // By default, whether Maillon has these claims or not.
    parameters: { claims: JSON.stringify({ id_token: wished, userinfo: wished }) },
    reads: 'id_token',
    letsIn: (claims) =>
      enforced &&
      strings.parse(claims[options['mapping-groups'] ?? '']).some((group) => new RegExp(pattern).test(group)),
  };
};

const grafana: ReadTool = async (addresses) => {
  const { server = {}, 'auth.generic_oauth': oauth = {} } = readIni(
    await guideFile('grafana/grafana.ini', addresses),
  );
  // The one JMESPath expression of the guide, and no other.
  const [, claim = '', wanted = '', role = ''] =
    /^contains\((\w+)\[\*\], '(\w+)'\) && '(Viewer|Editor|Admin)'$/.exec(
      oauth['role_attribute_path'] ?? '',
    ) ?? [];
  return {
    clientId: oauth['client_id'] ?? '',
    redirectUri: `${server['root_url'] ?? ''}login/generic_oauth`,
    scope: oauth['scopes'] ?? '',
    authentication: oauth['auth_style'] === 'InHeader' ? 'client_secret_basic' : 'client_secret_post',
    pkce: oauth['use_pkce'] === 'true',
    endpoints: {
      authorization_endpoint: oauth['auth_url'] ?? '',
      token_endpoint: oauth['token_url'] ?? '',
      userinfo_endpoint: oauth['api_url'] ?? '',
    },
    reads: 'userinfo',
    letsIn: (claims) =>
      oauth['role_attribute_strict'] === 'true' && role !== '' && holds(claims[claim], wanted),
  };
};

const gitlab: ReadTool = async (addresses) => {
  const [provider] = z
    .tuple([
      z.object({
        name: z.literal('openid_connect'),
        args: z.object({
          scope: strings,
          response_type: z.literal('code'),
          issuer: z.string(),
          discovery: z.literal(true),
          client_auth_method: z.literal('basic'),
          pkce: z.boolean(),
          client_options: z.object({
            identifier: z.string(),
            redirect_uri: z.string(),
            gitlab: z.object({ groups_attribute: z.string(), required_groups: strings.min(1) }),
          }),
        }),
      }),
    ])
    .parse(readRuby(await guideFile('gitlab/gitlab.rb', addresses), 'omniauth_providers'));
  const { client_options: client, ...args } = provider.args;
  return {
    clientId: client.identifier,
    redirectUri: client.redirect_uri,
    scope: args.scope.join(' '),
    authentication: 'client_secret_basic',
    pkce: args.pkce,
    endpoints: { issuer: args.issuer },
    reads: 'userinfo',
    letsIn: (claims) =>
      client.gitlab.required_groups.some((group) => holds(claims[client.gitlab.groups_attribute], group)),
  };
};

const oauth2Proxy: ReadTool = async (addresses) => {
  const settings = z
    .object({
      provider: z.literal('oidc'),
      oidc_issuer_url: z.string(),
      client_id: z.string(),
      redirect_url: z.string(),
      scope: z.string(),
      code_challenge_method: z.literal('S256'),
      insecure_oidc_skip_nonce: z.literal(false),
      oidc_groups_claim: z.string(),
      allowed_groups: strings.min(1),
    })
    .parse(readToml(await guideFile('oauth2-proxy/oauth2-proxy.cfg', addresses)));
  return {
    clientId: settings.client_id,
    redirectUri: settings.redirect_url,
    scope: settings.scope,
    pkce: true,
    endpoints: { issuer: settings.oidc_issuer_url },
    reads: 'id_token',
    // An address that is said not to be verified is refused whatever the groups.
    letsIn: (claims) =>
      claims['email_verified'] !== false &&
      settings.allowed_groups.some((group) => holds(claims[settings.oidc_groups_claim], group)),
  };
};

const djangoLasuite: ReadTool = async (addresses) => {
  const settings = readEnvironment(await guideFile('django-lasuite/docs.env', addresses));
  return {
    clientId: settings['OIDC_RP_CLIENT_ID'] ?? '',
    scope: settings['OIDC_RP_SCOPES'] ?? '',
    // Its default, as is no PKCE.
    authentication: 'client_secret_post',
    pkce: false,
    signingAlg: settings['OIDC_RP_SIGN_ALGO'] ?? '',
    endpoints: {
      issuer: settings['OIDC_OP_URL'] ?? '',
      authorization_endpoint: settings['OIDC_OP_AUTHORIZATION_ENDPOINT'] ?? '',
      token_endpoint: settings['OIDC_OP_TOKEN_ENDPOINT'] ?? '',
      userinfo_endpoint: settings['OIDC_OP_USER_ENDPOINT'] ?? '',
      jwks_uri: settings['OIDC_OP_JWKS_ENDPOINT'] ?? '',
      end_session_endpoint: settings['OIDC_OP_LOGOUT_ENDPOINT'] ?? '',
    },
    reads: 'userinfo',
  };
};

/** By the folder of the guide. The two that are run have a file of tests of their own. */
export const tools: Readonly<Record<string, ReadTool>> = {
  'django-lasuite': djangoLasuite,
  synapse,
  'matrix-authentication-service': matrixAuthenticationService,
  nextcloud,
  grafana,
  gitlab,
  'oauth2-proxy': oauth2Proxy,
  keycloak,
};

export const runTools: readonly string[] = ['mod-auth-openidc', 'openid-client'];
