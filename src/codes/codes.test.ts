import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ephemeralFor } from '../storage/testing/ephemeral.ts';
import { codeDigits, codePurposes, createOneTimeCodes } from './codes.ts';
import type { CodeHolder, OneTimeCodes } from './codes.ts';

const mine: CodeHolder = { purpose: 'sign_in', holder: 'interaction-1', address: 'agent@asso.example' };
const begun = Date.parse('2026-11-23T09:00:00Z');

function open() {
  let now = begun;
  const clock = () => new Date(now);
  const ephemeral = ephemeralFor(clock);
  const codes = createOneTimeCodes({
    ephemeral,
    clock,
    random: randomBytes,
    pepper: new Uint8Array(32).fill(7),
    assertTrusted: () => undefined,
  });
  return { codes, ephemeral, clock, at: (seconds: number) => void (now = begun + seconds * 1000) };
}

async function sent(codes: OneTimeCodes, holder: CodeHolder = mine): Promise<string> {
  const issued = await codes.issue(holder);
  if (issued.outcome !== 'sent') throw new Error('no code was made');
  return issued.code;
}

/** Another code, whatever this one is. */
const otherThan = (code: string): string => code.replace(/.$/, (last) => String((Number(last) + 1) % 10));

const fifty = Array.from({ length: 50 }, (_, index) => index);

describe('a code', () => {
  test('is right once, for whoever asked for it', async () => {
    const { codes } = open();
    const code = await sent(codes);
    expect(code).toMatch(/^\d{8}$/);
    expect(code).toHaveLength(codeDigits);
    expect(await codes.check(mine, otherThan(code))).toBe('wrong');
    expect(await codes.check(mine, code)).toBe('right');
    expect(await codes.check(mine, code)).toBe('none');
  });

  test('is read with the blanks and dashes that people add, and with nothing else', async () => {
    for (const dress of [
      (code: string) => ` ${code.slice(0, 4)} ${code.slice(4)}\n`,
      (code: string) => `${code.slice(0, 4)}-${code.slice(4)}`,
      (code: string) => `${code.slice(0, 2)}–${code.slice(2)}\u00A0\u200B`,
    ]) {
      const { codes } = open();
      expect(await codes.check(mine, dress(await sent(codes)))).toBe('right');
    }
    const { codes } = open();
    const code = await sent(codes);
    for (const wrong of ['', '0', `${code}0`, code.slice(1), `x${code}`, `+${code}`, `${code}.0`, '٠١٢٣٤٥٦٧'])
      expect([wrong, await codes.check(mine, wrong)]).toEqual([wrong, 'wrong']);
    expect(await codes.check(mine, code)).toBe('right');
  });

  test.each<readonly [string, Partial<CodeHolder>]>([
    ['another browser', { holder: 'interaction-2' }],
    ['another address', { address: 'autre@asso.example' }],
    ['another purpose', { purpose: 'new_address' }],
    ['parts that are cut elsewhere', { holder: 'interaction-1","agent', address: '@asso.example' }],
  ])('is none for %s, which uses up nothing', async (_, other) => {
    const { codes } = open();
    const code = await sent(codes);
    const answers = await Promise.all(fifty.map(() => codes.check({ ...mine, ...other }, code)));
    expect(new Set(answers)).toEqual(new Set(['none']));
    expect(await codes.check(mine, code)).toBe('right');
  });

  test('of one holder is wrong for another one who has a code', async () => {
    const { codes } = open();
    const theirs: CodeHolder = { ...mine, holder: 'interaction-2' };
    const [code, other] = [await sent(codes), await sent(codes, theirs)];
    expect(await codes.check(theirs, code)).toBe(code === other ? 'right' : 'wrong');
  });

  test('is expired from the very second it ends', async () => {
    const { codes, at } = open();
    const issued = await codes.issue(mine);
    expect(issued.expiresAt).toEqual(new Date(begun + 3_600_000));
    const code = issued.outcome === 'sent' ? issued.code : '';
    at(3600);
    expect(await codes.check(mine, code)).toBe('expired');
    at(3599);
    expect(await codes.check(mine, code)).toBe('right');
  });

  test('is told expired for an hour, then forgotten', async () => {
    const { codes, at } = open();
    const code = await sent(codes);
    at(7199);
    expect(await codes.check(mine, code)).toBe('expired');
    at(7200);
    expect(await codes.check(mine, code)).toBe('none');
  });

  test('asked for by nobody, or forgotten, is none', async () => {
    const { codes } = open();
    expect(await codes.check(mine, '12345678')).toBe('none');
    const code = await sent(codes);
    await codes.forget(mine);
    expect(await codes.check(mine, code)).toBe('none');
    expect((await codes.issue(mine)).outcome).toBe('sent');
  });
});

describe('at once', () => {
  test('fifty right answers: one is right, and ten were compared', async () => {
    const { codes } = open();
    const code = await sent(codes);
    const answers = await Promise.all(fifty.map(() => codes.check(mine, code)));
    expect(
      Object.entries(Object.groupBy(answers, (each) => each)).map(([each, all]) => [each, all.length]),
    ).toEqual(
      expect.arrayContaining([
        ['right', 1],
        ['none', 9],
        ['too_many', 40],
      ]),
    );
  });

  test('51 who ask: one code', async () => {
    const { codes } = open();
    const issued = await Promise.all([0, ...fifty].map(() => codes.issue(mine)));
    expect(issued.filter(({ outcome }) => outcome === 'sent')).toHaveLength(1);
    for (const { resendAt } of issued) expect(resendAt).toEqual(new Date(begun + 600_000));
  });

  test('51 who ask for another one: one code', async () => {
    const { codes, at } = open();
    await sent(codes);
    at(600);
    const issued = await Promise.all([0, ...fifty].map(() => codes.issue(mine)));
    expect(issued.filter(({ outcome }) => outcome === 'sent')).toHaveLength(1);
  });
});

