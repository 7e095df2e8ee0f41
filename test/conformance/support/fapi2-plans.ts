/**
 * Which modules the two FAPI 2.0 plans of the OpenID Foundation's suite run, in its order, for `fapi_profile=plain_fapi`
 * and `openid=openid_connect` (openid-certification/conformance-suite, `FAPI2MessageSigningFinalTestPlan.java` and
 * `FAPI2SPFinalTestPlan.java`). Every name begins with `fapi2-security-profile-final-`, in both plans.
 */
export interface Fapi2Variant {
  readonly authentication: 'private_key_jwt' | 'tls_client_auth';
  readonly binding: 'dpop' | 'mtls';
  readonly request: 'unsigned' | 'signed';
  readonly response: 'plain' | 'jarm';
}

/** What a variant must be like for the suite to run the module. */
const needs = {
  'discovery-end-point-verification': 'any',
  'happy-flow': 'any',
  'user-rejects-authentication': 'any',
  'ensure-request-object-with-multiple-aud-succeeds': 'signed',
  'ensure-authorization-request-without-state-success': 'any',
  'ensure-authorization-request-without-nonce-success': 'any',
  'ensure-request-object-with-64-char-nonce-success': 'any',
  'ensure-other-scope-order-succeeds': 'any',
  'test-claims-parameter-identity-claims': 'any',
  'access-token-type-header-case-sensitivity': 'any',
  'ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted': 'signed',
  'check-dpop-proof-nbf-exp': 'dpop',
  'ensure-dpopproof-with-iat-10seconds-before-succeeds': 'dpop',
  'ensure-dpopproof-with-iat-10seconds-after-succeeds': 'dpop',
  'ensure-mismatched-dpop-jkt-fails': 'dpop',
  'ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt': 'dpop',
  'ensure-token-endpoint-fails-with-mismatched-dpop-jkt': 'dpop',
  'ensure-dpopproof-at-par-endpoint-binding-success': 'dpop',
  'ensure-dpop-auth-code-binding-success': 'dpop',
  'ensure-different-nonce-inside-and-outside-request-object': 'any',
  'ensure-different-state-inside-and-outside-request-object': 'any',
  'ensure-request-object-with-long-nonce': 'any',
  'ensure-request-object-with-long-state': 'any',
  'ensure-request-object-without-exp-fails': 'signed',
  'ensure-request-object-without-nbf-fails': 'signed',
  'state-only-outside-request-object-not-used': 'any',
  'ensure-request-object-without-redirect-uri-fails': 'any',
  'ensure-expired-request-object-fails': 'signed',
  'ensure-request-object-with-bad-aud-fails': 'signed',
  'ensure-request-object-with-exp-over-60-fails': 'signed',
  'ensure-request-object-with-nbf-over-60-fails': 'signed',
  'ensure-signed-request-object-with-RS256-fails': 'signed',
  'ensure-request-object-signature-algorithm-is-not-none': 'signed',
  'ensure-request-object-with-invalid-signature-fails': 'signed',
  'ensure-matching-key-in-authorization-request': 'signed',
  'ensure-unsigned-request-at-par-endpoint-fails': 'signed',
  'plain-fapi-ensure-registered-redirect-uri': 'any',
  'ensure-unsigned-authorization-request-without-using-par-fails': 'any',
  'ensure-redirect-uri-in-authorization-request': 'any',
  'ensure-response-type-code-idtoken-fails': 'any',
  'ensure-response-type-token-fails': 'any',
  'ensure-client-id-in-token-endpoint': 'any',
  'ensure-holder-of-key-required': 'any',
  'ensure-authorization-code-is-bound-to-client': 'any',
  'attempt-reuse-authorization-code-after-one-second': 'any',
  'ensure-token-endpoint-fails-with-expired-auth-code': 'any',
  'ensure-signed-client-assertion-with-RS256-fails': 'private_key_jwt',
  'ensure-client-assertion-in-token-endpoint': 'private_key_jwt',
  'ensure-client-assertion-with-exp-is-5-minutes-in-past-fails': 'private_key_jwt',
  'ensure-client-assertion-with-wrong-aud-fails': 'private_key_jwt',
  'ensure-client-assertion-with-no-sub-fails': 'private_key_jwt',
  'dpop-negative-tests': 'dpop',
  'refresh-token': 'any',
  'par-ensure-reused-request-uri-prior-to-auth-completion-succeeds': 'any',
  'par-attempt-reuse-request_uri': 'any',
  'par-attempt-to-use-expired-request_uri': 'any',
  'par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted': 'private_key_jwt',
  'par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails': 'private_key_jwt',
  'par-attempt-to-use-request_uri-for-different-client': 'any',
  'par-authorization-request-containing-request_uri-form-param': 'any',
  'par-attempt-invalid-http-method': 'any',
  'par-ensure-pkce-required': 'any',
  'ensure-pkce-code-verifier-required': 'any',
  'incorrect-pkce-code-verifier-rejected': 'any',
  'par-plain-pkce-rejected': 'any',
  'par-authorization-request-containing-request_uri': 'signed',
  'par-without-duplicate-parameters': 'any',
  'par-test-array-as-audience-fails': 'private_key_jwt',
  'par-test-par-endpoint-url-as-audience-fails': 'private_key_jwt',
  'par-test-token-endpoint-url-as-audience-fails': 'private_key_jwt',
} as const;
export type Fapi2Module = keyof typeof needs;
export type Need = (typeof needs)[Fapi2Module];

/** Plan `fapi2-message-signing-final-test-plan`, every variant together. */
const messageSigningPlan: readonly (readonly [string, Need])[] = Object.entries(needs);

const satisfies: Readonly<Record<Need, (variant: Fapi2Variant) => boolean>> = {
  any: () => true,
  signed: ({ request }) => request === 'signed',
  dpop: ({ binding }) => binding === 'dpop',
  private_key_jwt: ({ authentication }) => authentication === 'private_key_jwt',
};

/** Plan `fapi2-security-profile-final-test-plan` when requests are unsigned and responses plain; else the other. */
export function fapi2Plan<Value>(
  variant: Fapi2Variant,
  modules: Readonly<Record<Fapi2Module, Value>>,
): readonly (readonly [string, Value])[] {
  const all: Readonly<Record<string, Value>> = modules;
  return messageSigningPlan.flatMap(([name, need]): [string, Value][] => {
    const module = all[name];
    return module !== undefined && satisfies[need](variant) ? [[name, module]] : [];
  });
}
