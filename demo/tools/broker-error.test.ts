import { AuthorizationResponseError, ClientError } from 'openid-client';
import { expect, test } from 'vitest';
import { InvalidAnswer, toBrokerError } from './broker-error.ts';
import { errorSentence, reasonIn } from './words.ts';

const coded = (code: string): ClientError => Object.assign(new ClientError(code), { code });

test('the answer of the broker keeps its code, description and address', () => {
  const cause = new URLSearchParams({
    error: 'access_denied',
    error_description: 'M-ELIG-012: service_not_covered',
    error_uri: 'http://localhost:3000/aide',
  });
  const error = toBrokerError(new AuthorizationResponseError('refused', { cause }));
  expect(error).toEqual({
    error: 'access_denied',
    error_description: 'M-ELIG-012: service_not_covered',
    error_uri: 'http://localhost:3000/aide',
    from: 'broker',
  });
});

test('what fails a check, what does not answer, and what is our mistake are told apart', () => {
  expect(toBrokerError(new InvalidAnswer('acr'))?.from).toBe('invalid_answer');
  expect(toBrokerError(coded('OAUTH_JWT_CLAIM_COMPARISON_FAILED'))?.from).toBe('invalid_answer');
  expect(toBrokerError(coded('OAUTH_TIMEOUT'))?.from).toBe('unreachable');
  expect(toBrokerError(new TypeError('fetch failed'))?.from).toBe('unreachable');
  expect(toBrokerError(new TypeError('x is not a function'))).toBeUndefined();
  expect(toBrokerError('text')).toBeUndefined();
});

test.each([
  ['service_not_covered', 'l’accord donné à votre organisation ne couvre pas cet outil'],
  ['M-ELIG-012: service_not_covered', 'l’accord donné à votre organisation ne couvre pas cet outil'],
  ['the person cancelled', undefined],
  ['to_string', undefined],
  [undefined, undefined],
])('reason in %j', (description, expected) => {
  expect(reasonIn(description)).toBe(expected);
});

test('a code without a sentence of its own still has a French one', () => {
  expect(errorSentence('server_error')).toBe('Le portail de connexion a signalé un problème.');
  expect(errorSentence('access_denied', 'service_not_covered')).toBe(
    'Le portail de connexion a refusé l’accès.',
  );
  expect(errorSentence('access_denied', 'user_cancelled')).toBe('Vous avez annulé la connexion.');
  expect(errorSentence('access_denied', 'the person cancelled')).toContain('ou vous avez annulé');
  expect(errorSentence('constructor')).toBe('Le portail de connexion a signalé un problème.');
});
