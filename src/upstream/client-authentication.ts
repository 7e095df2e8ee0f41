import { createPrivateKey } from 'node:crypto';
import * as oidc from 'openid-client';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { KeySet, SigningAlgorithm } from '../keys/keys.ts';

/** As the Web Cryptography API names them. */
const signatures = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
} as const satisfies Readonly<Record<SigningAlgorithm, object>>;

/**
 * How we say at the IdP who we are. `private_key_jwt` (OpenID Connect Core §9, RFC 7523 §3) is signed at each request, with
 * the key of that moment, whose public half `/jwks` publishes: for the issuer and nobody else (CVE-2025-27370), for a
 * minute, under a name of its own.
 *
 * @throws BrokerError M-UPST-002 when the secret of the record cannot be read
 */
export function clientAuthentication(
  idp: IdentityProvider,
  secret: string | undefined,
  keys: () => Pick<KeySet, 'signingKey'>,
): oidc.ClientAuth {
  const method = idp.token_endpoint_auth_method;
  if (method === 'none') return oidc.None();
  if (method === 'private_key_jwt') {
    return (...request) => {
      const { kid, alg, jwk } = keys().signingKey(idp.token_endpoint_auth_signing_alg ?? 'ES256');
      const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' }).toCryptoKey(signatures[alg], false, [
        'sign',
      ]);
      const named = {
        // The library would say Ed25519 (RFC 9864), and records and `/jwks` say EdDSA.
        [oidc.modifyAssertion]: (header: Record<string, unknown>) => {
          header['alg'] = alg;
        },
      };
      // Its type does not say that it has to be waited for.
      const authenticate: (...sent: typeof request) => unknown = oidc.PrivateKeyJwt({ key, kid }, named);
      return authenticate(...request);
    };
  }
  if (secret !== undefined) {
    return method === 'client_secret_basic' ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret);
  }
  throw new BrokerError('M-UPST-002', {
    detail: `${idp.id}: no secret for ${method}`,
    values: { idp: idp.name },
  });
}
