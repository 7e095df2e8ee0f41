import { z } from 'zod';
import { guideFile } from './guides.ts';
import { holds } from './tool-configuration.ts';
import type { ReadTool } from './tool-configuration.ts';

/** A realm in the format of Keycloak's import: the identity provider, its mapper, and the flow that denies. */
export const keycloak: ReadTool = async (addresses) => {
  const realm = z
    .object({
      realm: z.string(),
      roles: z.object({ realm: z.array(z.object({ name: z.string() })) }),
      identityProviders: z.tuple([
        z.object({
          alias: z.string(),
          postBrokerLoginFlowAlias: z.string(),
          config: z.record(z.string(), z.string()),
        }),
      ]),
      identityProviderMappers: z.tuple([z.object({ config: z.record(z.string(), z.string()) })]),
      authenticationFlows: z.array(
        z.object({
          alias: z.string(),
          authenticationExecutions: z.array(
            z.object({
              authenticator: z.string().optional(),
              authenticatorConfig: z.string().optional(),
              flowAlias: z.string().optional(),
              requirement: z.enum(['REQUIRED', 'CONDITIONAL']),
            }),
          ),
        }),
      ),
      authenticatorConfig: z.array(z.object({ alias: z.string(), config: z.record(z.string(), z.string()) })),
    })
    .parse(JSON.parse(await guideFile('keycloak/realm.json', addresses)));
  const [{ config, alias, postBrokerLoginFlowAlias }] = realm.identityProviders;
  const [{ config: mapper }] = realm.identityProviderMappers;
  const wanted = z
    .array(z.object({ key: z.string(), value: z.string() }))
    .min(1)
    .parse(JSON.parse(mapper['claims'] ?? ''));
  const executionsOf = (flow: string | undefined) =>
    realm.authenticationFlows.find((one) => one.alias === flow)?.authenticationExecutions ?? [];
  const [inner] = executionsOf(postBrokerLoginFlowAlias);
  const [condition, denial] = executionsOf(inner?.flowAlias);
  const conditionConfig = realm.authenticatorConfig.find(
    (one) => one.alias === condition?.authenticatorConfig,
  )?.config;
  const deniesWithoutRole =
    inner?.requirement === 'CONDITIONAL' &&
    condition?.authenticator === 'conditional-user-role' &&
    conditionConfig?.['negate'] === 'true' &&
    conditionConfig['condUserRole'] === mapper['role'] &&
    denial?.authenticator === 'deny-access-authenticator' &&
    realm.roles.realm.some(({ name }) => name === mapper['role']);
  return {
    clientId: config['clientId'] ?? '',
    redirectUri: `https://sso.example.org/realms/${realm.realm}/broker/${alias}/endpoint`,
    scope: config['defaultScope'] ?? '',
    authentication: config['clientAuthMethod'] ?? '',
    pkce: config['pkceEnabled'] === 'true' && config['pkceMethod'] === 'S256',
    endpoints: {
      issuer: config['issuer'] ?? '',
      authorization_endpoint: config['authorizationUrl'] ?? '',
      token_endpoint: config['tokenUrl'] ?? '',
      userinfo_endpoint: config['userInfoUrl'] ?? '',
      end_session_endpoint: config['logoutUrl'] ?? '',
      jwks_uri: config['jwksUrl'] ?? '',
    },
    reads: 'userinfo',
    letsIn: (claims) => deniesWithoutRole && wanted.every(({ key, value }) => holds(claims[key], value)),
  };
};
