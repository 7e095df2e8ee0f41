// One right for an organization and a service; a suspension that a second file, or a renewal, does not undo; nobody
// decides on what they asked for; nobody keeps others from asking.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { applicantOf, association, mayors, openRoomIn, operatorCalled, reasons } from './testing/room.ts';
import type { Room } from './testing/room.ts';
import { anne, bruno, code, createStories } from './testing/stories.ts';

const postgres = await startPostgres('Rights of files, on PostgreSQL');
afterAll(() => postgres?.stop());
const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

const urgent = { act: 'suspend_urgently', service: 'docs', ...reasons } as const;
const reinstate = { act: 'reinstate', service: 'docs', text: 'L’incident est clos.' } as const;

describe.each(databases)('rights of files, on %s', (_name, databaseUrl) => {
  let room: Room;
  let stories: ReturnType<typeof createStories>;
  beforeAll(async () => {
    room = await openRoomIn(await databaseUrl());
    stories = createStories(room);
  }, 180_000);
  afterAll(() => room.close());
  beforeEach(async () => {
    room.goTo('2026-11-23T09:00:00Z');
    await stories.settled();
  });

  const submitted = async (name: string, services = ['docs'], organization = association) => {
    const applicant = applicantOf(name);
    const id = await room.draft(applicant, services, organization);
    await room.submit(id, applicant);
    return { id, applicant };
  };
  const taken = async (name: string, by = anne) => {
    const file = await submitted(name);
    await room.act(file.id, by, { act: 'take' });
    return file;
  };

  describe('a second file', () => {
    test('is not sent while another one has the right, in force or suspended', async () => {
      const { id } = await stories.approved();
      const ivo = applicantOf('Ivo');
      const second = await room.draft(ivo);
      expect(await code(room.submit(second, ivo))).toBe('M-FILE-061');
      await room.act(id, bruno, urgent);
      expect(await code(room.submit(second, ivo))).toBe('M-FILE-061');
      room.goTo('2028-01-01T09:00:00Z');
      expect(await code(room.submit(second, ivo))).toBeUndefined();
    });

    test('is granted neither, by a decision nor by an appeal, even to two who decide at once', async () => {
      const one = await taken('Ada');
      const other = await taken('Ivo');
      const codes = await Promise.all([
        code(room.act(one.id, anne, stories.approve())),
        code(room.act(other.id, anne, stories.approve())),
      ]);
      expect(codes.toSorted()).toEqual(['M-FILE-061', undefined]);
    });

    test('stands beside a declared right, suspended or not: the one in force may be followed, not overlapped', async () => {
      const ada = applicantOf('Ada');
      const id = await room.draft(ada, ['docs'], mayors);
      expect(await code(room.submit(id, ada))).toBe('M-FILE-061');
      const { db } = room.stores;
      const declared = () =>
        db.updateTable('approval').where('siren', '=', mayors).where('service_id', '=', 'docs');
      const before = await db
        .selectFrom('approval')
        .select('ends_on')
        .where('siren', '=', mayors)
        .where('service_id', '=', 'docs')
        .executeTakeFirstOrThrow();
      await declared().set({ ends_on: '2027-01-31', status: 'suspended' }).execute();
      expect(await code(room.submit(id, ada))).toBe('M-FILE-061');
      await declared().set({ status: 'active' }).execute();
      expect(await code(room.submit(id, ada))).toBeUndefined();
      await room.act(id, anne, { act: 'take' });
      expect(await code(room.act(id, anne, stories.approve({ startsOn: '2027-01-31' })))).toBe('M-FILE-061');
      expect(await code(room.act(id, anne, stories.approve({ startsOn: '2027-02-01' })))).toBeUndefined();
      await declared().set({ ends_on: before.ends_on }).where('origin', '=', 'configuration').execute();
    });
  });

  describe('a renewal granted before', () => {
    const statuses = async (...ids: string[]) => Promise.all(ids.map((id) => stories.statusOf(id)));

    test('opens nothing by itself once the right that it renews is suspended', async () => {
      const { id, renewal, grant } = await stories.renewed();
      await room.act(renewal, bruno, grant);
      expect(await statuses(id, renewal)).toEqual(['active', 'active']);
      await room.act(id, anne, urgent);
      expect(await statuses(id, renewal)).toEqual(['suspended', 'suspended']);
      await room.act(id, anne, reinstate);
      expect(await statuses(id, renewal)).toEqual(['active', 'active']);
      await room.act(id, anne, urgent);
      room.goTo('2027-02-01T09:00:00Z');
      await room.registrations.turn();
      expect(await stories.statusOf(renewal)).toBe('suspended');
      // Somebody looks at the renewal itself, and lets it go on.
      await room.act(renewal, bruno, { act: 'take' }).catch(() => undefined);
      await room.act(renewal, bruno, { act: 'notify_suspension', service: 'docs', ...reasons, days: 15 });
      expect(await stories.statusOf(renewal)).toBe('suspended');
      room.pass(1);
      await room.act(renewal, bruno, { act: 'take' }).catch(() => undefined);
      await room.act(renewal, bruno, reinstate);
      expect(await stories.statusOf(renewal)).toBe('active');
    });

    test('waits while the suspension is only announced, and the former right goes on to its last day', async () => {
      const { id, renewal, grant } = await stories.renewed('2027-01-15');
      await room.act(renewal, bruno, grant);
      await room.act(id, anne, { act: 'notify_suspension', service: 'docs', ...reasons, days: 60 });
      const rows = await stories.approvals();
      expect(rows.map(({ id: row, status, startsOn }) => [row, status, startsOn]).toSorted()).toEqual(
        [
          [`${id.toLowerCase()}-docs`, 'active', '2026-11-23'],
          [`${renewal.toLowerCase()}-docs`, 'suspended', '2027-02-01'],
        ].toSorted(),
      );
      room.goTo('2027-01-16T09:00:00Z');
      await room.registrations.turn();
      expect((await room.registrations.forOperator(id))?.file.requests[0]?.state).toBe('suspension_notified');
      await room.act(id, anne, { act: 'take' }).catch(() => undefined);
      await room.act(id, anne, reinstate);
      await room.registrations.turn();
      expect((await room.registrations.forOperator(id))?.file.requests[0]?.state).toBe('renewed');
      expect(await stories.statusOf(renewal)).toBe('active');
    });

    test('is not granted while the right that it renews is suspended', async () => {
      const { id, renewal, grant } = await stories.renewed();
      await room.act(id, anne, urgent);
      expect(await code(room.act(renewal, bruno, grant))).toBe('M-FILE-062');
      await room.act(id, anne, reinstate);
      expect(await code(room.act(renewal, bruno, grant))).toBeUndefined();
    });
  });

  describe('nobody decides', () => {
    test('on what they sent themselves, or for an organization for which they sent a file', async () => {
      const { id, applicant } = await submitted('Ada');
      const other = await submitted('Ivo', ['tchap']);
      const ada = { ...operatorCalled('ada'), accountId: applicant.accountId };
      expect(await code(room.act(id, ada, { act: 'take' }))).toBe('M-FILE-005');
      expect(await code(room.act(other.id, ada, { act: 'take' }))).toBe('M-FILE-005');
      const somebody = { ...ada, accountId: applicantOf('Zoé').accountId };
      expect(await code(room.act(id, somebody, { act: 'take' }))).toBeUndefined();
    });

    test('on what they proposed under another name', async () => {
      const { accountId } = applicantOf('Anne');
      const { id } = await submitted('Ada');
      const one = { ...anne, accountId };
      await room.act(id, one, { act: 'take' });
      const proposal = { decision: 'refuse', ...reasons } as const;
      await room.act(id, one, { act: 'propose', service: 'docs', proposal });
      const confirm = { act: 'confirm', service: 'docs' } as const;
      expect(await code(room.act(id, { ...bruno, accountId }, confirm))).toBe('M-FILE-004');
      expect(await code(room.act(id, bruno, confirm))).toBeUndefined();
    });
  });

  describe('whoever files for an organization', () => {
    test('keeps nobody else from asking; whoever decides sees both', async () => {
      const eve = await submitted('Eve');
      const president = await submitted('Maëlle');
      const opened = await room.registrations.forOperator(president.id);
      if (opened === undefined) throw new Error('not opened');
      const { duplicates } = await room.registrations.similar(opened, {});
      expect(duplicates.map(({ id }) => id)).toContain(eve.id);
      const again = await room.draft(eve.applicant);
      expect(await code(room.submit(again, eve.applicant))).toBe('M-FILE-014');
    });

    test('is told of their request; nobody else is, before it is granted', async () => {
      const { id } = await taken('Eve');
      expect(await stories.statusOf(id)).toBe('pending');
      expect(await stories.approvals()).toEqual([]);
      const proposal = { decision: 'refuse', ...reasons } as const;
      await room.act(id, anne, { act: 'propose', service: 'docs', proposal });
      await room.act(id, bruno, { act: 'confirm', service: 'docs' });
      expect(await stories.statusOf(id)).toBe('refused');
      expect(await stories.approvals()).toEqual([]);
    });

    test('has ten files examined at most', async () => {
      const ada = applicantOf('Ada');
      const ids: string[] = [];
      for (let count = 0; count < 11; count += 1) ids.push(await room.draft(ada, ['docs']));
      const { db } = room.stores;
      await db
        .updateTable('registration')
        .set({ stage: 'examination' })
        .where('id', 'in', ids.slice(1))
        .execute();
      expect(await code(room.submit(ids[0] ?? '', ada))).toBe('M-FILE-063');
      await db
        .updateTable('registration')
        .set({ stage: 'draft' })
        .where('id', 'in', ids.slice(1, 2))
        .execute();
      expect(await code(room.submit(ids[0] ?? '', ada))).toBeUndefined();
    });

    test('sends 200 MB at most; what is added to a file that is examined is in the record', async () => {
      const { id, applicant } = await submitted('Ada');
      const piece = (name: string) => ({
        kind: 'statutes' as const,
        file: { name, mediaType: 'application/pdf' as const, bytes: Buffer.from(`%PDF-1.7 ${name}`) },
      });
      const added = await room.registrations.addPiece(id, applicant.accountId, piece('a.pdf'));
      await room.registrations.addPiece(id, applicant.accountId, piece('a.pdf'));
      const { db } = room.stores;
      const entries = await db
        .selectFrom('audit_entry')
        .select('detail')
        .where('act', '=', 'evidence.add')
        .where('subject', '=', `registration:${id}`)
        .execute();
      expect(entries).toHaveLength(1);
      expect(entries[0]?.detail).toContain(added.sha256);
      const other = await room.draft(applicant, ['tchap']);
      const large = await room.registrations.addPiece(other, applicant.accountId, piece('b.pdf'));
      await db.updateTable('evidence').set({ size: 199_999_990 }).where('id', '=', large.id).execute();
      const third = await room.draft(applicant, ['visio']);
      const more = () => room.registrations.addPiece(third, applicant.accountId, piece('c.pdf'));
      expect(await code(more())).toBe('M-FILE-064');
      await db.updateTable('evidence').set({ size: 10 }).where('id', '=', large.id).execute();
      expect(await code(more())).toBeUndefined();
    });
  });

  describe('what PostgreSQL cannot hold', () => {
    test('is nobody’s number, and no text', async () => {
      const { id, applicant } = await taken('Ada');
      const { registrations } = room;
      for (const bad of ['\0', `${id}\0`, 'D-26-\0']) {
        expect(await registrations.forOperator(bad)).toBeUndefined();
        expect(await registrations.forApplicant(bad, applicant.accountId)).toBeUndefined();
        expect(await code(registrations.letterForOperator(bad, 'x'))).toBe('M-FILE-001');
      }
      expect(await registrations.startDraft(applicant, { organization: '130\0' })).toMatch(/^D-/);
      const act = { ...stories.approve(), text: 'a\0b' };
      expect(await code(registrations.act({ id, seen: 2, actor: anne, act }))).toBe('M-FILE-017');
      await expect(
        registrations.queue({ text: 'a\0' }, { operatorId: 'anne', perimeter: {} }),
      ).rejects.toThrow('Invalid');
    });
  });
});