describe('tries', () => {
  test('are ten in five minutes: then nothing is compared until the window has passed', async () => {
    const { codes, at } = open();
    const code = await sent(codes);
    at(1);
    const answers = await Promise.all(fifty.slice(0, 10).map(() => codes.check(mine, otherThan(code))));
    expect(new Set(answers)).toEqual(new Set(['wrong']));
    at(300);
    expect(await codes.check(mine, code)).toBe('too_many');
    at(301);
    expect(await codes.check(mine, code)).toBe('right');
  });

  test('begin again with a new code', async () => {
    const { codes, at } = open();
    const code = await sent(codes);
    at(550);
    await Promise.all(fifty.slice(0, 11).map(() => codes.check(mine, otherThan(code))));
    expect(await codes.check(mine, code)).toBe('too_many');
    at(600);
    expect(await codes.check(mine, await sent(codes))).toBe('right');
  });
});

describe('another code', () => {
  test('is made after ten minutes, and the former one is right no more', async () => {
    const { codes, at } = open();
    const first = await sent(codes);
    at(599);
    expect(await codes.issue(mine)).toEqual({
      outcome: 'wait',
      resendAt: new Date(begun + 600_000),
      expiresAt: new Date(begun + 3_600_000),
    });
    at(600);
    const second = await sent(codes);
    if (first !== second) expect(await codes.check(mine, first)).toBe('wrong');
    expect(await codes.check(mine, second)).toBe('right');
  });

  test('asks whether it may be made when it is due, and not otherwise; refused, it is due all the same', async () => {
    const { codes, at } = open();
    const asked: string[] = [];
    const permit = (name: string) => () => Promise.resolve(void asked.push(name));
    const refusal = new Error('too many');
    await expect(codes.issue(mine, () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect((await codes.issue(mine, permit('first'))).outcome).toBe('sent');
    expect((await codes.issue(mine, permit('too early'))).outcome).toBe('wait');
    at(600);
    expect((await codes.issue(mine, permit('second'))).outcome).toBe('sent');
    expect(asked).toEqual(['first', 'second']);
  });

  test('is made at once when the last one was used, and for another address', async () => {
    const { codes } = open();
    await codes.check(mine, await sent(codes));
    expect((await codes.issue(mine)).outcome).toBe('sent');
    expect((await codes.issue({ ...mine, address: 'autre@asso.example' })).outcome).toBe('sent');
  });
});

describe('the store', () => {
  test('tells no code: neither the code nor whom it is for stands there, and another key reads nothing', async () => {
    const { codes, ephemeral, clock } = open();
    const written: string[] = [];
    const watched = createOneTimeCodes({
      ephemeral: {
        ...ephemeral,
        set: async (key, value, ttl) => {
          written.push(key, value);
          await ephemeral.set(key, value, ttl);
        },
      },
      clock,
      random: randomBytes,
      pepper: new Uint8Array(32).fill(8),
      assertTrusted: () => undefined,
    });
    const code = await sent(watched);
    expect(written).toHaveLength(2);
    for (const each of written) {
      expect(each).not.toContain(code);
      expect(each).not.toContain('asso');
    }
    expect(await codes.check(mine, code)).toBe('wrong');
    expect(await watched.check(mine, code)).toBe('right');
  });

  test('that is away makes nothing right', async () => {
    const { codes, ephemeral, clock } = open();
    const code = await sent(codes);
    const broken = createOneTimeCodes({
      ephemeral: { ...ephemeral, count: () => Promise.reject(new Error('away')) },
      clock,
      random: randomBytes,
      pepper: new Uint8Array(32).fill(7),
      assertTrusted: () => undefined,
    });
    await expect(broken.check(mine, code)).rejects.toThrow('away');
  });
});

test('each purpose has codes of its own', async () => {
  const { codes } = open();
  const made = await Promise.all(codePurposes.map((purpose) => sent(codes, { ...mine, purpose })));
  expect(made).toHaveLength(codePurposes.length);
});

test('of an address that is not trusted, no code is made, and none that was sent before is right', async () => {
  let trusted = true;
  const codes = createOneTimeCodes({
    ephemeral: ephemeralFor(() => new Date()),
    clock: () => new Date(),
    random: randomBytes,
    pepper: new Uint8Array(32).fill(7),
    assertTrusted: (address) => {
      if (!trusted) throw new Error(`not ${address}`);
    },
  });
  const holder: CodeHolder = { purpose: 'sign_in', holder: 'uid', address: 'a@tenu.example' };
  const issued = await codes.issue(holder);
  trusted = false;
  await expect(codes.issue(holder)).rejects.toThrow('not a@tenu.example');
  const code = issued.outcome === 'sent' ? issued.code : '';
  await expect(codes.check(holder, code)).rejects.toThrow('not a@tenu.example');
  trusted = true;
  expect(await codes.check(holder, code)).toBe('right');
});
