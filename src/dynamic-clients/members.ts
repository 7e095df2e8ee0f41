import { standardMembers } from '../declarations/declarations.ts';
import type { Client } from '../declarations/declarations.ts';

/**
 * What a tool may say of itself. Whatever is in none of these lists is ignored, as RFC 7591 §2 wants: members that we do
 * not know, and those that only a declaration may set (`service`, `enforcement`, `profile`, `pkce`, `introspects`…).
 */

/** Same name and meaning for us and for RFC 7591 §2 and the specification behind each; kept and answered as they are. */
export const sameMembers = [
  ...standardMembers,
  'backchannel_logout_session_required',
] as const satisfies readonly (keyof Client)[];

/** Lists of texts: kept and answered without what comes twice. */
export const listMembers = [
  'redirect_uris',
  'post_logout_redirect_uris',
  'response_modes',
] as const satisfies readonly (keyof Client)[];

/** The longest of the lists that a tool gives: addresses, keys. */
export const longestList = 20;

/** Pages for people, checked even where nothing shows them: who reads the answer elsewhere must not be trapped. */
export const pageMembers: readonly string[] = ['client_uri', 'logo_uri', 'tos_uri', 'policy_uri'];

/** Ignoring these would have a tool believe in something that does not happen. Member → why not. */
export const refusedMembers: Readonly<Record<string, string>> = {
  sector_identifier_uri:
    'is not supported: with redirect_uris on one host leave it out, with several ask for subject_type public',
  request_object_encryption_alg: 'is not supported: request objects are signed, not encrypted',
  request_object_encryption_enc: 'is not supported: request objects are signed, not encrypted',
};

/** RFC 7517 §4 and RFC 7518 §6: the public members of a key that serve here. */
export const publicKeyMembers: readonly string[] = [
  'kty',
  'kid',
  'use',
  'alg',
  'crv',
  'x',
  'y',
  'n',
  'e',
  'x5c',
];

/** RFC 7518 §6.2.2, §6.3.2, §6.4.1: a key that came with one of them is no secret of the tool any more. */
export const privateKeyMembers: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** What is asked for when nothing is: data of the person and of the organization, at least (domain reference §6.3). */
export const defaultScope = 'openid email given_name usual_name siret eligibility';

/** What an initial access token allows unless its operator says otherwise: the same, and what goes with it. */
export const mostScope = 'openid offline_access profile email given_name usual_name siret eligibility';

/** RFC 7592 §2.2: the server's own, which an update must not carry. */
export const serverMembers: readonly string[] = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];
