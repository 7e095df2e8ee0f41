import type { Client } from './client.ts';

/**
 * Members of a client with the same name and meaning for us, for RFC 7591 §2 and the specification behind each, and for
 * the library. Tools that register themselves may say each of them: what is an operator's to say is not in here.
 */
export const standardMembers = [
  'client_name',
  'application_type',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'jwks_uri',
  // RFC 8705 §2.1.2, §3.4.
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
  'tls_client_certificate_bound_access_tokens',
  // RFC 9449 §5.2, RFC 9126 §6, RFC 9101 §10.5.
  'dpop_bound_access_tokens',
  'require_pushed_authorization_requests',
  'require_signed_request_object',
  // OpenID Connect Dynamic Client Registration §2.
  'request_object_signing_alg',
  'initiate_login_uri',
  'default_max_age',
  'require_auth_time',
  'subject_type',
  'id_token_signed_response_alg',
  'id_token_encrypted_response_alg',
  'id_token_encrypted_response_enc',
  'userinfo_signed_response_alg',
  'userinfo_encrypted_response_alg',
  'userinfo_encrypted_response_enc',
  // JARM §3.
  'authorization_signed_response_alg',
  'authorization_encrypted_response_alg',
  'authorization_encrypted_response_enc',
  // RFC 9701 §6.
  'introspection_signed_response_alg',
  'introspection_encrypted_response_alg',
  'introspection_encrypted_response_enc',
  // OpenID Connect Back-Channel Logout §2.2.
  'backchannel_logout_uri',
] as const satisfies readonly (keyof Client)[];
