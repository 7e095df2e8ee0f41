import { afterAll, describe, expect, test } from 'vitest';
import { BrokerError } from '../errors/errors.ts';
import { ephemeralFor } from '../storage/testing/ephemeral.ts';
import { assertAllowed, createLimits, limitedActs, limitKeys, limitsTable } from './limits.ts';
import type { Attempt, LimitedAct, LimitKey, Limits, LimitTable, Who } from './limits.ts';

function open() {
  let now = Date.parse('2026-11-23T09:00:00Z');
  const ephemeral = ephemeralFor(() => new Date(now));
  return {
    limits: createLimits({ ephemeral }),
    ephemeral,
    pass: (seconds: number) => void (now += seconds * 1000),
  };
}

/** Somebody else each time, and from elsewhere, but for what is said. */
let people = 0;
const stranger = (known: Partial<Who> = {}): Who => {
  people += 1;
  return {
    ip: `2001:db8:${(people >> 16).toString(16)}:${(people & 0xffff).toString(16)}::1`,
    address: `personne${people}@asso.example`,
    account: `account-${people}`,
    ...known,
  };
};

async function times(count: number, attempt: () => Promise<Attempt>): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (let each = 0; each < count; each += 1) attempts.push(await attempt());
  return attempts;
}

const allowed: Attempt = { allowed: true };

/** Printed: what may be attempted how often, and what the attempt past it is told. */
const matrix: string[] = [];
afterAll(() => {
  process.stdout.write(`Limits of attempts, and what the next one is told:\n${matrix.join('\n')}\n`);
});

/** The same one of an attempt, with everything else of it new each time. */
const sameOnes: Readonly<Record<LimitKey, Partial<Who>>> = {
  ip: { ip: '192.0.2.7' },
  address: { address: 'agent@asso.example' },
  address_anywhere: { address: 'agent@asso.example' },
  account: { account: 'account-of-one' },
  device: { device: 'device-of-one' },
};

const table: LimitTable = limitsTable;
const cells = limitedActs.flatMap((act) => limitKeys.map((by) => ({ act, by, limit: table[act][by] })));

describe('the matrix', () => {
  test.each(cells)('$act by $by', async ({ act, by, limit }) => {
    const { limits, pass } = open();
    const name = `  ${act.padEnd(19)} ${by.padEnd(16)}`;
    const here = by === 'address' && table[act].address?.here === true;
    const attempt = () =>
      limits.attempt(act, stranger({ ...sameOnes[by], ...(here ? { ip: '192.0.2.7' } : {}) }));
    const wider = by === 'address' && table[act].address_anywhere !== undefined && !here;
    expect(wider, 'an address is limited everywhere by one of the two').toBe(false);
    if (limit === undefined && by === 'address_anywhere' && table[act].address !== undefined) {
      matrix.push(`${name} ${table[act].address.here === true ? 'not limited' : 'as the address'}`);
      return;
    }
    if (limit === undefined) {
      const attempts = await times(80, attempt);
      expect(new Set(attempts.map((each) => each.allowed))).toEqual(new Set([true]));
      matrix.push(`${name} not limited`);
      return;
    }
    expect(await times(limit.times, attempt)).toEqual(Array.from({ length: limit.times }, () => allowed));
    const refused = await attempt();
    expect(refused).toEqual({ allowed: false, by, retryAfterSeconds: limit.seconds, first: true });
    pass(limit.seconds - 1);
    expect(await attempt()).toEqual({ allowed: false, by, retryAfterSeconds: 1, first: false });
    pass(1);
    expect(await attempt()).toEqual(allowed);
    const where = here ? ' from one network' : '';
    matrix.push(
      `${name} ${String(limit.times).padStart(4)} in ${String(limit.seconds).padStart(5)} s${where} → 429 M-LIMI-001, Retry-After ${limit.seconds}`,
    );
  });

  test('limits every act by network', () => {
    for (const act of limitedActs) expect(table[act].ip.times).toBeGreaterThan(0);
  });

  test('limits each guess of a secret by address or account: by networks alone, many machines would go on', () => {
    for (const act of ['code_tried', 'totp_tried', 'recovery_tried'] as const)
      expect(table[act].account ?? table[act].address).toBeDefined();
  });
});

