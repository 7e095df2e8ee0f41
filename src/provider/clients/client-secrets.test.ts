import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { declaredClientSchema } from '../../declarations/declarations.ts';
import { createSecretCheck } from './client-secrets.ts';
import { createSecretUses } from './secret-uses.ts';

const digest = (text: string): string => hash('sha256', text, 'hex');
const declaration = {
  client_id: 'docs',
  service: 'docs',
  scope: 'openid',
  redirect_uris: ['https://docs.test/cb'],
};
const open = declaredClientSchema.parse({ ...declaration, token_endpoint_auth_method: 'none' });
const client = declaredClientSchema.parse({
  ...declaration,
  client_secret_sha256: digest('new'),
  former_client_secret_sha256: digest('old'),
});

describe('the secrets of a client', () => {
  test('serve both; nothing else does, and only what serves is told', () => {
    const told: string[] = [];
    const isRight = createSecretCheck({
      declared: (id) => (id === 'docs' ? client : undefined),
      used: (id, shown) => told.push(`${id} ${shown}`),
    });
    expect(isRight('docs', digest('new'))).toBe(true);
    expect(isRight('docs', digest('old'))).toBe(true);
    for (const wrong of [digest('other'), '', '-'.repeat(64), digest('new').toUpperCase()])
      expect(isRight('docs', wrong)).toBe(false);
    expect(isRight('nobody', digest('new'))).toBe(false);
    expect(isRight('nobody', '-'.repeat(64))).toBe(false);
    expect(told).toEqual([`docs ${digest('new')}`, `docs ${digest('old')}`]);
  });

  test('a client without secret has none that could be shown', () => {
    const isRight = createSecretCheck({
      declared: () => open,
      used: () => undefined,
    });
    for (const shown of ['', '-'.repeat(64), digest('')]) expect(isRight('docs', shown)).toBe(false);
  });
});

describe('the use of a secret', () => {
  test('is written once an hour; after a failure, which is logged, once a minute', async () => {
    let at = 0;
    let fails = false;
    const written: number[] = [];
    const warned: unknown[] = [];
    const used = createSecretUses({
      record: (use) => {
        written.push(use.at.getTime());
        return fails ? Promise.reject(new Error('down')) : Promise.resolve();
      },
      clock: () => new Date(at),
      logger: { warn: (...line: unknown[]) => void warned.push(line) },
    });
    const show = async (instant: number): Promise<void> => {
      at = instant;
      used('docs', 'a');
      await new Promise(setImmediate);
    };
    for (const instant of [1, 2, 3_599_999, 3_600_001, 3_600_002]) await show(instant);
    expect(written).toEqual([1, 3_600_001]);
    fails = true;
    for (const instant of [7_200_001, 7_200_002, 7_260_000, 7_260_001]) await show(instant);
    expect(written.slice(2)).toEqual([7_200_001, 7_260_001]);
    expect(warned).toHaveLength(2);
  });
});
