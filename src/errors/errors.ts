/**
 * errors/: the one error of the house.
 *
 * What it does: `BrokerError` carries a code of a closed union. The catalogue (`catalogue.ts`) says for each code
 * the HTTP status, the OAuth error that a relying party may receive, what the user reads (French and English) and
 * what the operator should look at. `docs/errors.md` is generated from it.
 *
 * Flow: any room throws `new BrokerError(code, { cause, detail })`; `http/` turns it into a page or a JSON answer
 * that shows the code and a unique id, and logs `detail` and `cause`, which never leave the server.
 *
 * May import: nothing of the house.
 */
import { catalogue } from './catalogue.ts';
import type { ErrorCode, ErrorEntry } from './catalogue.ts';

export type { ErrorCode, ErrorEntry };
export { catalogue };

export interface BrokerErrorOptions {
  /** For the log only: which value, which file, which peer. Never shown to the user. */
  readonly detail?: string;
  readonly cause?: unknown;
  /** What the texts of the catalogue interpolate: `{{idp}}`, `{{service}}`, `{{email}}`… */
  readonly values?: Readonly<Record<string, string>>;
  /** When to come back: whole seconds, the Retry-After of the answer (RFC 9110 §10.2.3). */
  readonly retryAfterSeconds?: number;
}

export class BrokerError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly values: Readonly<Record<string, string>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: BrokerErrorOptions = {}) {
    super(options.detail === undefined ? code : `${code}: ${options.detail}`, { cause: options.cause });
    this.name = 'BrokerError';
    this.code = code;
    this.detail = options.detail;
    this.values = options.values ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** What the libraries read (koa, oidc-provider) when one of ours passes through their own error handling. */
  get statusCode(): number {
    return this.entry.status;
  }

  get entry(): ErrorEntry {
    return catalogue[this.code];
  }
}
