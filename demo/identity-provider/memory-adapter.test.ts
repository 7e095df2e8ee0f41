import { errors } from 'oidc-provider';
import { expect, test } from 'vitest';
import { createMemoryAdapter } from './memory-adapter.ts';

const at = { now: 1_800_000_000_000 };
const create = () => createMemoryAdapter(() => at.now);

test('a code is consumed once, however many ask', async () => {
  const codes = create()('AuthorizationCode');
  await codes.upsert('c', { kind: 'AuthorizationCode' }, 60);
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => codes.consume('c')));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  await expect(codes.consume('c')).rejects.toBeInstanceOf(errors.InvalidGrant);
  await expect(codes.consume('absent')).rejects.toBeInstanceOf(errors.InvalidGrant);
  expect(await codes.find('c')).toMatchObject({ consumed: at.now / 1000 });
});

test('what has expired is not found', async () => {
  const sessions = create()('Session');
  await sessions.upsert('s', { uid: 'u' }, 10);
  expect(await sessions.findByUid('u')).toBeDefined();
  at.now += 10_000;
  expect(await sessions.find('s')).toBeUndefined();
  expect(await sessions.findByUid('u')).toBeUndefined();
});

test('revoking a grant takes its tokens of every model, and no others', async () => {
  const model = create();
  await model('AccessToken').upsert('a', { grantId: 'g' }, 60);
  await model('AuthorizationCode').upsert('c', { grantId: 'g' }, 60);
  await model('AccessToken').upsert('b', { grantId: 'other' }, 60);
  await model('AccessToken').revokeByGrantId('g');
  expect(await model('AccessToken').find('a')).toBeUndefined();
  expect(await model('AuthorizationCode').find('c')).toBeUndefined();
  expect(await model('AccessToken').find('b')).toBeDefined();
});

test('models do not share ids, and what is destroyed is gone', async () => {
  const model = create();
  await model('Session').upsert('x', { uid: '1' }, 60);
  expect(await model('Interaction').find('x')).toBeUndefined();
  await model('Session').destroy('x');
  expect(await model('Session').find('x')).toBeUndefined();
});
