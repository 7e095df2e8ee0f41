import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokerError } from '../errors/errors.ts';
import { createLogger } from './logger.ts';
import { redactLine } from './redact.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger({ level: 'info', destination: { write: (line: string) => lines.push(line) } }));
  return lines.join('');
}

describe('the log', () => {
  it('is one JSON object a line, with level and time in words', () => {
    const line: unknown = JSON.parse(logged((logger) => logger.info({ port: 3000 }, 'ready')));
    expect(line).toMatchObject({ level: 'info', app: 'maillon', port: 3000, msg: 'ready' });
    expect(line).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT/));
  });

  it('hides a secret wherever it is: field, child, list, nested object, error, JSON in a string', () => {
    const secret = 'S3cr3t-value-nobody-must-read';
    const line = logged((logger) => {
      logger.info({ client_secret: secret });
      logger.info({ deep: { list: [{ refresh_token: secret }] } });
      logger.child({ access_token: secret }).info('child');
      logger.info({ cookieKeys: [secret, `${secret}]"`] });
      logger.info({
        config: { organizationSources: [{ id: 'api_sirene', rate: { count: 1 }, key: secret }] },
      });
      logger.info({ headers: { 'x-insee-api-key-integration': secret } });
      logger.info({ document: JSON.stringify({ a: JSON.stringify({ client_secret: secret }) }) });
      logger.error(
        Object.assign(new Error('x'), { headers: { authorization: secret, cookie: `sid=${secret}` } }),
      );
    });
    expect(line).not.toContain(secret);
    for (const each of line.trim().split('\n')) expect(() => void JSON.parse(each)).not.toThrow();
  });

  it('hides any text under a secret name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), (noise) => {
        const secret = `§${noise}§`;
        const line = logged((logger) => logger.info({ a: { client_secret: secret }, z: 'kept' }));
        expect(JSON.parse(line)).toMatchObject({ a: { client_secret: '[redacted]' }, z: 'kept' });
      }),
    );
  });

  it.each([
    ['GET /callback/demo?code=abcdef123&state=xyz987&iss=https%3A%2F%2Fidp', ['abcdef123', 'xyz987']],
    ['connect ECONNREFUSED postgres://maillon:hunter2@db:5432/x', ['hunter2']],
    ['redis://:hunter2@localhost:6379', ['hunter2']],
    ['Authorization: Bearer abcdef.ghijkl', ['abcdef.ghijkl']],
    ['Basic ZG9jczpzZWNyZXQ=', ['ZG9jczpzZWNyZXQ=']],
    ['/session/end?id_token_hint=eyJhbGciOi', ['eyJhbGciOi']],
  ])('hides what a message carries: %s', (message, secrets) => {
    const line = logged((logger) => logger.warn(message));
    for (const secret of secrets) expect(line).not.toContain(secret);
  });

  it('keeps what helps: codes of our catalogue, of Node, of PostgreSQL, and états', () => {
    const line = logged((logger) => {
      logger.error({ err: new BrokerError('M-CONF-002', { detail: 'clients.yaml:3: unknown key' }) });
      logger.error({ code: 'ECONNREFUSED', state: 'A' });
      logger.error({ code: '23505' });
    });
    for (const kept of ['M-CONF-002', 'clients.yaml:3', 'ECONNREFUSED', '"state":"A"', '23505']) {
      expect(line).toContain(kept);
    }
  });

  it('changes nothing else', () => {
    const plain =
      '{"level":"info","url":"/authorize?client_id=docs&scope=openid","msg":"mailto:a@b.fr https://x.fr/a@b"}\n';
    expect(redactLine(plain)).toBe(plain);
  });
});

describe('a hostile line', () => {
  it.each([
    ['backslashes', '\\'.repeat(60_000)],
    ['letters', 'a'.repeat(60_000)],
    ['quotes', '\\"'.repeat(30_000)],
    ['half an address', 'http://'.repeat(9_000)],
    ['open fields', '"code":"'.repeat(8_000)],
  ])('costs no more than its length: %s', (_what, text) => {
    const startedAt = performance.now();
    redactLine(JSON.stringify({ detail: text }));
    // Quadratic, it took ten seconds for a quarter of this.
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
