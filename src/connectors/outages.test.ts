import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { RegistersUnavailable } from '../register/register.ts';
import type { Answer } from '../register/register.ts';
import {
  entrepriseFound,
  nantes,
  rechercheFound,
  rechercheNothing,
  sireneFound,
  sireneRefusal,
} from './testing/answers.ts';
import { askFirst, connected, now, settingsOf, siretOf } from './testing/connected.ts';
import type { LogLine } from './testing/connected.ts';
import { startReplayServer } from './testing/replay-server.ts';
import type { Behaviour, ReplayServer } from './testing/replay-server.ts';
import { sourceIds } from './source.ts';

let server: ReplayServer;
let second: ReplayServer;
beforeAll(async () => {
  server = await startReplayServer();
  second = await startReplayServer();
});
afterAll(() => Promise.all([server.close(), second.close()]));
beforeEach(() => {
  server.reset();
  second.reset();
});

const siret = siretOf(nantes);
const ok: Behaviour = { status: 200, body: sireneFound({ siret: nantes }) };
const answering = (behaviour: Behaviour) => {
  server.answer(() => behaviour);
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const reasonOf = (answer: Promise<Answer>) =>
  answer.then(
    ({ kind }) => kind,
    (error: unknown) => error,
  );

const failures: readonly (readonly [string, Behaviour, string])[] = [
  ['HTTP 500', { status: 500 }, 'server_error'],
  ['HTTP 502', { status: 502, body: '<html>bad gateway</html>' }, 'server_error'],
  ['HTTP 503', { status: 503, body: sireneRefusal(503) }, 'server_error'],
  ['silence', 'silence', 'time_out'],
  ['a connection cut', 'cut', 'no_connection'],
  ['a connection cut in the middle of an answer', 'cut_in_the_middle', 'no_connection'],
  ['broken JSON', { status: 200, body: '{"header":' }, 'wrong_answer'],
  ['other JSON', { status: 200, body: { ok: true } }, 'wrong_answer'],
  ['HTML', { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } }, 'wrong_answer'],
  ['JSON under another type', { ...ok, headers: { 'content-type': 'text/plain' } }, 'wrong_answer'],
  ['10 megabytes', { status: 200, body: `"${'a'.repeat(10_000_000)}"` }, 'wrong_answer'],
  ['a redirection', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'wrong_answer'],
  ['HTTP 400', { status: 400, body: sireneRefusal(400) }, 'wrong_request'],
  ['HTTP 401', { status: 401, body: 'no key' }, 'refused'],
  ['HTTP 406', { status: 406, body: sireneRefusal(406) }, 'wrong_request'],
  ['HTTP 414', { status: 414, body: sireneRefusal(414) }, 'wrong_request'],
];

describe.each(sourceIds)('%s', (id) => {
  test.each(failures)('%s is no answer', async (_, behaviour, reason) => {
    answering(behaviour);
    const ms = behaviour === 'silence' ? 150 : 5_000;
    await expect(askFirst(connected([settingsOf(id, server.url)]), siret, ms)).rejects.toMatchObject({
      name: 'SourceUnavailable',
      source: id,
      reason,
      isFailure: true,
    });
  });
});

test('nobody listens', async () => {
  const gone = await startReplayServer();
  await gone.close();
  await expect(askFirst(connected([settingsOf('api_sirene', gone.url)]), siret)).rejects.toMatchObject({
    reason: 'no_connection',
  });
});

test('a token that API Entreprise does not accept is told from an organization that it hides', async () => {
  answering({ status: 403, body: { errors: [{ code: '00100' }] } });
  await expect(askFirst(connected([settingsOf('api_entreprise', server.url)]), siret)).rejects.toMatchObject({
    reason: 'refused',
  });
});

test('no error names a key, a token or the query', async () => {
  answering('cut');
  for (const id of sourceIds) {
    const error = await reasonOf(askFirst(connected([settingsOf(id, server.url)]), siret));
    expect(String(error)).not.toMatch(/key-of|token-of|recipient|q=/);
  }
});

