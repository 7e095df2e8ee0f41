import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { attemptLifetime } from './attempt.ts';
import type { SealedAttempt } from './attempt.ts';
import type { Connection } from './connection.ts';
import { oneLine } from './failures.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';

/** An authorization response (OpenID Connect Core §3.1.2.5) for an attempt whose cookie we could read. */
export interface Callback {
  readonly parameters: URLSearchParams;
  readonly attempt: SealedAttempt;
  /** The IdP of the path; its name there alone when none of this name is declared, or is any more. */
  readonly path: IdentityProvider | string;
  readonly now: Date;
}

interface Rule<Input> {
  readonly rule: string;
  readonly code: ErrorCode;
  readonly broken: (input: Input) => boolean;
}

/** Before anybody is asked anything. In order: the first broken rule refuses. */
const attemptRules: readonly Rule<Callback & { readonly state: string }>[] = [
  {
    rule: 'the state is the one of the attempt (RFC 6749 §10.12)',
    code: 'M-UPST-004',
    broken: ({ attempt, state }) => attempt.state !== state,
  },
  {
    rule: 'the IdP that answers is the one that was asked: one redirect URI each (RFC 9700 §4.4.2)',
    code: 'M-UPST-005',
    // Whatever the other path is of: an answer that depended on it would tell who is declared, and hidden.
    broken: ({ attempt, path }) => idOf(path) !== attempt.idpId,
  },
  {
    rule: 'the attempt is not too old',
    code: 'M-UPST-004',
    broken: ({ attempt, now }) => now.getTime() - attempt.startedAt.getTime() >= attemptLifetime * 1000,
  },
  {
    rule: 'the IdP is still declared and enabled (CVE-2026-2603: disabled on the page, open at the callback)',
    code: 'M-UPST-014',
    broken: ({ path }) => typeof path === 'string' || !path.enabled,
  },
  {
    rule: 'a code is printable ASCII, and not endless (RFC 6749 A.11): whatever the browser brings goes no further',
    code: 'M-UPST-002',
    broken: ({ parameters }) => parameters.getAll('code').some((code) => !/^[\x20-\x7e]{1,2048}$/.test(code)),
  },
];

/** Once the IdP is known and the attempt is ours alone. */
const answerRules: readonly Rule<{
  readonly parameters: URLSearchParams;
  readonly idp: IdentityProvider;
  readonly connection: Connection;
}>[] = [
  {
    rule: 'iss is the issuer, and is there when the IdP promises it (RFC 9207 §2.4)',
    code: 'M-UPST-007',
    broken: ({ parameters, idp, connection }) => {
      const iss = parameters.getAll('iss');
      return iss.length === 0 ? connection.promisesIss : iss.length > 1 || iss[0] !== idp.issuer;
    },
  },
  {
    rule: 'the person did not cancel (RFC 6749 §4.1.2.1)',
    code: 'M-UPST-003',
    broken: ({ parameters }) => parameters.get('error') === 'access_denied',
  },
  {
    rule: 'the person reached the level that was demanded (OpenID Connect Core Error Code unmet_authentication_requirements §2)',
    code: 'M-UPST-015',
    broken: ({ parameters }) => parameters.get('error') === 'unmet_authentication_requirements',
  },
  {
    rule: 'the answer is not an error',
    code: 'M-UPST-002',
    broken: ({ parameters }) => parameters.has('error'),
  },
  {
    rule: 'nothing but a code comes through the browser: no token, and no signed response that nobody asked for',
    code: 'M-UPST-002',
    broken: ({ parameters }) => ['response', 'id_token', 'access_token'].some((name) => parameters.has(name)),
  },
  {
    rule: 'there is one code',
    code: 'M-UPST-002',
    broken: ({ parameters }) => parameters.getAll('code').length !== 1,
  },
];

/** @returns the state of an answer; undefined when there is none, several, or an empty one */
export function stateOf(parameters: URLSearchParams): string | undefined {
  const [state, ...others] = parameters.getAll('state');
  return state === undefined || state === '' || others.length > 0 ? undefined : state;
}

/** @throws BrokerError M-UPST-004, M-UPST-005, M-UPST-014, M-UPST-002 */
export function checkAttempt(callback: Callback, state: string): IdentityProvider {
  const { path, attempt } = callback;
  const isDeclared = typeof path !== 'string' && path.id === attempt.idpId;
  const values = { idp: isDeclared ? path.name : attempt.idpId };
  for (const { rule, code, broken } of attemptRules) {
    if (broken({ ...callback, state })) throw new BrokerError(code, { detail: `broken: ${rule}`, values });
  }
  if (!isDeclared) throw new BrokerError('M-UPST-014', { values });
  return path;
}

const idOf = (path: IdentityProvider | string): string => (typeof path === 'string' ? path : path.id);

/** @returns why an answer is refused: M-UPST-007, M-UPST-003, M-UPST-015 or M-UPST-002 */
export function refusalOf(
  parameters: URLSearchParams,
  idp: IdentityProvider,
  connection: Connection,
): BrokerError | undefined {
  for (const { rule, code, broken } of answerRules) {
    if (!broken({ parameters, idp, connection })) continue;
    const said = [parameters.get('error'), parameters.get('error_description')].filter(
      (part) => part !== null,
    );
    return new BrokerError(code, {
      detail: [`broken: ${rule}`, ...said.map((part) => oneLine(part))].join(': '),
      values: { idp: idp.name },
    });
  }
  return undefined;
}
