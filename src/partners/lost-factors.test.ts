// Whoever lost their second factors, and whoever reads their mailbox: what each of them can do to the other.
import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLimits } from '../limits/limits.ts';
import type { Limits } from '../limits/limits.ts';
import { assertSecondFactorAllowed } from './partners.ts';
import type { Partner } from './partners.ts';
import { codeOf, openDesk } from './testing/desk.ts';
import type { Desk } from './testing/desk.ts';

let desk: Desk;
let limits: Limits;
let partner: Partner;

beforeAll(async () => {
  desk = await openDesk();
  limits = createLimits({ ephemeral: desk.stores.ephemeral });
}, 180_000);
afterAll(() => desk.close());
beforeEach(async () => {
  partner = await desk.newPartner();
  const { secret, sealed } = await desk.partners.totp.begin(partner);
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: desk.clock().getTime(),
  });
  await desk.partners.totp.add(partner, sealed, code, 'Téléphone');
  await desk.mails();
});

const mailProof = () => ({ method: 'mail', at: desk.clock() }) as const;
const tries = () =>
  codeOf(
    assertSecondFactorAllowed(
      partner,
      'totp_tried',
      { ip: '192.0.2.7' },
      { limits, partners: desk.partners },
    ),
  );
/** As many wrong codes as a day bears. */
async function useUpTheDay(): Promise<void> {
  for (let made = 0; made < 50; made += 1) {
    if (made % 10 === 0) desk.pass(15 * 60);
    expect(await tries()).toBe('done');
  }
  desk.pass(15 * 60);
}
const told = async () => (await desk.mails()).map(({ subject }) => subject.split(' · ')[0]);
const limited = 'Codes de connexion refusés';
const calledOff = 'Demande de retrait annulée';

test('the code that a day bears no more calls the request off, and tells both, once; the mail says whom to ask', async () => {
  await desk.partners.lostFactors.ask(partner, mailProof());
  await desk.mails();
  await useUpTheDay();
  expect(await desk.partners.lostFactors.state(partner.id)).toBeDefined();
  expect(await tries()).toBe('M-LIMI-001');
  expect(await desk.partners.lostFactors.state(partner.id)).toBeUndefined();
  const mails = await desk.mails();
  expect(mails.map(({ subject }) => subject.split(' · ')[0])).toEqual([limited, calledOff]);
  expect(mails[1]?.text).toContain('https://connexion.example/api/v2/aide');
  expect(await tries()).toBe('M-LIMI-001');
  expect(await told()).toEqual([]);
});

test('a request that is open is called off by any code of that day, the first refused or not', async () => {
  await useUpTheDay();
  expect(await tries()).toBe('M-LIMI-001');
  expect(await told()).toEqual([limited]);
  await desk.partners.lostFactors.ask(partner, mailProof());
  await desk.mails();
  expect(await tries()).toBe('M-LIMI-001');
  expect(await desk.partners.lostFactors.state(partner.id)).toBeUndefined();
  expect(await told()).toEqual([calledOff]);
});

test('so it is when the database failed at the first', async () => {
  await desk.partners.lostFactors.ask(partner, mailProof());
  await desk.mails();
  await useUpTheDay();
  await sql`alter table audit_entry rename to audit_entry_away`.execute(desk.stores.db);
  expect(await tries()).not.toBe('M-LIMI-001');
  await sql`alter table audit_entry_away rename to audit_entry`.execute(desk.stores.db);
  expect(await desk.partners.lostFactors.state(partner.id)).toBeDefined();
  expect(await tries()).toBe('M-LIMI-001');
  expect(await desk.partners.lostFactors.state(partner.id)).toBeUndefined();
  expect(await told()).toEqual([calledOff]);
});

test('restored by whoever checked who it is: nothing is left of what was lost nor of what was open, and every address is told', async () => {
  const { db } = desk.stores;
  const [accountId, at] = [randomUUID(), desk.clock()];
  await db.insertInto('account').values({ id: accountId, created_at: at, blocked_at: null }).execute();
  const identity = { idp_id: 'partenaires', issuer: 'https://connexion.example', subject: partner.id };
  await db
    .insertInto('identity')
    .values({ ...identity, account_id: accountId, created_at: at, last_seen_at: at })
    .execute();
  await desk.partners.addAddress(partner.id, `2${partner.address}`, { kind: 'command_line' });
  await desk.partners.recoveryCodes.make(partner);
  await desk.partners.lostFactors.ask(partner, mailProof());
  await desk.mails();
  const actor = { kind: 'command_line', user: 'root' } as const;
  const done = await desk.partners.lostFactors.restore(partner.id, { reason: 'Vue au guichet', actor });
  expect(done).toEqual({ authenticators: 1 });
  expect(await desk.partners.authenticators(partner.id)).toEqual([]);
  expect(await desk.partners.recoveryCodes.left(partner.id)).toBe(0);
  expect(await desk.partners.lostFactors.state(partner.id)).toBeUndefined();
  // By the clock of the database: that of the machine where the command is typed may be behind.
  const { rows } = await sql`
    select now() - access_ended_at < interval '1 minute' as lately from account where id = ${accountId}`.execute(
    db,
  );
  expect(rows).toEqual([{ lately: true }]);
  const mails = await desk.mails();
  expect(mails.map(({ to }) => to)).toEqual([`2${partner.address}`, partner.address]);
  for (const { text } of mails) {
    expect(text).toContain('après vérification de votre identité');
    expect(text).toContain('/api/v2/aide');
    expect(text).not.toContain('guichet');
  }
  const entry = await db
    .selectFrom('audit_entry')
    .selectAll()
    .where('act', '=', 'partner.restore')
    .executeTakeFirst();
  expect(JSON.stringify(entry)).toMatch(/command_line[\s\S]*Vue au guichet/u);
  // Nothing to take off: whoever typed the command learns it, and nobody is told.
  expect(await codeOf(desk.partners.lostFactors.restore(partner.id, { reason: 'x', actor }))).toBe(
    'M-PART-015',
  );
  expect(await codeOf(desk.partners.lostFactors.restore(randomUUID(), { reason: 'x', actor }))).toBe(
    'M-PART-002',
  );
  expect(await told()).toEqual([]);
});