describe('a source that asks to wait (429)', () => {
  const hurry: Behaviour = { status: 429, headers: { 'retry-after': '30' } };

  test('is left alone until then, and that is no failure', async () => {
    let at = now;
    const log: LogLine[] = [];
    const connectors = connected([settingsOf('api_sirene', server.url)], { clock: () => at, log });
    answering(hurry);
    for (let times = 0; times < 5; times += 1)
      await expect(askFirst(connectors, siret)).rejects.toMatchObject({
        reason: 'rate_limited',
        isFailure: false,
        retryAt: new Date(now.getTime() + 30_000),
      });
    expect(server.requests).toHaveLength(1);
    expect(connectors.status()).toMatchObject([
      { source: 'api_sirene', state: 'paused', openUntil: new Date(now.getTime() + 30_000) },
    ]);
    expect(log).toMatchObject([{ source: 'api_sirene', status: 'paused' }]);

    at = new Date(now.getTime() + 30_000);
    answering(ok);
    expect(await askFirst(connectors, siret)).toMatchObject({ kind: 'found' });
    expect(connectors.status()).toMatchObject([{ state: 'closed', lastSuccess: at, openUntil: undefined }]);
  });
});

describe('the quota', () => {
  test('is not exceeded: who has time waits, a renewal does not', async () => {
    const rate = { count: 3, windowMs: 120 };
    const connectors = connected([settingsOf('api_sirene', server.url, rate)], { clock: () => new Date() });
    const [source] = connectors.sources;
    answering(ok);
    const ask = (urgency: 'sign_in' | 'renewal', ms: number) =>
      source?.ask(siret, { signal: AbortSignal.timeout(ms), urgency }) ?? Promise.reject(new Error('none'));
    for (let times = 0; times < 3; times += 1) await ask('sign_in', 100);
    await expect(ask('renewal', 1_000)).rejects.toMatchObject({ reason: 'rate_limited' });
    await expect(ask('sign_in', 10)).rejects.toMatchObject({ reason: 'rate_limited' });
    expect(server.requests).toHaveLength(3);
    expect(await ask('sign_in', 1_000)).toMatchObject({ kind: 'found' });
    expect(server.requests).toHaveLength(4);
  });
});

describe('the breaker', () => {
  test('opens after failures in a row, lets one request find out, and closes', async () => {
    const log: LogLine[] = [];
    const connectors = connected([settingsOf('api_sirene', server.url)], {
      log,
      protection: { failures: 3, restMs: 80 },
    });
    answering({ status: 503 });
    for (let times = 0; times < 3; times += 1)
      await expect(askFirst(connectors, siret)).rejects.toMatchObject({ reason: 'server_error' });
    await expect(askFirst(connectors, siret)).rejects.toMatchObject({ reason: 'resting', isFailure: false });
    expect(server.requests).toHaveLength(3);
    expect(connectors.status()).toMatchObject([
      {
        state: 'open',
        lastError: { message: 'api_sirene: server_error: HTTP 503' },
        openUntil: new Date(now.getTime() + 80),
      },
    ]);

    await pause(90);
    await expect(askFirst(connectors, siret)).rejects.toMatchObject({ reason: 'server_error' });
    await expect(askFirst(connectors, siret)).rejects.toMatchObject({ reason: 'resting' });
    expect(server.requests).toHaveLength(4);

    await pause(90);
    answering(ok);
    expect(await askFirst(connectors, siret)).toMatchObject({ kind: 'found' });
    expect(connectors.status()).toMatchObject([{ state: 'closed', openUntil: undefined }]);
    expect(log).toMatchObject([{ status: 'open' }, { status: 'open' }, { status: 'closed' }]);
  });

  test('while one request finds out, the others do not wait for it', async () => {
    const connectors = connected([settingsOf('api_sirene', server.url)], {
      protection: { failures: 1, restMs: 20 },
    });
    answering({ status: 503 });
    await reasonOf(askFirst(connectors, siret));
    await pause(30);
    answering('silence');
    const probe = reasonOf(askFirst(connectors, siret, 200));
    await pause(10);
    expect(connectors.status()).toMatchObject([{ state: 'probing' }]);
    await expect(askFirst(connectors, siret)).rejects.toMatchObject({ reason: 'resting' });
    expect(await probe).toMatchObject({ reason: 'time_out' });
  });

  test('an answer between failures keeps it closed; "not found" is an answer', async () => {
    const connectors = connected([settingsOf('api_sirene', server.url)]);
    for (let times = 0; times < 4; times += 1) {
      answering('cut');
      await reasonOf(askFirst(connectors, siret));
      answering('cut');
      await reasonOf(askFirst(connectors, siret));
      answering({ status: 404, body: sireneRefusal(404) });
      expect(await askFirst(connectors, siret)).toEqual({ kind: 'not_found' });
    }
    expect(connectors.status()).toMatchObject([{ state: 'closed' }]);
  });
});

