/** RFC 7591 §3.2.2; the others are those of RFC 6750 §3.1, for what is wrong before any metadata is read. */
export type RegistrationErrorCode =
  'invalid_client_metadata' | 'invalid_redirect_uri' | 'invalid_request' | 'invalid_token';

/** A refusal that goes to the one who asked, as JSON. It never repeats what they sent. */
export class RegistrationError extends Error {
  readonly code: RegistrationErrorCode;
  readonly status: number;

  /** @param description for the developer of the tool: which member, and what is wrong with it */
  constructor(
    code: RegistrationErrorCode,
    description: string,
    status = code === 'invalid_token' ? 401 : 400,
  ) {
    super(description);
    this.name = 'RegistrationError';
    this.code = code;
    this.status = status;
  }
}

/** No token at all: RFC 6750 §3.1 wants a challenge without an error. */
export class TokenMissing extends Error {}
