import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { authenticationOf } from './partners.ts';
import type { Partner, Partners } from './partners.ts';
import { codeOf, openDesk } from './testing/desk.ts';
import type { Desk } from './testing/desk.ts';

const postgres = await startPostgres('What partners sign in with, on PostgreSQL');
afterAll(() => postgres?.stop());
const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

const times = 20;
const actor = { kind: 'command_line' } as const;
const minute = 60;
const hour = 3600;

describe.each(databases)('what partners sign in with, on %s', (_name, databaseUrl) => {
  let desk: Desk;
  let partners: Partners;
  let partner: Partner;
  beforeAll(async () => {
    desk = await openDesk(await databaseUrl());
    partners = desk.partners;
  }, 180_000);
  afterAll(() => desk.close());
  beforeEach(async () => {
    partner = await desk.newPartner();
    await desk.mails();
  });
  const mailProof = () => ({ method: 'mail', at: desk.clock() }) as const;
  const subjects = async () =>
    (await desk.mails()).map(({ to, subject }) => `${to}: ${subject.split(' · ')[0]}`);
  const codeAt = (secret: string, seconds = 0): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: desk.clock().getTime() + seconds * 1000,
    });
  async function withTotp(whose = partner): Promise<{ readonly secret: string; readonly id: string }> {
    const begun = await partners.totp.begin(whose);
    const { id } = await partners.totp.add(whose, begun.sealed, codeAt(begun.secret), 'Téléphone');
    desk.pass(30);
    return { secret: begun.secret, id };
  }

  describe('applications that show codes', () => {
    test('the first code adds it, and serves for nothing else; each later one once, of twenty at once', async () => {
      const begun = await partners.totp.begin(partner);
      expect(begun.secret).toMatch(/^[A-Z2-7]{52}$/u);
      expect(begun.uri).toMatch(/^otpauth:\/\/totp\/Maillon:anne.*algorithm=SHA1&digits=6&period=30$/u);
      expect(begun.sealed).not.toContain(begun.secret);
      expect(await partners.totp.begun(partner, begun.sealed)).toMatchObject({ secret: begun.secret });
      expect(await codeOf(partners.totp.add(partner, begun.sealed, '000000', 'Téléphone'))).toBe(
        'M-PART-010',
      );
      const first = codeAt(begun.secret);
      await partners.totp.add(partner, begun.sealed, first, 'Téléphone');
      expect(await subjects()).toEqual([`${partner.address}: Nouveau moyen de connexion`]);
      expect(await codeOf(partners.totp.verify(partner, first))).toBe('M-PART-011');
      desk.pass(30);
      const code = codeAt(begun.secret);
      const all = await Promise.all(
        Array.from({ length: times }, () => codeOf(partners.totp.verify(partner, code))),
      );
      expect(all.toSorted()).toEqual([...Array.from({ length: times - 1 }, () => 'M-PART-011'), 'done']);
      // What was shown before the one that was accepted is over too.
      expect(await codeOf(partners.totp.verify(partner, codeAt(begun.secret, -30)))).toBe('M-PART-011');
      expect(await partners.authenticators(partner.id)).toMatchObject([
        { kind: 'totp', name: 'Téléphone', lastUsedAt: desk.clock() },
      ]);
    });

    test('one step before and after is accepted, two are not', async () => {
      const { secret } = await withTotp();
      desk.pass(10 * minute);
      expect(await codeOf(partners.totp.verify(partner, codeAt(secret, -60)))).toBe('M-PART-010');
      expect(await codeOf(partners.totp.verify(partner, codeAt(secret, 60)))).toBe('M-PART-010');
      expect(await codeOf(partners.totp.verify(partner, codeAt(secret, -30)))).toBe('done');
      const typed = codeAt(secret, 30);
      expect(await partners.totp.verify(partner, ` ${typed.slice(0, 3)} ${typed.slice(3)} `)).toEqual({
        method: 'totp',
        at: desk.clock(),
      });
    });

    test('what was begun is for one partner, for fifteen minutes, and once', async () => {
      const begun = await partners.totp.begin(partner);
      const other = await desk.newPartner();
      const add = (whose: Partner, sealed: string) =>
        codeOf(partners.totp.add(whose, sealed, codeAt(begun.secret), 'Téléphone'));
      expect(await add(other, begun.sealed)).toBe('M-PART-012');
      expect(await partners.totp.begun(other, begun.sealed)).toBeUndefined();
      for (const garbled of ['', 'x', `${begun.sealed}x`, 'a'.repeat(100_000)])
        expect(await add(partner, garbled)).toBe('M-PART-012');
      expect(await Promise.all([add(partner, begun.sealed), add(partner, begun.sealed)])).toContain(
        'M-PART-012',
      );
      expect(await partners.authenticators(partner.id)).toHaveLength(1);
      desk.pass(15 * minute);
      expect(await add(other, (await partners.totp.begin(other)).sealed)).toBe('M-PART-010');
      expect(await partners.totp.begun(partner, begun.sealed)).toBeUndefined();
    });

    test('a code that is none, or somebody else’s, proves nothing; the secret is sealed where it rests', async () => {
      const { secret } = await withTotp();
      const other = await desk.newPartner();
      for (const typed of ['', '12345', '1234567', 'abcdef', '１２３４５６', '0'.repeat(10_000)])
        expect(await codeOf(partners.totp.verify(partner, typed))).toBe('M-PART-010');
      expect(await codeOf(partners.totp.verify(other, codeAt(secret)))).toBe('M-PART-010');
      // Moved to another partner's row by whoever writes in the database, it opens for nobody.
      const { id } = await withTotp(other);
      await desk.stores.db
        .updateTable('partner_authenticator')
        .set((eb) => ({
          secret: eb
            .selectFrom('partner_authenticator as a')
            .select('a.secret')
            .where('a.partner_id', '=', partner.id),
        }))
        .where('id', '=', id)
        .execute();
      expect(await codeOf(partners.totp.verify(other, codeAt(secret)))).toBe('M-PART-010');
      const { rows } = await desk.stores.db
        .selectFrom('partner_authenticator')
        .select('secret')
        .execute()
        .then((all) => ({ rows: JSON.stringify(all) }));
      expect(rows).not.toContain(secret);
      await desk.stores.db.deleteFrom('partner').where('id', '=', other.id).execute();
    });
  });

  describe('recovery codes', () => {
    test('ten, each once, of twenty at once; typed as people type; new ones replace them', async () => {
      await withTotp();
      await desk.mails();
      const codes = await partners.recoveryCodes.make(partner);
      expect(codes).toHaveLength(10);
      expect(new Set(codes).size).toBe(10);
      for (const code of codes) expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/u);
      const [one = '', two = ''] = codes;
      const all = await Promise.all(
        Array.from({ length: times }, () => codeOf(partners.recoveryCodes.use(partner, one))),
      );
      expect(all.toSorted()).toEqual([...Array.from({ length: times - 1 }, () => 'M-PART-013'), 'done']);
      expect(await partners.recoveryCodes.left(partner.id)).toBe(9);
      const folded = two.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
      const proof = await partners.recoveryCodes.use(partner, folded);
      expect(authenticationOf([mailProof(), proof]).amr).toEqual(['mail', 'recovery', 'mfa']);
      expect(await subjects()).toEqual([
        `${partner.address}: Nouveaux codes de secours`,
        `${partner.address}: Un code de secours a servi`,
        `${partner.address}: Un code de secours a servi`,
      ]);
      const other = await desk.newPartner();
      expect(await codeOf(partners.recoveryCodes.use(other, codes[2] ?? ''))).toBe('M-PART-013');
      const [fresh = ''] = await partners.recoveryCodes.make(partner);
      for (const typed of [codes[2] ?? '', '', 'x', '0'.repeat(10_000)])
        expect(await codeOf(partners.recoveryCodes.use(partner, typed))).toBe('M-PART-013');
      expect(await codeOf(partners.recoveryCodes.use(partner, fresh))).toBe('done');
      const kept = JSON.stringify(
        await desk.stores.db.selectFrom('partner_recovery_code').selectAll().execute(),
      );
      for (const code of codes) expect(kept).not.toContain(code.replaceAll('-', ''));
    });
  });

  describe('removing and losing', () => {
    test('of two removed at once one stays where two factors are asked for', async () => {
      const one = await withTotp();
      const two = await withTotp();
      const remove = (id: string, mfaRequired: boolean) =>
        codeOf(partners.removeAuthenticator(partner.id, id, { mfaRequired }, actor));
      const both = await Promise.all([remove(one.id, true), remove(two.id, true)]);
      expect(both.toSorted()).toEqual(['M-PART-014', 'done']);
      await partners.recoveryCodes.make(partner);
      const [left] = await partners.authenticators(partner.id);
      const other = await desk.newPartner();
      expect(
        await codeOf(partners.removeAuthenticator(other.id, left?.id ?? '', { mfaRequired: false }, actor)),
      ).toBe('M-PART-002');
      await desk.mails();
      expect(await remove(left?.id ?? '', false)).toBe('done');
      expect(await partners.recoveryCodes.left(partner.id)).toBe(0);
      expect(await subjects()).toEqual([`${partner.address}: Moyen de connexion retiré`]);
    });

    test('lost factors: 72 hours, told to every address, nothing before and nothing long after', async () => {
      await withTotp();
      await partners.recoveryCodes.make(partner);
      await partners.addAddress(partner.id, `2${partner.address}`, actor);
      await desk.mails();
      const { lostFactors } = partners;
      const { readyAt } = await lostFactors.ask(partner, mailProof());
      expect(readyAt.getTime() - desk.clock().getTime()).toBe(72 * hour * 1000);
      const told = await desk.mails();
      expect(told.map(({ to }) => to)).toEqual([`2${partner.address}`, partner.address]);
      for (const { text } of told) expect(text).toContain('It was not you?');
      // Asked again: neither earlier nor later, and no further mail.
      desk.pass(hour);
      expect(await lostFactors.ask(partner, mailProof())).toEqual({ readyAt });
      expect(await desk.mails()).toEqual([]);
      desk.pass(71 * hour - 1);
      expect(await codeOf(lostFactors.finish(partner, mailProof()))).toBe('M-PART-017');
      desk.pass(1);
      const old = { method: 'mail', at: new Date(desk.clock().getTime() - 15 * 60_000 - 1) } as const;
      expect(await codeOf(lostFactors.finish(partner, old))).toBe('M-PART-016');
      expect(await codeOf(lostFactors.ask(partner, { method: 'mail', at: new Date(NaN) }))).toBe(
        'M-PART-016',
      );
      expect(await partners.authenticators(partner.id)).toHaveLength(1);
      await lostFactors.finish(partner, mailProof());
      expect(await partners.authenticators(partner.id)).toEqual([]);
      expect(await partners.recoveryCodes.left(partner.id)).toBe(0);
      expect(await lostFactors.state(partner.id)).toBeUndefined();
      expect((await desk.mails()).map(({ subject }) => subject)).toEqual([
        'Vos moyens de connexion ont été retirés · Your ways to sign in were removed',
        'Vos moyens de connexion ont été retirés · Your ways to sign in were removed',
      ]);
      expect(await codeOf(lostFactors.finish(partner, mailProof()))).toBe('M-PART-017');
      expect(await codeOf(lostFactors.ask(partner, mailProof()))).toBe('M-PART-015');
    });

    test('so many tries that its owner could not use one call it off: whoever reads the mailbox does not keep them out of it', async () => {
      await withTotp();
      const { lostFactors } = partners;
      await lostFactors.ask(partner, mailProof());
      await desk.mails();
      await partners.noticeLimited(partner, true);
      expect(await lostFactors.state(partner.id)).toBeUndefined();
      desk.pass(73 * hour);
      expect(await codeOf(lostFactors.finish(partner, mailProof()))).toBe('M-PART-017');
      const told = await desk.mails();
      expect(told.map(({ subject }) => subject)).toEqual([
        'Codes de connexion refusés · Sign-in codes refused',
        'Demande de retrait annulée · Request to remove called off',
      ]);
      expect(told[1]?.text).toContain('trop de codes ont été essayés');
      expect((await desk.acts(partner.id)).slice(-2)).toEqual([
        'partner.limit_second_factor',
        'partner.cancel_reset',
      ]);
    });

    test('a second factor that is used calls it off; one left alone for a week is over', async () => {
      const { secret } = await withTotp();
      const [code = ''] = await partners.recoveryCodes.make(partner);
      const { lostFactors } = partners;
      await lostFactors.ask(partner, mailProof());
      await desk.mails();
      await partners.totp.verify(partner, codeAt(secret));
      expect(await lostFactors.state(partner.id)).toBeUndefined();
      expect(await subjects()).toEqual([`${partner.address}: Demande de retrait annulée`]);
      await lostFactors.ask(partner, mailProof());
      await partners.recoveryCodes.use(partner, code);
      expect(await lostFactors.state(partner.id)).toBeUndefined();
      await lostFactors.ask(partner, mailProof());
      await lostFactors.cancel(partner.id);
      await lostFactors.cancel(partner.id);
      desk.pass(73 * hour);
      expect(await codeOf(lostFactors.finish(partner, mailProof()))).toBe('M-PART-017');
      await lostFactors.ask(partner, mailProof());
      desk.pass((72 + 7 * 24) * hour);
      expect(await lostFactors.state(partner.id)).toBeUndefined();
      expect(await codeOf(lostFactors.finish(partner, mailProof()))).toBe('M-PART-017');
      expect((await desk.acts(partner.id)).filter((act) => act.endsWith('_reset'))).toEqual([
        ...Array.from({ length: 3 }, () => ['partner.ask_reset', 'partner.cancel_reset']).flat(),
        'partner.ask_reset',
      ]);
    });
  });
});
