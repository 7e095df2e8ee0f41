import Provider from 'oidc-provider';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { logEvents } from './events.ts';

const provider = new Provider('https://connexion.example', {
  features: { devInteractions: { enabled: false } },
});
const lines: string[] = [];
logEvents(provider, pino({}, { write: (line: string) => void lines.push(line) }));

/** What the library hands over, seen by a listener that cannot read it. */
const unreadable = {
  get oidc(): never {
    throw new Error('a listener that fails');
  },
};

describe('listeners run inside the request: none may stop it', () => {
  test.each([
    'authorization.error',
    'authorization.success',
    'grant.error',
    'grant.revoked',
    'userinfo.error',
    'end_session.error',
    'end_session_confirm.error',
    'introspection.error',
    'revocation.error',
    'pushed_authorization_request.error',
    'backchannel.error',
    'server_error',
  ])('%s', (event) => {
    lines.length = 0;
    expect(provider.listenerCount(event)).toBeGreaterThan(0);
    expect(() => provider.emit(event, unreadable, new Error('why'))).not.toThrow();
    expect(lines.join('')).toContain('an event listener failed');
  });

  test('what is no Error does not stop it either', () => {
    expect(() => provider.emit('grant.error', { oidc: { route: 'token' } }, null)).not.toThrow();
  });

  test('the private reason of a refusal is in the log', () => {
    lines.length = 0;
    const error = Object.assign(new Error('invalid_client'), { error_detail: 'client secret mismatch' });
    provider.emit('grant.error', { oidc: { route: 'token', client: { clientId: 'docs' } } }, error);
    expect(lines.join('')).toContain('client secret mismatch');
    expect(lines.join('')).toContain('"client":"docs"');
  });
});