describe('nobody locks out somebody else', () => {
  const owner = stranger();
  const exhaust = async (limits: Limits, act: LimitedAct, who: () => Who) => {
    for (let each = 0; each < 2000; each += 1) if (!(await limits.attempt(act, who())).allowed) return;
    throw new Error(`${act} is not limited`);
  };

  test.each(['code_sent', 'code_tried'] as const)(
    '%s: one network uses up an address for itself, and for no new browser of its owner elsewhere',
    async (act) => {
      const { limits } = open();
      await exhaust(limits, act, () => ({ ip: '192.0.2.7', address: owner.address }));
      expect(await limits.attempt(act, { ip: '192.0.2.7', address: owner.address })).toMatchObject({
        by: 'address',
      });
      expect(await limits.attempt(act, owner)).toEqual(allowed);
    },
  );

  test.each(['code_sent', 'code_tried'] as const)(
    '%s: many networks use up an address; its owner goes on from a device of theirs, and nobody from elsewhere',
    async (act) => {
      const { limits } = open();
      await exhaust(limits, act, () => stranger({ address: owner.address }));
      expect(await limits.attempt(act, stranger({ address: owner.address }))).toMatchObject({
        by: 'address_anywhere',
      });
      expect(await limits.attempt(act, { ...owner, device: 'known' })).toEqual(allowed);
      expect(await limits.attempt(act, stranger())).toEqual(allowed);
    },
  );

  test('passkey_tried: strangers use up an account; its owner goes on from a device of theirs', async () => {
    const { limits } = open();
    await exhaust(limits, 'passkey_tried', () => stranger({ account: owner.account }));
    expect(await limits.attempt('passkey_tried', stranger({ account: owner.account }))).toMatchObject({
      by: 'account',
    });
    expect(await limits.attempt('passkey_tried', { ...owner, device: 'known' })).toEqual(allowed);
  });

  // Only who has proven the mailbox comes here: no stranger locks anybody out, and devices multiply no guesses.
  test.each(['totp_tried', 'recovery_tried', 'second_factor_tried'] as const)(
    '%s: an account has its guesses, and no device has any more of them',
    async (act) => {
      const { limits } = open();
      await exhaust(limits, act, () => stranger({ account: owner.account, device: `device-${people}` }));
      expect(await limits.attempt(act, { ...owner, device: 'known' })).toMatchObject({ by: 'account' });
    },
  );

  test('an address that is typed too often counts where it is typed: its owner goes on from elsewhere', async () => {
    const { limits } = open();
    await exhaust(limits, 'email_typed', () => ({ ip: '192.0.2.7', address: owner.address }));
    expect(await limits.attempt('email_typed', owner)).toEqual(allowed);
    expect(await limits.attempt('email_typed', { ip: '192.0.2.7', address: 'autre@asso.example' })).toEqual(
      allowed,
    );
  });

  test('a network that is limited uses up no address, and no device of it', async () => {
    const { limits } = open();
    await exhaust(limits, 'code_sent', () => stranger({ ip: '192.0.2.7' }));
    for (let each = 0; each < 50; each += 1)
      expect(await limits.attempt('code_sent', { ip: '192.0.2.7', address: owner.address })).toMatchObject({
        by: 'ip',
      });
    expect(await limits.attempt('code_sent', owner)).toEqual(allowed);
    expect(await limits.attempt('code_sent', { ...owner, ip: '192.0.2.7', device: 'known' })).toEqual(
      allowed,
    );
  });

  test('but no device excuses what somebody who is signed in asks for', async () => {
    const { limits } = open();
    await exhaust(limits, 'join_asked', () => stranger({ account: owner.account, device: 'known' }));
    expect(await limits.attempt('join_asked', { ...owner, device: 'known' })).toMatchObject({
      by: 'account',
    });
  });
});

describe('one address', () => {
  test.each([
    ['Agent@asso.example', 'agent+1@asso.example', 'AGENT+a.b@Asso.Example'],
    ['pre.nom@gmail.com', 'prenom@googlemail.com', 'P.R.E.N.O.M+x@gmail.com'],
  ])('%s has one limit in all its spellings', async (...spellings) => {
    const { limits } = open();
    let turn = 0;
    const attempt = () =>
      limits.attempt('code_sent', stranger({ ip: '192.0.2.7', address: spellings[turn++ % 3] ?? '' }));
    const attempts = await times(limitsTable.code_sent.address.times + 1, attempt);
    expect(attempts.filter((each) => each.allowed)).toHaveLength(limitsTable.code_sent.address.times);
  });
});

