import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { verifyAudit } from '../audit/audit.ts';
import { rewritten } from '../audit/testing/record.ts';
import { eventWithoutWords } from './destroy-file.ts';
import { pdf } from './evidence/testing/sample-files.ts';
import { fold } from './lifecycle.ts';
import { examples } from './testing/examples.ts';
import { applicantOf, openRoomIn, operatorCalled, reasons } from './testing/room.ts';
import type { Room } from './testing/room.ts';

const postgres = await startPostgres('End of files, on PostgreSQL');
afterAll(() => postgres?.stop());
const backEnds: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) backEnds.push(['PostgreSQL', () => postgres.createDatabase()]);

describe.each(backEnds)('a file at the end of its time, on %s', (_name, databaseUrl) => {
  let room: Room;
  beforeAll(async () => {
    room = await openRoomIn(await databaseUrl());
  }, 120_000);
  afterAll(() => room.close());

  const purge = async () => {
    for (const job of room.registrations.purges) await job(100);
  };
  const stored = async (id: string) => {
    const { db } = room.stores;
    return JSON.stringify([
      await db.selectFrom('registration').selectAll().where('id', '=', id).execute(),
      await db.selectFrom('registration_event').selectAll().where('registration_id', '=', id).execute(),
      await db.selectFrom('letter').selectAll().where('registration_id', '=', id).execute(),
      await db
        .selectFrom('evidence')
        .select(['id', 'name', 'sha256', 'content'])
        .where('registration_id', '=', id)
        .execute(),
    ]);
  };

  test('is a trace: number, organization, days and states; nothing that a person wrote', async () => {
    const zoe = applicantOf('Zoé');
    const [anne, bruno] = [operatorCalled('anne'), operatorCalled('bruno')];
    const id = await room.draft(zoe);
    await room.registrations.addPiece(id, zoe.accountId, {
      kind: 'statutes',
      file: { name: 'statuts signés par Zoé.pdf', mediaType: 'application/pdf', bytes: pdf() },
    });
    await room.submit(id, zoe);
    await room.act(id, anne, { act: 'take' });
    await room.act(id, anne, { act: 'note', text: 'Zoé a téléphoné.' });
    await room.act(id, anne, {
      act: 'propose',
      service: 'docs',
      proposal: { decision: 'refuse', ...reasons, text: 'Zoé ne prouve pas son mandat.' },
    });
    await room.act(id, bruno, { act: 'confirm', service: 'docs' });
    const before = await room.registrations.forOperator(id);

    room.goTo('2028-11-22T22:59:00Z');
    await purge();
    expect(await stored(id)).toContain('Zoé');

    room.goTo('2028-11-23T09:00:00Z');
    await purge();
    const text = await stored(id);
    for (const word of [
      /Zoé/iu,
      /zoe/iu,
      /Fictive/u,
      /Le Goff/u,
      /asso\.example/u,
      /réunions/u,
      /présidente/u,
    ])
      expect(text).not.toMatch(word);

    const after = await room.registrations.forOperator(id);
    if (before === undefined || after === undefined) throw new Error('no file');
    const stand = ({ file, letters }: typeof after) => ({
      requests: file.requests.map(({ service, state, decided }) => [service, state, decided?.on]),
      receivedOn: file.receivedOn,
      version: file.version,
      acts: file.events.map(({ at, act }) => [at, act.act]),
      letters: letters.map(({ kind, sha256, createdAt }) => [kind, sha256, createdAt]),
    });
    expect(stand(after)).toEqual(stand(before));
    expect(after.evidence.map(({ sha256 }) => sha256)).toEqual(before.evidence.map(({ sha256 }) => sha256));
    expect(await room.registrations.forApplicant(id, zoe.accountId)).toBeDefined();
    // What was destroyed at its time does not look like what somebody rewrote; what somebody rewrites still does.
    expect(await verifyAudit(room.stores.db)).toMatchObject({ broken: 0, olderThanDigests: 0 });
    const kinder = `update registration_event set event = replace(event, 'security_incident', 'other')
      where registration_id = '${id}' and seq = 4`;
    expect(await rewritten(room.stores.db, kinder)).toMatchObject([{ kind: 'altered', key: `${id}/4` }]);
  });

  test('is destroyed once, and one that is still examined is not', async () => {
    const ada = applicantOf('Ada');
    const id = await room.draft(ada);
    await room.submit(id, ada);
    room.pass(5 * 365);
    await purge();
    expect(await stored(id)).toContain('Ada');
    const records = await room.stores.db
      .selectFrom('audit_entry')
      .select('subject')
      .where('act', '=', 'file.destroy')
      .execute();
    expect(records).toHaveLength(1);
  });
});

test('without its words, a file folds into the same states on the same days', () => {
  for (const file of examples) {
    const bare = file.events.map((event) => ({ ...event, ...eventWithoutWords(event) }));
    const again = fold({ id: file.id, accountId: file.accountId }, bare);
    expect(again.requests.map(({ state, terms, decided }) => [state, terms?.endsOn, decided?.on])).toEqual(
      file.requests.map(({ state, terms, decided }) => [state, terms?.endsOn, decided?.on]),
    );
    expect(again.pauses).toEqual(file.pauses);
  }
});
