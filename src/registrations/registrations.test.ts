import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { verifyAudit } from '../audit/audit.ts';
import type { Act } from './act.ts';
import { approvalId, letterDigest } from './registrations.ts';
import { applicantOf, association, mayors, openRoomIn, operatorCalled, reasons } from './testing/room.ts';
import type { Room } from './testing/room.ts';
import { anne, bruno, code, confirm, createStories, refuse } from './testing/stories.ts';

const postgres = await startPostgres('Registrations, on PostgreSQL');
afterAll(() => postgres?.stop());
const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

describe.each(databases)('registrations, on %s', (_name, databaseUrl) => {
  let room: Room;
  let stories: ReturnType<typeof createStories>;
  beforeAll(async () => {
    room = await openRoomIn(await databaseUrl());
    stories = createStories(room);
  }, 180_000);
  afterAll(() => room.close());

  describe('whoever acts', () => {
    test('sees the file as it is: of two who decide at the same second, one does', async () => {
      const { id } = await stories.taken();
      const opened = await room.registrations.forOperator(id);
      if (opened === undefined) throw new Error('not opened');
      const act = stories.approve();
      const letter = room.registrations.preview(opened, anne, act);
      const letterSha256 = letter && letterDigest(letter);
      const decide = (registrations = room.registrations) =>
        registrations.act({ id, seen: opened.file.version, actor: anne, act, letterSha256 });
      const codes = await Promise.all([code(decide()), code(decide(room.another()))]);
      expect(codes.toSorted()).toEqual(['M-FILE-002', undefined]);
      expect(await stories.statusOf(id)).toBe('active');
      expect(await stories.lettersOf(id)).toEqual(['receipt', 'approval']);
    });

    test('on a stale page is told what happened meanwhile', async () => {
      const { id } = await stories.submitted();
      await room.act(id, anne, { act: 'take' });
      const stale = room.registrations.act({ id, seen: 1, actor: anne, act: { act: 'take' } });
      await expect(stale).rejects.toMatchObject({ code: 'M-FILE-002', values: { meanwhile: 'take' } });
    });

    test('sends only the letter that was previewed', async () => {
      const { id } = await stories.taken();
      const act = stories.approve();
      const send = (letterSha256?: string) =>
        room.registrations.act({ id, seen: 2, actor: anne, act, letterSha256 });
      expect(await code(send())).toBe('M-FILE-010');
      expect(await code(send('0'.repeat(64)))).toBe('M-FILE-010');
      const opened = await room.registrations.forOperator(id);
      if (opened === undefined) throw new Error('not opened');
      const other = room.registrations.preview(opened, anne, stories.approve({ endsOn: '2027-06-30' }));
      expect(await code(send(other && letterDigest(other)))).toBe('M-FILE-010');
      expect(await stories.lettersOf(id)).toEqual(['receipt']);
      expect(await stories.statusOf(id)).toBe('pending');
    });

    test.each<[string, Act]>([
      ['an approval of what nobody asked for', { act: 'confirm', service: 'tchap' }],
      ['a confirmation of nothing', { act: 'confirm', service: 'docs' }],
      ['silence', { act: 'silence', service: 'docs', means: 'acceptance' }],
      ['a closure', { act: 'close', service: 'docs', text: 'x' }],
      ['a reinstatement of what is not suspended', { act: 'reinstate', service: 'docs', text: 'x' }],
    ])('forges nothing: %s', async (_what, act) => {
      const { id, applicant } = await stories.taken();
      for (const actor of [anne, applicant]) {
        expect(await code(room.registrations.act({ id, seen: 2, actor, act }))).toMatch(/^M-FILE-00[13]$/);
      }
      expect((await room.registrations.forOperator(id))?.file.version).toBe(2);
    });

    test('says what the schema says, or nothing', async () => {
      const { id } = await stories.taken();
      const act: Act = { ...stories.approve(), text: '   ' } as Act;
      expect(await code(room.registrations.act({ id, seen: 2, actor: anne, act }))).toBe('M-FILE-017');
      const past = { ...stories.approve({ startsOn: '2026-01-01' }) };
      expect(await code(room.act(id, anne, past))).toBe('M-FILE-017');
      expect((await room.registrations.forOperator(id))?.file.version).toBe(2);
    });

    test('does not reach the file, pieces and letters of others', async () => {
      const { id, applicant } = await stories.submitted();
      const other = await stories.submitted(['tchap']);
      const eve = applicantOf('Eve');
      const act: Act = { act: 'withdraw_request' };
      expect(await code(room.registrations.act({ id, seen: 1, actor: eve, act }))).toBe('M-FILE-001');
      const missing = { id: 'D-26-00000000', seen: 1, actor: eve, act };
      expect(await code(room.registrations.act(missing))).toBe('M-FILE-001');
      const letter = (await room.registrations.forApplicant(id, applicant.accountId))?.letters[0]?.id ?? '';
      const { registrations } = room;
      expect(await code(registrations.letterForApplicant(id, eve.accountId, letter))).toBe('M-FILE-001');
      expect(await code(registrations.letterForApplicant(other.id, other.applicant.accountId, letter))).toBe(
        'M-FILE-001',
      );
      expect(await code(registrations.letterForOperator(id, "' or 1=1"))).toBe('M-FILE-001');
      const bytes = Buffer.from('%PDF-1.7');
      const file = { name: 'statuts.pdf', mediaType: 'application/pdf', bytes } as const;
      const piece = { kind: 'statutes', file } as const;
      expect(await code(registrations.addPiece(id, eve.accountId, piece))).toBe('M-FILE-001');
      const { id: own } = await registrations.addPiece(id, applicant.accountId, piece);
      expect(await code(registrations.pieceOfApplicant(id, eve.accountId, own))).toBe('M-FILE-001');
      expect(await code(registrations.pieceForOperator(other.id, anne, own))).toBe('M-FILE-001');
      expect((await registrations.pieceForOperator(id, anne, own)).content?.toString()).toBe('%PDF-1.7');
      // Sent with a file, it stays; and what another file holds answers no question of this one.
      expect(await code(registrations.removePiece(id, applicant.accountId, own))).toBe('M-FILE-003');
      await room.act(other.id, anne, { act: 'take' });
      expect(
        await code(
          room.act(other.id, anne, { act: 'check_evidence', evidence: own, verdict: 'accepted', text: '' }),
        ),
      ).toBe('M-FILE-001');
    });

    test('does not decide for an organization of theirs', async () => {
      const { id } = await stories.submitted();
      const own = operatorCalled('chloe', [association]);
      expect(await code(room.act(id, own, { act: 'take' }))).toBe('M-FILE-005');
    });

    test('does not decide on a file that names their address: an account that was erased leaves it there', async () => {
      const [declared] = [...room.needs.snapshot().operators.values()];
      if (declared === undefined) throw new Error('no operator');
      const own = operatorCalled(declared.id);
      const applicant = { ...applicantOf('Ada'), email: declared.email.toUpperCase() };
      await stories.settled();
      const id = await room.draft(applicant);
      await room.submit(id, applicant);
      expect(await code(room.act(id, own, { act: 'take' }))).toBe('M-FILE-005');
      expect(await code(room.act(id, anne, { act: 'take' }))).toBeUndefined();
    });

    test('does nothing more for an organization that took it away from them', async () => {
      const { id, applicant } = await stories.submitted();
      const { accountId } = applicant;
      await stories.revoked(accountId);
      const { registrations } = room;
      expect(await code(room.act(id, applicant, { act: 'withdraw_request' }))).toBe('M-FILE-075');
      const file = { name: 'a.pdf', mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.7') } as const;
      expect(await code(registrations.addPiece(id, accountId, { kind: 'statutes', file }))).toBe(
        'M-FILE-075',
      );
      expect(await registrations.forOperator(id)).toMatchObject({ senderRevoked: true });
      await room.stores.db.deleteFrom('membership').execute();
      expect(await code(room.act(id, applicant, { act: 'withdraw_request' }))).toBeUndefined();
    });
  });

  test('what is recorded as the words of the organization is sent to it, and shuts out neither its own nor its days', async () => {
    const { id, applicant } = await stories.approved();
    await room.act(id, anne, { act: 'notify_suspension', service: 'docs', ...reasons, days: 15 });
    const receivedOn = room.terms().startsOn;
    const recorded = { act: 'answer_notice', service: 'docs', text: 'Par téléphone.', receivedOn } as const;
    await room.act(id, anne, recorded);
    expect(await code(room.act(id, bruno, { act: 'suspend', service: 'docs', ...reasons }))).toBeDefined();
    await room.act(id, applicant, { act: 'answer_notice', service: 'docs', text: 'Nos mots.' });
    await room.act(id, anne, { act: 'suspend', service: 'docs', ...reasons });
    await room.act(id, anne, { ...recorded, act: 'appeal' });
    const file = await room.act(id, applicant, { act: 'appeal', service: 'docs', text: 'Nos mots.' });
    expect(file.requests[0]).toMatchObject({ state: 'appealed', appeal: { against: { as: 'suspended' } } });
    expect((await stories.lettersOf(id))?.slice(2)).toEqual([
      'suspension_notice',
      'observations_recorded',
      'suspension',
      'appeal_receipt',
      'appeal_receipt',
    ]);
    const told = (await room.registrations.forOperator(id))?.letters.map(({ document }) =>
      JSON.stringify(document),
    );
    expect(told?.[3]).toContain('Par téléphone.');
    expect(told?.[5]).toContain('Un agent l’a noté');
    expect(told?.[6]).not.toContain('Un agent l’a noté');
    expect(await stories.mailsAbout(id)).toHaveLength(7);
  });

  describe('a decision', () => {
    test('to refuse takes two people, who are not the same', async () => {
      const { id } = await stories.taken();
      await room.act(id, anne, refuse);
      expect(await stories.statusOf(id)).toBe('pending');
      expect(await stories.lettersOf(id)).toEqual(['receipt']);
      expect(await code(room.act(id, anne, confirm))).toBe('M-FILE-004');
      await room.act(id, bruno, confirm);
      expect(await stories.statusOf(id)).toBe('refused');
      expect(await stories.lettersOf(id)).toEqual(['receipt', 'refusal']);
      const opened = await room.registrations.forOperator(id);
      const text = JSON.stringify(opened?.letters.at(-1)?.document);
      expect(text).toContain('anne');
      expect(text).toContain('bruno');
      expect(text).toContain(reasons.text);
    });

    test('is read by its applicant without what prepared it', async () => {
      const { id, applicant } = await stories.taken();
      await room.act(id, anne, { act: 'note', text: 'À vérifier.' });
      await room.act(id, anne, refuse);
      const opened = await room.registrations.forApplicant(id, applicant.accountId);
      expect(opened?.file.version).toBe(4);
      expect(opened?.file.events.map(({ act }) => act.act)).toEqual(['submit']);
      expect(opened?.file.requests[0]?.proposed).toBeUndefined();
      expect(JSON.stringify(opened)).not.toContain('À vérifier.');
    });

    test('reaches whoever decides about access at once, and is told', async () => {
      room.rights.length = 0;
      const { id } = await stories.approved();
      expect(await stories.approvals()).toContainEqual(
        expect.objectContaining({
          id: `${id.toLowerCase()}-docs`,
          service: 'docs',
          level: 'member',
          status: 'active',
          endsOn: '2027-12-31',
          operator: 'Opérateur de démonstration',
        }),
      );
      await expect.poll(() => room.rights).toContainEqual({ siren: association, service: 'docs' });
      room.rights.length = 0;
      await room.act(id, bruno, { act: 'suspend_urgently', service: 'docs', ...reasons });
      expect(await stories.statusOf(id)).toBe('suspended');
      await expect.poll(() => room.rights).toEqual([{ siren: association, service: 'docs' }]);
      await room.act(id, anne, { act: 'reinstate', service: 'docs', text: 'L’incident est clos.' });
      expect(await stories.statusOf(id)).toBe('active');
      expect(await stories.lettersOf(id)).toEqual(['receipt', 'approval', 'suspension', 'reinstatement']);
    });

    test('is notified when its letter is first opened, once, by its addressee', async () => {
      const { id, applicant } = await stories.approved();
      const letter = (await room.registrations.forOperator(id))?.letters[1];
      if (letter === undefined) throw new Error('no letter');
      expect((await room.registrations.letterForOperator(id, letter.id)).readAt).toBeUndefined();
      const opened = await room.registrations.letterForApplicant(id, applicant.accountId, letter.id);
      expect(opened.readAt).toBeInstanceOf(Date);
      room.pass(1);
      const again = await room.registrations.letterForApplicant(id, applicant.accountId, letter.id);
      expect(again.readAt).toEqual(opened.readAt);
      expect(letterDigest(again.document)).toBe(letter.sha256);
    });

    test('that was declared in the configuration is never touched by a file', async () => {
      await stories.settled();
      const before = await stories.approvals(mayors);
      const ada = applicantOf('Ada');
      const id = await room.draft(ada, ['tchap'], mayors);
      await room.submit(id, ada);
      await room.act(id, ada, { act: 'withdraw_request' });
      expect(await stories.approvals(mayors)).toEqual(before);
    });

    test('that nobody would see, since the configuration has its place, is not taken', async () => {
      await stories.settled();
      const ada = applicantOf('Ada');
      const id = await room.draft(ada);
      const { db } = room.stores;
      const declared = await db.selectFrom('approval').selectAll().executeTakeFirstOrThrow();
      const own = { ...declared, id: approvalId(id, 'docs'), origin: 'configuration' };
      await db.insertInto('approval').values(own).execute();
      await expect(room.submit(id, ada)).rejects.toThrow('is declared');
      expect((await room.registrations.forApplicant(id, ada.accountId))?.file.version).toBe(0);
      await db.deleteFrom('approval').where('id', '=', own.id).execute();
    });
  });

  test('and the record of all of it holds', async () => {
    const verification = await verifyAudit(room.stores.db);
    expect(verification).toMatchObject({ breaks: [] });
    const acts = await room.stores.db.selectFrom('audit_entry').select('act').distinct().execute();
    expect(acts.map(({ act }) => act)).toEqual(
      expect.arrayContaining(['registration.submit', 'registration.approve', 'evidence.read', 'letter.open']),
    );
    const { count } = await room.stores.db
      .selectFrom('registration_event')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    const entries = await room.stores.db
      .selectFrom('audit_entry')
      .select('seq')
      .where('act', 'like', 'registration.%')
      .execute();
    expect(entries).toHaveLength(count);
  });
});
