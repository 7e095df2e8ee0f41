import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';

/** What the tool shows, and answers at `session.json`, when the sign-in did not succeed. */
export interface BrokerError {
  readonly error: string;
  readonly error_description: string | undefined;
  readonly error_uri: string | undefined;
  /**
   * `broker`: the broker said no (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1). `invalid_answer`: it answered something
   * that fails a check. `unreachable`: it did not answer.
   */
  readonly from: 'broker' | 'invalid_answer' | 'unreachable';
}

const said = (error: string, description?: string, uri?: string): BrokerError => ({
  error,
  error_description: description,
  error_uri: uri,
  from: 'broker',
});

const networkCodes: readonly string[] = ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM'];

const isNetworkFailure = (error: unknown): boolean =>
  (error instanceof ClientError && networkCodes.includes(error.code ?? '')) ||
  // What fetch throws when nobody listens.
  (error instanceof TypeError && error.message === 'fetch failed') ||
  (error instanceof DOMException && error.name === 'TimeoutError');

/** Undefined: not an answer of the broker nor of the network, hence a mistake of ours. */
export const toBrokerError = (error: unknown): BrokerError | undefined => {
  if (error instanceof AuthorizationResponseError) {
    return said(error.error, error.error_description, error.cause.get('error_uri') ?? undefined);
  }
  if (error instanceof ResponseBodyError) return said(error.error, error.error_description);
  if (error instanceof WWWAuthenticateChallengeError) {
    const parameters = error.cause[0]?.parameters;
    return said(parameters?.['error'] ?? 'invalid_token', parameters?.['error_description']);
  }
  if (isNetworkFailure(error)) {
    return {
      error: 'temporarily_unavailable',
      error_description: undefined,
      error_uri: undefined,
      from: 'unreachable',
    };
  }
  if (error instanceof ClientError || error instanceof InvalidAnswer) {
    return {
      error: 'invalid_answer',
      error_description: error.message,
      error_uri: undefined,
      from: 'invalid_answer',
    };
  }
  return undefined;
};

/** A check of this tool, beyond those of openid-client. */
export class InvalidAnswer extends Error {}