describe('the bulkhead', () => {
  test('no more requests at once than the source is given, and no endless queue', async () => {
    const connectors = connected([settingsOf('api_sirene', server.url)], {
      protection: { atOnce: 2, waiting: 1 },
    });
    answering('silence');
    const waiting = Array.from({ length: 4 }, () => reasonOf(askFirst(connectors, siret, 200)));
    expect(await waiting[3]).toMatchObject({ reason: 'busy', isFailure: false });
    expect(server.requests.length).toBeLessThanOrEqual(2);
    await Promise.all(waiting);
  });
});

describe('the chain', () => {
  const both = () =>
    connected([settingsOf('recherche_entreprises', server.url), settingsOf('api_sirene', second.url)]);
  const ask = ({ elsewhere }: ReturnType<typeof both>) =>
    elsewhere?.(siret, 'sign_in') ?? Promise.reject(new Error('no source'));

  test('there is none when no source is named: nobody is ever asked', () => {
    expect(connected([]).elsewhere).toBeUndefined();
  });

  test('the first answer wins', async () => {
    answering({ status: 200, body: rechercheFound({ siret: nantes }) });
    second.answer(() => ok);
    expect(await ask(both())).toMatchObject({ kind: 'found', source: 'recherche_entreprises' });
    expect(second.requests).toEqual([]);
  });

  test('the next is asked when one is down', async () => {
    answering({ status: 503 });
    second.answer(() => ok);
    expect(await ask(both())).toMatchObject({ kind: 'found', source: 'api_sirene' });
  });

  test('a source that leaves some out cannot say that there is none while another was not heard', async () => {
    answering({ status: 200, body: rechercheNothing });
    second.answer(() => ok);
    expect(await ask(both())).toMatchObject({ kind: 'found', source: 'api_sirene' });
    second.answer(() => ({ status: 503 }));
    await expect(ask(both())).rejects.toBeInstanceOf(RegistersUnavailable);
    second.answer(() => ({ status: 404, body: sireneRefusal(404) }));
    expect(await ask(both())).toEqual({ kind: 'not_found' });
    const alone = connected([settingsOf('recherche_entreprises', server.url)]);
    expect(await ask(alone)).toEqual({ kind: 'not_found' });
  });

  test('all down: unknown, with the first instant at which asking again makes sense', async () => {
    answering({ status: 429, headers: { 'retry-after': '120' } });
    second.answer(() => ({ status: 503, headers: { 'retry-after': '40' } }));
    await expect(ask(both())).rejects.toMatchObject({
      name: 'RegistersUnavailable',
      retryAt: new Date(now.getTime() + 40_000),
    });
  });

  test('is bounded, however many sources are silent', async () => {
    answering('silence');
    second.answer(() => 'silence');
    const third = settingsOf('api_entreprise', second.url);
    const connectors = connected(
      [settingsOf('recherche_entreprises', server.url), settingsOf('api_sirene', second.url), third],
      { eachMs: 150, totalMs: 250 },
    );
    const began = performance.now();
    await expect(ask(connectors)).rejects.toThrow(
      /recherche_entreprises: time_out.*api_sirene: .*api_entreprise: out_of_time/,
    );
    // A slow machine included: three silences one after the other would take 15 s.
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('an answer of API Entreprise, last of three', async () => {
    answering({ status: 500 });
    second.answer((path) =>
      path.startsWith('/v3/') ? { status: 200, body: entrepriseFound({ siret: nantes }) } : 'cut',
    );
    const connectors = connected([
      settingsOf('recherche_entreprises', server.url),
      settingsOf('api_sirene', second.url),
      settingsOf('api_entreprise', second.url),
    ]);
    expect(await ask(connectors)).toMatchObject({ kind: 'found', source: 'api_entreprise' });
  });
});
