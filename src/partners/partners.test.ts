import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { verifyAudit } from '../audit/audit.ts';
import { rewritten } from '../audit/testing/record.ts';
import { createLimits, limitsTable } from '../limits/limits.ts';
import { ephemeralFor } from '../storage/testing/ephemeral.ts';
import { assertSecondFactorAllowed } from './partners.ts';
import type { Partner, Partners } from './partners.ts';
import { codeOf, names, openDesk } from './testing/desk.ts';
import type { Desk } from './testing/desk.ts';

const postgres = await startPostgres('Partners, on PostgreSQL');
afterAll(() => postgres?.stop());
const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

const times = 20;
const actor = { kind: 'command_line' } as const;

describe.each(databases)('partners, on %s', (_name, databaseUrl) => {
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
  const subjects = async () =>
    (await desk.mails()).map(({ to, subject }) => `${to}: ${subject.split(' · ')[0]}`);

  describe('accounts', () => {
    test('twenty first sign-ins at once with one mailbox make one partner, in any letter case', async () => {
      const made = await Promise.all(
        Array.from({ length: times }, (_, turn) =>
          partners.create(turn % 2 === 0 ? 'Zoe@asso.example' : 'zoe@asso.example', names),
        ),
      );
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      const { id = '' } = made[0] ?? {};
      expect(await desk.acts(id)).toEqual(['partner.create']);
      expect((await partners.ofMailbox('ZOE@ASSO.EXAMPLE'))?.id).toBe(id);
      const rows = await desk.stores.db.selectFrom('partner').select('id').execute();
      expect(
        (await Promise.all(rows.map((row) => partners.find(row.id)))).every((one) => one !== undefined),
      ).toBe(true);
    });

    test('another spelling of a mailbox is neither a second account nor a way into the first', async () => {
      const { id } = await desk.newPartner('louis@gmail.com');
      expect(await partners.ofMailbox('lou.is+x@gmail.com')).toBeUndefined();
      expect(await codeOf(partners.create('lou.is+x@googlemail.com', names))).toBe('M-PART-004');
      expect((await partners.find(id))?.addresses).toHaveLength(1);
    });

    test('where a mail service may tell spellings apart, nobody keeps the owner of another from an account', async () => {
      const tagged = await desk.newPartner('louis+x@asso.example');
      const plain = await desk.newPartner('louis@asso.example');
      expect(plain.id).not.toBe(tagged.id);
      expect((await partners.ofMailbox('LOUIS@asso.example'))?.id).toBe(plain.id);
    });

    test('names are what they seem', async () => {
      const bad = { givenName: 'Anne\nBcc: x@y.example', usualName: 'Le Goff' };
      expect(await codeOf(partners.create('bad@asso.example', bad))).toBe('M-PART-003');
      expect(await codeOf(partners.rename(partner.id, bad, actor))).toBe('M-PART-003');
      const renamed = await partners.rename(
        partner.id,
        { givenName: ' Anne  Marie ', usualName: 'Roy' },
        actor,
      );
      expect([renamed.givenName, renamed.usualName]).toEqual(['Anne Marie', 'Roy']);
      expect(await partners.find(partner.id)).toEqual(renamed);
    });

    test('nobody is there for numbers that are none', async () => {
      const nobody = '99999999-9999-4999-8999-999999999999';
      for (const id of ['', "' or 1=1", nobody]) {
        expect(await partners.find(id)).toBeUndefined();
        expect(await partners.authenticators(id)).toEqual([]);
        expect(await partners.recoveryCodes.left(id)).toBe(0);
        expect(await partners.lostFactors.state(id)).toBeUndefined();
        expect(await codeOf(partners.rename(id, names, actor))).toBe('M-PART-002');
        expect(await codeOf(partners.makePrimary(partner.id, id, actor))).toBe('M-PART-002');
        expect(
          await codeOf(partners.removeAuthenticator(partner.id, id, { mfaRequired: false }, actor)),
        ).toBe('M-PART-002');
      }
    });

    test('addresses: added, made primary, removed, each told to all; one is always primary', async () => {
      const first = partner.address;
      const added = await partners.addAddress(partner.id, `2${first}`, actor);
      const [one, two] = added.addresses;
      expect(await subjects()).toEqual([
        `2${first}: Nouvelle adresse sur votre compte`,
        `${first}: Nouvelle adresse sur votre compte`,
      ]);
      expect((await partners.ofMailbox(`2${first}`))?.id).toBe(partner.id);
      const other = await desk.newPartner();
      expect(await codeOf(partners.addAddress(other.id, `2${first}`, actor))).toBe('M-PART-004');
      expect(await codeOf(partners.makePrimary(other.id, two?.id ?? '', actor))).toBe('M-PART-002');
      expect(await codeOf(partners.removeAddress(partner.id, one?.id ?? '', actor))).toBe('M-PART-006');
      const moved = await partners.makePrimary(partner.id, two?.id ?? '', actor);
      expect([moved.id, moved.address, moved.addresses[0]?.primary]).toEqual([partner.id, `2${first}`, true]);
      await desk.mails();
      await partners.removeAddress(partner.id, one?.id ?? '', actor);
      // Who lost it is told too.
      expect((await subjects()).map((line) => line.split(':')[0])).toEqual([`2${first}`, first]);
      expect(await partners.ofMailbox(first)).toBeUndefined();
      expect(await desk.acts(partner.id)).toEqual([
        'partner.create',
        'partner.add_address',
        'partner.make_primary',
        'partner.remove_address',
      ]);
      for (let count = 1; count < 10; count += 1)
        await partners.addAddress(partner.id, `${count}.${first}`, actor);
      expect(await codeOf(partners.addAddress(partner.id, `x.${first}`, actor))).toBe('M-PART-005');
    });
  });

  test('second factors tried too often in a day are told to every address, once', async () => {
    const own = await partners.addAddress(partner.id, `2${partner.address}`, actor);
    await desk.mails();
    const limits = createLimits({ ephemeral: ephemeralFor(desk.clock) });
    // Spread over the day, from everywhere: the narrow limits never see it.
    const attempt = (minutes: number) => {
      desk.pass(minutes * 60);
      return codeOf(
        assertSecondFactorAllowed(
          own,
          'totp_tried',
          { ip: '192.0.2.7', account: own.id },
          { limits, partners },
        ),
      );
    };
    const day = limitsTable.second_factor_tried.account.times;
    for (let each = 0; each < day; each += 1) expect(await attempt(10)).toBe('done');
    expect(await subjects()).toEqual([]);
    expect([await attempt(10), await attempt(10)]).toEqual(['M-LIMI-001', 'M-LIMI-001']);
    expect(await subjects()).toEqual([
      `2${partner.address}: Codes de connexion refusés`,
      `${partner.address}: Codes de connexion refusés`,
    ]);
    expect((await desk.acts(own.id)).at(-1)).toBe('partner.limit_second_factor');
    expect(await attempt(24 * 60)).toBe('done');
  });

  test('a new device is told, in words of ours', async () => {
    await partners.noticeNewDevice(partner, { browser: 'Firefox', system: 'Linux' }, desk.clock());
    const [mail] = await desk.mails();
    expect(mail?.text).toContain('(Firefox, Linux)');
    expect(mail?.text).toContain('\nhttps://connexion.example/api/v2/compte/securite\n');
    expect(mail?.text).toContain('somebody signed in to your account');
  });

  test('the record holds what is kept: an address or an authenticator written beside it is found', async () => {
    const { sealed, secret } = await partners.totp.begin(partner);
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: desk.clock().getTime(),
    });
    const { id } = await partners.totp.add(partner, sealed, code, 'Téléphone');
    const { db } = desk.stores;
    expect(await verifyAudit(db)).toMatchObject({ broken: 0, breaks: [], rows: [] });
    const address = partner.addresses[0]?.id ?? '';
    const thief = `update partner_address set spelling = 'thief@asso.example' where id = '${address}'`;
    expect(await rewritten(db, thief)).toMatchObject([{ kind: 'altered', key: address }]);
    const copied = `insert into partner_authenticator (id, partner_id, kind, name, created_at, secret, last_step)
      select '12345678-1234-4234-8234-123456789012', partner_id, kind, name, created_at, secret, 0
      from partner_authenticator where id = '${id}'`;
    expect(await rewritten(db, copied)).toMatchObject([
      { kind: 'unknown', table: 'partner_authenticator', key: '12345678-1234-4234-8234-123456789012' },
    ]);
    const gone = `delete from partner where id = '${partner.id}'`;
    expect(await rewritten(db, gone)).toEqual([]);
  });
});
