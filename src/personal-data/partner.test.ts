import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { verifyAudit } from '../audit/audit.ts';
import { createSeal } from '../config/config.ts';
import { createAccounts } from '../identity/identity.ts';
import { createPartners, partnerIdentity, partnerSealPurpose } from '../partners/partners.ts';
import type { Partners } from '../partners/partners.ts';
import { openKept } from './testing/kept.ts';

const copySchema = z.object({
  parts: z.array(z.object({ part: z.string(), items: z.array(z.record(z.string(), z.unknown())) })),
});

let kept: Awaited<ReturnType<typeof openKept>>;
let partners: Partners;
beforeAll(async () => {
  kept = await openKept(undefined);
  const { db, clock } = kept.room.needs;
  partners = createPartners({
    db,
    clock,
    randomId: randomUUID,
    random: randomBytes,
    seal: createSeal(['k'.repeat(43)], partnerSealPurpose, clock),
    issuer: new URL('https://connexion.example'),
  });
}, 120_000);
afterAll(() => kept.room.close());

/** Signed in once, with two addresses and recovery codes. */
async function somebody(address: string) {
  const { db, clock } = kept.room.needs;
  const created = await partners.create(address, { givenName: 'Camille', usualName: 'Fictive' });
  const asserted = partnerIdentity(created, [{ method: 'mail', at: clock() }], 'https://connexion.example');
  const { accountId } = await createAccounts({ db, clock, randomId: randomUUID }).signIn(asserted);
  const actor = { kind: 'account', accountId } as const;
  const partner = await partners.addAddress(created.id, `2${address}`, actor);
  await partners.recoveryCodes.make(partner);
  return { accountId, address, actor, partner };
}

async function erase({ accountId, address, actor }: Awaited<ReturnType<typeof somebody>>) {
  const person = { accountId, address };
  const plan = await kept.personalData.plan(person);
  await kept.personalData.erase({ person, actor, reason: 'Demande.', seen: plan?.digest ?? '' });
  return plan?.erased.map(({ words }) => words);
}

test('a partner reads what they sign in with, and what they did before they had an account; no secret', async () => {
  const { accountId, address, partner } = await somebody('camille@asso.example');
  const text = await kept.everything({ accountId, address });
  const { parts } = copySchema.parse(JSON.parse(text));
  expect(parts.find(({ part }) => part === 'partner')?.items).toMatchObject([
    { name: 'Camille Fictive', subject: partner.id },
    { email: address, whole: { primary: true } },
    { email: `2${address}`, whole: { primary: false } },
  ]);
  const acts = parts.find(({ part }) => part === 'record')?.items.map(({ act }) => act);
  expect(acts).toEqual(expect.arrayContaining(['partner.create', 'partner.add_address']));
  const hashes = await kept.room.needs.db.selectFrom('partner_recovery_code').select('hash').execute();
  for (const { hash } of hashes) expect(text).not.toContain(hash);
});

test('an erasure takes all of it, and frees the addresses', async () => {
  const { db } = kept.room.needs;
  const her = await somebody('dominique@asso.example');
  expect(await erase(her)).toContain('partner');
  expect(await partners.find(her.partner.id)).toBeUndefined();
  const left = (await kept.whereIs('dominique@')).filter((column) => !column.startsWith('mail.'));
  expect(left).toEqual([]);
  const details = await db
    .selectFrom('audit_entry')
    .select('detail')
    .where('subject', '=', `partner:${her.partner.id}`)
    .execute();
  expect(details.length).toBeGreaterThan(2);
  expect(details.filter(({ detail }) => detail !== null)).toEqual([]);
  expect(await verifyAudit(db)).toMatchObject({ broken: 0, breaks: [], rows: [] });
  const again = await somebody('2dominique@asso.example');
  expect(again.partner.id).not.toBe(her.partner.id);
});

test('nobody escapes a block by an erasure: the addresses stay theirs, names and codes go', async () => {
  const { db, clock } = kept.room.needs;
  const him = await somebody('elie@asso.example');
  await db.updateTable('account').set({ blocked_at: clock() }).where('id', '=', him.accountId).execute();
  expect(await erase(him)).toContain('partnerHeld');
  const found = await partners.ofMailbox('2elie@asso.example');
  expect(found).toMatchObject({ id: him.partner.id, givenName: '', usualName: '' });
  expect(await partners.recoveryCodes.left(him.partner.id)).toBe(0);
});
