/**
 * Secrets of clients at the token endpoint (RFC 6749 §2.3.1): how they are shown, and how they are changed without an
 * interruption: two serve at once, and the database says which one is still in use.
 */
import { hash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secretUses } from '../../src/storage/storage.ts';
import { demoAnd, redeclare } from '../replay/support/declarations.ts';
import { extraClient } from '../replay/support/extra-clients.ts';
import { basic, postForm, send } from '../replay/support/relying-party.ts';
import type { Answer } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const secret = (): string => randomBytes(32).toString('base64url');
const [first, second] = [secret(), secret()];
const awkward = `${secret()} %+:&=/?"\\`;
const digest = (value: string): string => hash('sha256', value, 'hex');

let world: World;
let token: string;
let offset = 0;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('change', { client_secret: first }),
      extraClient('special', { client_secret: awkward }),
      extraClient('poste', { token_endpoint_auth_method: 'client_secret_post', client_secret: first }),
    ],
  });
  world = await startWorld({ configDir: dir, clock: () => new Date(Date.now() + offset) });
  await remove();
  token = `${world.issuer}/token`;
}, startUp);
afterAll(() => world.close());

const code = {
  grant_type: 'authorization_code',
  code: 'a'.repeat(43),
  redirect_uri: 'https://rp.example/cb',
};
const heard = (answer: Answer) =>
  expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_grant']);
const refused = (answer: Answer, status = 401, error = 'invalid_client') =>
  expect([answer.status, answer.json['error']]).toEqual([status, error]);

describe('how a secret is shown (RFC 6749 §2.3.1)', () => {
  test('in the header or in the form: a client may do either, whichever it registered', async () => {
    for (const id of ['change', 'poste']) {
      heard(await postForm(token, code, basic(id, first)));
      heard(await postForm(token, { ...code, client_id: id, client_secret: first }));
    }
  });

  test('percent-encoded in the header, letter by letter in the form', async () => {
    heard(await postForm(token, code, basic('special', awkward)));
    heard(await postForm(token, { ...code, client_id: 'special', client_secret: awkward }));
    const raw = Buffer.from(`special:${awkward}`).toString('base64');
    const answer = await postForm(token, code, { authorization: `Basic ${raw}` });
    refused(answer, 400, 'invalid_request');
  });

  test('§5.2: refused in the header, it is told how to try again', async () => {
    const answer = await postForm(token, code, basic('change', second));
    refused(answer);
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_client"');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('never in the address', async () => {
    const query = new URLSearchParams({ client_id: 'change', client_secret: first });
    refused(await postForm(`${token}?${query.toString()}`, code), 400, 'invalid_request');
    refused(
      await postForm(`${token}?client_secret=${first}`, {
        ...code,
        client_id: 'change',
      }),
    );
    expect((await send(`${token}?${query.toString()}`)).status).toBe(405);
  });

  test('§2.3: not in two ways at once, nor twice', async () => {
    const both = { ...code, client_id: 'change', client_secret: first };
    refused(await postForm(token, both, basic('change', first)), 400, 'invalid_request');
    const body = `${new URLSearchParams(both).toString()}&client_secret=${first}`;
    const answer = await send(token, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    refused(answer, 400, 'invalid_request');
  });

  test('the answer is the same for a client that is nobody', async () => {
    const known = await postForm(token, { ...code, client_id: 'change', client_secret: second });
    const nobody = await postForm(token, { ...code, client_id: 'personne', client_secret: second });
    expect(nobody.body).toBe(known.body);
    expect(nobody.status).toBe(known.status);
  });
});

describe('a secret is changed without interruption', () => {
  const uses = async () =>
    new Map(
      (await secretUses(world.broker.stores.db))
        .filter(({ client_id: id }) => id === 'change')
        .map((use) => [use.secret_sha256, use.last_used_at.getTime()] as const),
    );
  const shows = (value: string) => postForm(token, code, basic('change', value));
  const becomes = (changes: Readonly<Record<string, string>>) =>
    redeclare(world, { clients: [extraClient('change', changes)] });

  test('one, both, the other', async () => {
    heard(await shows(first));
    refused(await shows(second));
    await becomes({ client_secret: second, former_client_secret: first });
    heard(await shows(first));
    heard(await shows(second));
    refused(await shows(digest(first)));
    await becomes({ client_secret: second });
    refused(await shows(first));
    heard(await shows(second));
    expect(await uses()).toEqual(
      new Map([
        [digest(first), expect.any(Number)],
        [digest(second), expect.any(Number)],
      ]),
    );
  });

  test('the use of each is noted, once an hour; a wrong one is not', async () => {
    await becomes({ client_secret: second, former_client_secret: first });
    await shows(second);
    const before = await uses();
    await shows(second);
    await shows(secret());
    expect(await uses()).toEqual(before);
    offset = 3_601_000;
    await shows(second);
    await expect
      .poll(async () => (await uses()).get(digest(second)))
      .toBeGreaterThan(before.get(digest(second)) ?? 0);
    expect((await uses()).get(digest(first))).toBe(before.get(digest(first)));
  });

  test('nothing that is kept or logged holds one', async () => {
    const rows = JSON.stringify(await secretUses(world.broker.stores.db));
    for (const value of [first, second, awkward]) {
      expect(rows).not.toContain(value);
      expect(world.log.join('\n')).not.toContain(value);
    }
  });
});
