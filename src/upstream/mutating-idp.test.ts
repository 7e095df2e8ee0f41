import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deviationNames, deviations, startMutatingIdp } from '../../test/support/mutating-idp.ts';
import type { Deviation, DeviationName, MutatingIdp } from '../../test/support/mutating-idp.ts';
import { createSeal } from '../config/config.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { testKeys } from './testing/keys.ts';
import { createFetchFor, createUpstream } from './upstream.ts';
import type { RecordedEvent, UpstreamRequest } from './upstream.ts';

const keys = await testKeys();

/** The whole way over real sockets: every deviation of the test identity provider, refused with its own code. */
const clientSecret = 'shared-with-the-test-idp';
const agent = {
  sub: 'agent-1',
  acr: 'eidas1',
  claims: {
    given_name: 'Camille',
    usual_name: 'Martin',
    email: 'agent@commune.example',
    siret: '21440109300015',
  },
};
let idp: MutatingIdp;
let record: IdentityProvider;

beforeAll(async () => {
  idp = await startMutatingIdp({
    clientId: 'broker',
    clientSecret,
    person: agent,
  });
  record = {
    id: 'commune',
    name: 'Commune',
    issuer: idp.issuer,
    client_id: 'broker',
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
    scope: 'openid email',
    domains: ['commune.example'],
    allow_subdomains: false,
    acr: { values: { eidas1: 'eidas1', eidas3: 'eidas3' }, maximum: 'eidas1-mfa' },
    sirets: ['21440109300015'],
    organization_link: { level: 'moderated', method: 'idp' },
    support: { name: 'Assistance', email: 'assistance@commune.example' },
    enabled: true,
    timeout_s: 5,
  };
});
afterAll(() => idp.close());
beforeEach(() => {
  idp.restore();
  idp.forget();
});

/** A broker with nothing in its cache; each call is a browser that goes there and comes back. */
function createBroker(
  declared: IdentityProvider,
  recorded: RecordedEvent[] = [],
): (request?: Partial<UpstreamRequest>) => Promise<string> {
  const marks = new Set<string>();
  const upstream = createUpstream({
    issuer: new URL('http://localhost:3000'),
    seal: createSeal(['k'.repeat(43)], 'upstream-attempt'),
    signOutSeal: createSeal(['k'.repeat(43)], 'upstream-sign-out'),
    clock: () => new Date(),
    logger: { warn: () => undefined, info: () => undefined },
    allowLoopbackHttp: true,
    fetchFor: createFetchFor(),
    keys: () => keys,
    record: async (_at, refusal) => {
      recorded.push(refusal);
    },
    secretOf: async () => clientSecret,
    once: async (key) => !marks.has(key) && Boolean(marks.add(key)),
  });
  return async (request = {}) => {
    try {
      const { url, cookie } = await upstream.start(declared, { interactionUid: 'uid-1', ...request });
      const answer = await fetch(url, { redirect: 'manual' });
      const callback = new URL(answer.headers.get('location') ?? '');
      const result = await upstream.finish(declared, callback, (name) =>
        name === cookie.name ? cookie.value : undefined,
      );
      return result.ok ? `accepted at ${result.identity.acr}` : result.error.code;
    } catch (error) {
      if (error instanceof BrokerError) return error.code;
      throw error;
    }
  };
}

const untraced: readonly string[] = ['M-UPST-001', 'M-UPST-003', 'M-UPST-004'];

/** Shown in the output of the tests: deviation → code. */
const table: (readonly [deviation: string, outcome: string])[] = [];
afterAll(() => {
  const byOutcome = Map.groupBy(table, ([, outcome]) => outcome);
  const lines = [...byOutcome]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([outcome, rows]) => `  ${outcome}  ${rows.map(([name]) => name).join(', ')}`);
  process.stdout.write(
    `Deviations of an identity provider → what the broker answers:\n${lines.join('\n')}\n`,
  );
});

const levels: Partial<Record<DeviationName, string>> = {
  acr_unknown: 'accepted at eidas0',
  acr_missing: 'accepted at eidas0',
  acr_too_high: 'accepted at eidas1-mfa',
};

const outcomeOf = (name: DeviationName): string => {
  const deviation: Deviation = deviations[name];
  return deviation.expected[0] ?? levels[name] ?? '';
};

describe('an identity provider that deviates', () => {
  it('does not when it does not', async () => {
    expect(await createBroker(record)({ forceLogin: true })).toBe('accepted at eidas1');
  });

  it.each(deviationNames.map((name) => [name, outcomeOf(name)] as const))('%s → %s', async (name) => {
    const deviation: Deviation = deviations[name];
    const hangs = Object.values(deviation).includes('timeout');
    idp.mutate(name);
    const started = performance.now();
    const recorded: RecordedEvent[] = [];
    const signIn = createBroker({ ...record, timeout_s: hangs ? 0.4 : 5 }, recorded);
    const outcome = await signIn({ forceLogin: true });
    expect(outcome).toBe(deviation.expected[0] ?? levels[name]);
    table.push([name, outcome]);
    // The record of acts has what was answered wrongly; no answer, and what the person did, it has not.
    const traces = deviation.expected.filter((code) => !untraced.includes(code));
    expect(recorded.map(({ subject, after }) => [subject, 'code' in after ? after.code : undefined])).toEqual(
      traces.map((code) => ['upstream:commune', code]),
    );
    // An identity provider that hangs costs its own timeout.
    if (hangs) expect(performance.now() - started).toBeLessThan(4000);
  });
});

describe('keys of an identity provider', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('may rotate: an unknown key makes us read them again, at most once a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const signIn = createBroker(record);
    expect(await signIn()).toBe('accepted at eidas1');
    await idp.rotateKeys();
    expect(await signIn()).toBe('M-UPST-018');
    expect(idp.counts.jwks).toBe(1);
    vi.setSystemTime(Date.now() + 61_000);
    expect(await signIn()).toBe('accepted at eidas1');
    expect([idp.counts.jwks, idp.counts.discovery]).toEqual([2, 1]);
  });

  it('sign userinfo too, when it comes as a JWT', async () => {
    const signing = await startMutatingIdp({
      clientId: 'broker',
      clientSecret,
      userinfo: 'jwt',
      person: agent,
    });
    const declared: IdentityProvider = {
      ...record,
      issuer: signing.issuer,
      userinfo_signed_response_alg: 'ES256',
    };
    expect(await createBroker(declared)()).toBe('accepted at eidas1');
    // Declared as signed, it is not accepted as plain JSON.
    expect(await createBroker({ ...record, userinfo_signed_response_alg: 'ES256' })()).toBe('M-UPST-009');
    await signing.close();
  });
});
