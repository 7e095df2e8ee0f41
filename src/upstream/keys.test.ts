import { Configuration, customFetch } from 'openid-client';
import { expect, it } from 'vitest';
import { createKeys, fetchForLogoutTokens } from './keys.ts';

const jwksUri = 'https://etat.idp.example/jwks';
const options = { method: 'GET', headers: {}, body: undefined, redirect: 'manual' } as const;

/** One IdP whose keys are asked for by several configurations, as each reading of its metadata makes one. */
function scene() {
  const changes: unknown[] = [];
  const state = { now: 1_000_000, asked: 0, keys: [{ kty: 'EC', kid: 'a' }], changes };
  const keys = createKeys({ now: () => state.now, onChange: (change) => state.changes.push(change) });
  const config = () => {
    const made = new Configuration({ issuer: 'https://etat.idp.example', jwks_uri: jwksUri }, 'broker');
    made[customFetch] = () => {
      state.asked += 1;
      return Promise.resolve(Response.json({ keys: state.keys }));
    };
    return made;
  };
  const ask = (): Promise<Response> => {
    const made = config();
    keys.serve(made);
    return made[customFetch]?.(jwksUri, options) ?? Promise.reject(new Error('no fetch'));
  };
  return { state, keys, config, ask };
}

it('however many configurations there are, an unknown key is asked for once a minute', async () => {
  const { state, keys, config, ask } = scene();
  await keys.read(config(), 1_000);
  for (let times = 0; times < 5; times += 1) expect(await (await ask()).json()).toEqual({ keys: state.keys });
  expect(state.asked).toBe(2);
  state.now += 59_999;
  await ask();
  expect(state.asked).toBe(2);
  state.now += 1;
  await ask();
  expect(state.asked).toBe(3);
});

it('whoever posts forged logout tokens keeps nobody from a key that is new: each has its own minute', async () => {
  const { state, keys, config, ask } = scene();
  await keys.read(config(), 1_000);
  const made = config();
  keys.serve(made);
  for (let times = 0; times < 3; times += 1) await fetchForLogoutTokens(made)?.(jwksUri, options);
  expect(state.asked).toBe(2);
  state.keys = [{ kty: 'EC', kid: 'b' }];
  expect(await (await ask()).json()).toEqual({ keys: state.keys });
  expect(state.asked).toBe(3);
});

it('says what changed, by the names of the keys, and nothing of the first ones', async () => {
  const { state, keys, config } = scene();
  await keys.read(config(), 1_000);
  await keys.read(config(), 1_000);
  expect(state.changes).toEqual([]);
  state.keys = [{ kty: 'EC', kid: 'b' }];
  await keys.read(config(), 1_000);
  expect(state.changes).toEqual([{ added: ['b'], gone: ['a'] }]);
});