describe('one network', () => {
  test.each([
    ['an IPv4 address in its two ways', ['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207']],
    [
      'the /64 of an IPv6 address',
      ['2001:db8:9:9::1', '2001:db8:9:9:ffff::2', '2001:0db8:0009:0009:1:2:3:4'],
    ],
  ])('is %s', async (_, ips) => {
    const { limits } = open();
    let turn = 0;
    const attempt = () => limits.attempt('official_code_sent', stranger({ ip: ips[turn++ % 3] ?? '' }));
    const attempts = await times(limitsTable.official_code_sent.ip.times + 1, attempt);
    expect(attempts.at(-1)).toMatchObject({ allowed: false, by: 'ip' });
    expect(attempts.filter((each) => each.allowed)).toHaveLength(limitsTable.official_code_sent.ip.times);
  });
});

describe('who succeeds', () => {
  const who: Who = { ip: '192.0.2.7', address: 'agent@asso.example', account: 'account-1' };
  const tries = limitsTable.code_tried.address.times;

  test('has their attempts back, in whatever spelling, and the network has not', async () => {
    const { limits } = open();
    await times(tries, () => limits.attempt('code_tried', who));
    await limits.succeeded('code_tried', { ...who, address: 'AGENT+x@asso.example' });
    expect(await times(tries, () => limits.attempt('code_tried', who))).toEqual(Array(tries).fill(allowed));
    expect(await limits.attempt('code_tried', who)).toMatchObject({ by: 'account' });
    const network = limitsTable.code_tried.ip.times - (2 * tries + 1);
    await times(network, () => limits.attempt('code_tried', stranger({ ip: who.ip })));
    expect(await limits.attempt('code_tried', stranger({ ip: who.ip }))).toMatchObject({ by: 'ip' });
  });

  test('on a device of theirs gives strangers nothing back', async () => {
    const { limits } = open();
    const { times: anywhere } = limitsTable.code_tried.address_anywhere;
    await times(anywhere, () => limits.attempt('code_tried', stranger({ address: who.address })));
    await limits.attempt('code_tried', { ...who, device: 'known' });
    await limits.succeeded('code_tried', { ...who, device: 'known' });
    expect(await limits.attempt('code_tried', stranger({ address: who.address }))).toMatchObject({
      by: 'address_anywhere',
    });
  });
});

describe('the store', () => {
  test('holds no address, account or network that could be read', async () => {
    const { ephemeral } = open();
    const keys: string[] = [];
    const watched = createLimits({
      ephemeral: {
        ...ephemeral,
        countUntilExceeded: (counters) => {
          keys.push(...counters.map(({ key }) => key));
          return ephemeral.countUntilExceeded(counters);
        },
      },
    });
    await watched.attempt('code_tried', {
      ip: '192.0.2.7',
      address: 'agent@asso.example',
      account: 'account-1',
    });
    expect(keys).toHaveLength(4);
    for (const key of keys) expect(key).toMatch(/^o:Li:[\w-]{43}$/);
  });

  test('that is away allows nothing', async () => {
    const { ephemeral } = open();
    const away = new BrokerError('M-STOR-002');
    const refuse = () => Promise.reject(away);
    const limits = createLimits({ ephemeral: { ...ephemeral, countUntilExceeded: refuse } });
    await expect(limits.attempt('email_typed', stranger())).rejects.toBe(away);
  });
});

describe('who is told', () => {
  const told = (retryAfterSeconds: number): unknown => {
    try {
      assertAllowed({ allowed: false, by: 'address', retryAfterSeconds, first: true });
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test('with M-LIMI-001, and when to come back', () =>
    expect(told(91)).toMatchObject({ code: 'M-LIMI-001', statusCode: 429, retryAfterSeconds: 91 }));

  test('nobody, when it is allowed', () => {
    expect(() => {
      assertAllowed(allowed);
    }).not.toThrow();
  });
});
