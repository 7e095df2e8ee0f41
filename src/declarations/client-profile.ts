import { z } from 'zod';

/**
 * What a client is like, in one word; each field that the client does not say takes the value of its profile.
 *
 * - `standard`: OpenID Connect as most tools speak it today, with what RFC 9700 asks (PKCE).
 * - `proconnect`: what tools written for ProConnect send and expect: the secret in the form, no PKCE, a signed userinfo,
 *   a refresh token without `offline_access`, `access_denied` for a level that cannot be had.
 * - `fapi2`: FAPI 2.0 Security Profile §5: pushed requests, PKCE, keys or certificates instead of secrets, tokens that
 *   only their client can use, and a refresh token that stays the same.
 */
export const profiles = ['standard', 'proconnect', 'fapi2'] as const;
export type Profile = (typeof profiles)[number];

const profileDefaults: Readonly<Record<Profile, Readonly<Record<string, unknown>>>> = {
  standard: {},
  proconnect: {
    token_endpoint_auth_method: 'client_secret_post',
    pkce: 'optional',
    refresh_token: 'always',
    userinfo_signed_response_alg: 'ES256',
  },
  fapi2: {
    token_endpoint_auth_method: 'private_key_jwt',
    require_pushed_authorization_requests: true,
    dpop_bound_access_tokens: true,
  },
};

const profileSchema = z.looseObject({ profile: z.enum(profiles).default('standard') });

/** The client as it is written, with what its profile says for it. Anything but a block of keys passes as it is. */
export function withProfileDefaults(written: unknown): unknown {
  const read = profileSchema.safeParse(written);
  if (!read.success) return written;
  const { profile } = read.data;
  const client: Record<string, unknown> = { ...profileDefaults[profile], ...read.data };
  // Userinfo is signed like the ID token when nothing else is said: most tools hold one algorithm for both.
  if (profile === 'proconnect' && !('userinfo_signed_response_alg' in read.data)) {
    client['userinfo_signed_response_alg'] = client['id_token_signed_response_alg'] ?? 'ES256';
  }
  // A token is bound to a key or to a certificate; saying the second is enough to leave the first.
  if (
    profile === 'fapi2' &&
    read.data['tls_client_certificate_bound_access_tokens'] === true &&
    !('dpop_bound_access_tokens' in read.data)
  ) {
    client['dpop_bound_access_tokens'] = false;
  }
  return client;
}
