import type { JWK } from 'jose';
import { z } from 'zod';

/** What the checks use of the discovery document; OpenID Connect Discovery §3 and RFC 8414 §2 name the members. */
const metadataSchema = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  userinfo_endpoint: z.url(),
  jwks_uri: z.url(),
  end_session_endpoint: z.url(),
  pushed_authorization_request_endpoint: z.url().optional(),
  scopes_supported: z.array(z.string()),
  acr_values_supported: z.array(z.string()).optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  grant_types_supported: z.array(z.string()),
  id_token_signing_alg_values_supported: z.array(z.string()),
  request_object_signing_alg_values_supported: z.array(z.string()).optional(),
  request_parameter_supported: z.boolean().optional(),
  request_uri_parameter_supported: z.boolean().optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});
export type Metadata = z.output<typeof metadataSchema>;
export const readMetadata = (document: unknown): Metadata => metadataSchema.parse(document);

const anyKey = z.looseObject({ kty: z.string() });
const jwkSchema = z.custom<JWK>((value) => anyKey.safeParse(value).success);
const keySetSchema = z.object({ keys: z.array(jwkSchema).min(1) });
export type KeySet = z.output<typeof keySetSchema>;
export const readKeySet = (document: unknown): KeySet => keySetSchema.parse(document);
