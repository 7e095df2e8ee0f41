export interface ErrorText {
  /** The `h1` of the page: what happened, in one short sentence. */
  readonly title: string;
  /** Why, in plain words. */
  readonly why: string;
  /** What to do now: one sentence each. */
  readonly todo: readonly string[];
}

export interface ErrorEntry {
  /** HTTP status of our own page or answer. */
  readonly status: number;
  /** `error` given to the relying party when the person goes back to it (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6). */
  readonly oauthError: string;
  readonly fr: ErrorText;
  readonly en: ErrorText;
  /** For the operator: what to look at. */
  readonly hint: string;
}

/**
 * One language of one entry. The texts may name `{{service}}`, `{{idp}}`, `{{email}}`, `{{domain}}` and
 * `{{organization}}` (“your association”): `http/` fills them, with a general word where nothing is known.
 */
export const text = (title: string, why: string, ...todo: readonly string[]): ErrorText => ({
  title,
  why,
  todo,
});

export const entry = (
  status: number,
  oauthError: string,
  hint: string,
  fr: ErrorText,
  en: ErrorText,
): ErrorEntry => ({ status, oauthError, hint, fr, en });
