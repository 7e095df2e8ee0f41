import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { auditPage, recordAccess, verifyAudit } from '../audit/audit.ts';
import { rewritten } from '../audit/testing/record.ts';
import { applicantOf, openRoomIn, operatorCalled, reasons } from './testing/room.ts';
import type { Room } from './testing/room.ts';

const postgres = await startPostgres('The record and the files, on PostgreSQL');
afterAll(() => postgres?.stop());
const backEnds: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) backEnds.push(['PostgreSQL', () => postgres.createDatabase()]);

const [anne, bruno] = [operatorCalled('anne'), operatorCalled('bruno')];

describe.each(backEnds)('the record holds what was decided in a file, on %s', (_name, databaseUrl) => {
  let room: Room;
  beforeAll(async () => {
    room = await openRoomIn(await databaseUrl());
  }, 120_000);
  afterAll(() => room.close());

  const entries = async (id: string) =>
    (await auditPage(room.stores.db, { subject: `registration:${id}` })).entries.toReversed();
  const verified = async () => {
    const { broken, breaks, rows } = await verifyAudit(room.stores.db);
    return { broken, breaks, rows };
  };
  const whole = { broken: 0, breaks: [], rows: [] };

  const tampered = (text: string) => rewritten(room.stores.db, text);

  const approved = async (name: string) => {
    const applicant = applicantOf(name);
    const id = await room.draft(applicant);
    await room.submit(id, applicant);
    await room.act(id, anne, { act: 'take' });
    await room.act(id, anne, {
      act: 'approve',
      service: 'docs',
      terms: room.terms({ level: 'guest', endsOn: '2027-12-31' }),
      text: 'L’association remplit les conditions.',
    });
    return { id, applicant };
  };

  let id = '';
  let other: Awaited<ReturnType<typeof approved>>;
  test('the terms of an approval, before and after, and the letter that told them', async () => {
    ({ id } = await approved('Ada'));
    const entry = (await entries(id)).at(-1);
    const letter = await room.stores.db
      .selectFrom('letter')
      .select('sha256')
      .where('registration_id', '=', id)
      .where('kind', '=', 'approval')
      .executeTakeFirstOrThrow();
    expect(entry).toMatchObject({
      act: 'registration.approve',
      reason: 'L’association remplit les conditions.',
      before: { version: 2, states: { docs: 'under_review' } },
      after: {
        version: 3,
        service: 'docs',
        states: { docs: 'approved' },
        terms: {
          docs: {
            level: 'guest',
            ground: 'public_service_mission',
            conditions: ['Rester une association déclarée.'],
            startsOn: '2026-11-23',
            endsOn: '2027-12-31',
          },
        },
        letter: letter.sha256,
      },
    });
    expect(await verified()).toEqual(whole);
  });

  test('the motive, the rule and the days of a notice', async () => {
    await room.act(id, anne, { act: 'notify_suspension', service: 'docs', ...reasons, days: 15 });
    const { motive, rule, text } = reasons;
    expect((await entries(id)).at(-1)).toMatchObject({
      act: 'registration.notify_suspension',
      reason: text,
      before: { terms: { docs: { level: 'guest' } } },
      after: { service: 'docs', motive, rule, days: 15 },
    });
  });

  test('what is proposed, and the same when it is confirmed, with who proposed it', async () => {
    room.goTo('2026-12-20T09:00:00Z');
    const proposal = { decision: 'abrogate', ...reasons } as const;
    await room.act(id, anne, { act: 'propose', service: 'docs', proposal });
    await room.act(id, bruno, { act: 'confirm', service: 'docs' });
    const { motive, rule, text } = reasons;
    const [proposed, confirmed] = (await entries(id)).slice(-2);
    const decided = { service: 'docs', decision: 'abrogate', motive, rule };
    expect(proposed).toMatchObject({ act: 'registration.propose', reason: text, after: decided });
    expect(confirmed).toMatchObject({
      act: 'registration.confirm',
      reason: text,
      after: { ...decided, proposedBy: 'anne', states: { docs: 'abrogated' } },
    });
  });

  test('an event that was rewritten is named, with the entry that held it', async () => {
    other = await approved('Bea');
    const { seq } = (await entries(other.id)).at(-1) ?? {};
    expect(
      await tampered(`update registration_event set event = replace(replace(event, '"guest"', '"member"'),
        '2027-12-31', '2031-12-31') where registration_id = '${other.id}' and seq = 3`),
    ).toEqual([{ kind: 'altered', table: 'registration_event', key: `${other.id}/3`, seq }]);
  });

  test('so is a right that the file does not give, one that is gone, and one that nobody decided', async () => {
    const right = `${other.id.toLowerCase()}-docs`;
    const { seq } = (await entries(other.id)).at(-1) ?? {};
    const altered = { kind: 'altered', table: 'approval', key: right, seq };
    // Whoever reads the file afterwards hides nothing.
    await recordAccess(room.stores.db, room.needs.clock(), {
      act: 'file.read',
      subject: `registration:${other.id}`,
      actor: bruno,
    });
    expect(
      await tampered(`update approval set level = 'member', ends_on = '2031-12-31' where id = '${right}'`),
    ).toEqual([altered]);
    expect(await tampered(`delete from approval where id = '${right}'`)).toEqual([
      { ...altered, kind: 'missing' },
    ]);
    const columns = 'siren, level, ground, reason, starts_on, ends_on, status, decided_by, decided_on';
    const invented = `${other.id.toLowerCase()}-tchap`;
    expect(
      await tampered(`insert into approval (id, service_id, origin, updated_at, ${columns})
        select '${invented}', 'tchap', origin, updated_at, ${columns} from approval where id = '${right}'`),
    ).toEqual([{ kind: 'unknown', table: 'approval', key: invented }]);
  });

  test('so is a file that was given to somebody else', async () => {
    const another = applicantOf('Mallory').accountId;
    expect(
      await tampered(`update registration set account_id = '${another}' where id = '${other.id}'`),
    ).toMatchObject([{ kind: 'altered', table: 'registration', key: other.id }]);
  });

  test('so is an event that was added or removed, and a letter that was rewritten', async () => {
    const last = (await entries(other.id)).findLast(({ act }) => act === 'registration.approve')?.seq;
    expect(
      await tampered(`delete from registration_event where registration_id = '${other.id}' and seq = 3`),
    ).toEqual([{ kind: 'missing', table: 'registration_event', key: `${other.id}/3`, seq: last }]);
    expect(
      await tampered(`insert into registration_event select registration_id, 4, at, event
        from registration_event where registration_id = '${other.id}' and seq = 3`),
    ).toEqual([{ kind: 'unknown', table: 'registration_event', key: `${other.id}/4` }]);
    const letter = await room.stores.db
      .selectFrom('letter')
      .select('id')
      .where('registration_id', '=', other.id)
      .where('kind', '=', 'approval')
      .executeTakeFirstOrThrow();
    expect(
      await tampered(
        `update letter set document = replace(document, '2027', '2031') where id = '${letter.id}'`,
      ),
    ).toEqual([{ kind: 'altered', table: 'letter', key: letter.id, seq: last }]);
  });
});
