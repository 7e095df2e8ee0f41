import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { auditPage, verifyAudit } from '../audit/audit.ts';
import { applyDeclarations, keptOperators } from '../declarations/declarations.ts';
import type { Operator } from '../declarations/declarations.ts';
import { declaredWith, openTestDatabase, seal } from '../declarations/testing/database.ts';
import { anIdp } from '../declarations/testing/samples.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { createAppointments, readmitOnTheServer, removeOnTheServer } from './appointments.ts';
import type { Appointments, Proposal } from './appointments.ts';
import { atWork as person, somebody } from './testing/somebody.ts';

const postgres = await startPostgres('Operators appointed in the console, on PostgreSQL');
afterAll(() => postgres?.stop());

const at = new Date('2026-11-22T10:00:00Z');
const [ada, bob, eve] = [somebody('ada'), somebody('bob'), somebody('eve', { roles: ['decider'] })];
const dan = somebody('dan');
const inFiles: readonly Operator[] = [ada, bob, eve];
const zoe = somebody('zoe', { given_name: 'Zoé', roles: ['reviewer'] });
const reason = 'Arrêté du 3 novembre.';

const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

const backends: readonly (readonly [string, () => Promise<Stores>])[] = [
  ['PGlite', openTestDatabase],
  ...(postgres === undefined
    ? []
    : [
        [
          'PostgreSQL',
          async () => {
            const databaseUrl = await postgres.createDatabase();
            const stores = await openStores({ databaseUrl, dataDir: '', clock: () => at });
            await migrate(stores, join(import.meta.dirname, '../../migrations'));
            return stores;
          },
        ] as const,
      ]),
];

// One story, told in order: somebody is appointed, changed, removed, and files say what they like.
describe.each(backends)('operators on %s', { timeout: 180_000 }, (_name, open) => {
  let stores: Stores;
  let appointments: Appointments;
  const letGo: string[] = [];
  const problems: unknown[] = [];
  const proposals = new Map<string, Proposal>();

  const apply = (operators: readonly Operator[] = inFiles, more: Readonly<Record<string, object[]>> = {}) =>
    applyDeclarations(declaredWith({ operators: [...operators], ...more }), {
      db: stores.db,
      seal,
      clock: () => at,
    });
  const ids = async () => (await keptOperators(stores.db)).map(({ operator }) => operator.id);
  const mails = async () =>
    (await stores.db.selectFrom('mail').select(['recipient', 'subject']).execute())
      .map(({ recipient, subject }) => `${recipient}: ${subject}`)
      .toSorted();

  beforeAll(async () => {
    stores = await open();
    appointments = createAppointments({
      db: stores.db,
      clock: () => at,
      logger: { error: (fields: object) => void problems.push(fields) },
      randomId: randomUUID,
      manages: ({ roles }) => roles.includes('administrator'),
      letGo: (id) => Promise.resolve(void letGo.push(id)),
      readAgain: () => Promise.resolve(),
      onCommit: () => undefined,
      consoleHref: 'https://maillon.example/operateur',
    });
    await apply();
  });
  afterAll(() => stores.close());

  it('are appointed by two, under an id that nobody ever had', async () => {
    const appoint = { kind: 'appoint', operator: zoe, reason } as const;
    const asked = await appointments.propose({ ...appoint, person: person(ada) });
    expect(await code(appointments.propose({ ...appoint, person: person(bob) }))).toBe('M-OPER-008');
    proposals.set('zoe', await appointments.proposal(asked));
    expect(proposals.get('zoe')).toMatchObject({ kind: 'appoint', operator: { id: 'zoe-martin' } });
    expect(await ids()).toEqual(['ada', 'bob', 'eve']);
    expect(await mails()).toEqual(['bob@operator.example: Une proposition attend votre réponse']);

    const confirm = { id: asked, answer: 'confirm' } as const;
    expect(await code(appointments.answer({ ...confirm, person: person(ada) }))).toBe('M-OPER-004');
    expect(await code(appointments.answer({ ...confirm, person: person(eve) }))).toBe('M-OPER-010');
    // The page was opened before they lost the charge, or bears the name of somebody else.
    const stranger = person(somebody('bob', { subject: 'mallory' }));
    expect(await code(appointments.answer({ ...confirm, person: stranger }))).toBe('M-OPER-010');
    await appointments.answer({ ...confirm, person: person(bob) });
    expect(await code(appointments.answer({ ...confirm, person: person(bob) }))).toBe('M-OPER-003');
    expect(await ids()).toEqual(['ada', 'bob', 'eve', 'zoe-martin']);
    expect(await mails()).toContain('zoe@operator.example: Vous êtes nommé dans l’espace des opérateurs');
  });

  it('stay when files are applied, which cannot say otherwise', async () => {
    expect((await apply()).changes).toEqual([]);
    const appointed = { ...zoe, id: 'zoe-martin' };
    expect((await apply([...inFiles, appointed])).changes).toEqual([]);
    await expect(apply([...inFiles, { ...appointed, roles: ['decider'] }])).rejects.toThrow(
      'the console appointed this person (idp "etat", subject "zoe") as "zoe-martin"',
    );
    await expect(apply([...inFiles, { ...appointed, id: 'zoe' }])).rejects.toThrow(
      'take them out of your files',
    );
    await expect(apply([...inFiles, { ...appointed, subject: 'other' }])).rejects.toThrow(
      'appointed somebody else under this id',
    );
    // The version before knows nothing of this: what it writes changes nobody.
    await stores.db
      .updateTable('declared_object')
      .set({ document: JSON.stringify({ ...appointed, roles: ['decider'] }) })
      .where('id', '=', 'zoe-martin')
      .execute();
    await stores.db.deleteFrom('declared_object').where('id', '=', 'zoe-martin').execute();
    expect((await appointments.get('zoe-martin')).operator.roles).toEqual(['reviewer']);
  });

  it('are changed by two, on what they are now', async () => {
    const before = await appointments.get('zoe-martin');
    const change = { kind: 'change', id: 'zoe-martin', reason, person: person(ada) } as const;
    const operator = { ...zoe, email: 'new@operator.example', roles: ['decider'] } as const;
    expect(await code(appointments.propose({ ...change, operator, seen: 'old' }))).toBe('M-OPER-002');
    expect(await code(appointments.propose({ ...change, id: 'eve', operator, seen: 'x' }))).toBe(
      'M-OPER-002',
    );
    const { digest: ofFile } = await appointments.get('eve');
    expect(await code(appointments.propose({ ...change, id: 'eve', operator: eve, seen: ofFile }))).toBe(
      'M-OPER-007',
    );

    const first = await appointments.propose({ ...change, operator, seen: before.digest });
    await appointments.answer({ id: first, answer: 'decline', reason: 'Trop tôt.', person: person(bob) });
    expect(await appointments.proposal(first)).toMatchObject({ state: 'declined', answer: 'Trop tôt.' });
    const second = await appointments.propose({ ...change, operator, seen: before.digest });
    await appointments.answer({ id: second, answer: 'withdraw', person: person(ada) });
    const third = await appointments.propose({ ...change, operator, seen: before.digest });
    await appointments.answer({ id: third, answer: 'confirm', person: person(bob) });
    expect((await appointments.get('zoe-martin')).operator.roles).toEqual(['decider']);
    // The former address hears of it too.
    for (const to of ['zoe@operator.example', 'new@operator.example'])
      expect(await mails()).toContain(`${to}: Votre fiche d’opérateur a changé`);
  });

  it('are removed at once by one, whoever declared them, and no file brings them back', async () => {
    const about = await appointments.propose({
      kind: 'change',
      id: 'zoe-martin',
      operator: { ...zoe, roles: ['reader'] },
      seen: (await appointments.get('zoe-martin')).digest,
      reason,
      person: person(ada),
    });
    for (const id of ['zoe-martin', 'eve'])
      await appointments.remove({ id, reason: 'Compte compromis.', person: person(ada) });
    expect(letGo).toEqual(['zoe-martin', 'eve']);
    expect(await ids()).toEqual(['ada', 'bob']);
    expect((await appointments.proposal(about)).state).toBe('withdrawn');
    expect(await code(appointments.remove({ id: 'eve', reason, person: person(ada) }))).toBe('M-OPER-001');
    expect(await code(appointments.remove({ id: 'ada', reason, person: person(ada) }))).toBe('M-OPER-005');

    const { changes, notes } = await apply();
    expect(changes).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('operator eve: left out: removed in the console')]);
    // Under another name it is the same person.
    expect((await apply([ada, bob, { ...eve, id: 'eve-again' }])).changes).toEqual([]);
    // Nor does the version before bring them in.
    await sql`insert into declared_object (kind, id, document, digest, updated_at)
      values ('operator', 'eve', ${JSON.stringify(eve)}, 'x', now())`.execute(stores.db);
    expect(await ids()).toEqual(['ada', 'bob']);
    expect((await appointments.removals()).map(({ operator, origin }) => [operator.id, origin])).toEqual([
      ['eve', 'configuration'],
      ['zoe-martin', 'console'],
    ]);
  });

  it('come back by two: those of files with the next apply, the others by a new appointment', async () => {
    const again = { kind: 'appoint', reason, person: person(ada) } as const;
    expect(await code(appointments.propose({ ...again, operator: eve }))).toBe('M-OPER-007');
    const readmit = await appointments.propose({ kind: 'readmit', id: 'eve', reason, person: person(ada) });
    await appointments.answer({ id: readmit, answer: 'confirm', person: person(bob) });
    expect(await ids()).toEqual(['ada', 'bob']);
    expect((await apply()).changes).toMatchObject([{ id: 'eve', change: 'added' }]);

    const appoint = await appointments.propose({ ...again, operator: zoe });
    await appointments.answer({ id: appoint, answer: 'confirm', person: person(bob) });
    expect(await ids()).toEqual(['ada', 'bob', 'eve', 'zoe-martin']);
    expect(await appointments.removals()).toEqual([]);
    // Another name of their issuer makes nobody a second person.
    const bis = { ...anIdp, id: 'etat-bis', domains: ['bis.example'] };
    const providers = { identity_providers: [anIdp, bis] };
    await apply(inFiles, providers);
    for (const operator of [
      { ...zoe, idp: 'etat-bis' },
      { ...bob, idp: 'etat-bis', email: 'b@o.example' },
    ])
      expect(await code(appointments.propose({ ...again, operator }))).toBe('M-OPER-008');
    await expect(apply([...inFiles, { ...zoe, idp: 'etat-bis' }], providers)).rejects.toThrow('"zoe-martin"');
    await apply();
    // Another person of the same name gets a name of their own.
    const other = await appointments.propose({
      ...again,
      operator: { ...zoe, subject: 'zoe-2', email: 'z2@o.example' },
    });
    expect((await appointments.proposal(other)).operator.id).toBe('zoe-martin-2');
    await appointments.answer({ id: other, answer: 'withdraw', person: person(ada) });
  });

  it('are never left to nobody: of two who remove each other, one comes first', async () => {
    const waiting = await appointments.propose({
      kind: 'appoint',
      operator: { ...zoe, subject: 'x', email: 'x@o.example' },
      reason,
      person: person(bob),
    });
    // Each is the last one beside the other.
    expect(await code(appointments.remove({ id: 'bob', reason, person: person(ada) }))).toBe('M-OPER-009');
    await apply([...inFiles, dan]);
    const outcomes = await Promise.all([
      code(appointments.remove({ id: 'bob', reason, person: person(ada) })),
      code(appointments.remove({ id: 'ada', reason, person: person(bob) })),
    ]);
    expect(outcomes.toSorted()).toEqual(['M-OPER-010', 'done']);
    const [last] = (await ids()).filter((id) => id === 'ada' || id === 'bob');
    expect((await appointments.proposal(waiting)).state).toBe(last === 'ada' ? 'withdrawn' : 'proposed');
    const other = last === 'ada' ? ada : bob;
    expect(await code(appointments.remove({ id: other.id, reason, person: person(other) }))).toBe(
      'M-OPER-005',
    );
    for (const id of ['dan', 'zoe-martin', 'eve'])
      expect([id, await code(appointments.remove({ id, reason, person: person(other) }))]).toEqual([
        id,
        id === 'dan' ? 'M-OPER-009' : 'done',
      ]);
  });

  it('are removed and readmitted on the server when no two administrators can', async () => {
    const actor = { kind: 'command_line', user: 'root' } as const;
    const asked = (id: string) => ({ db: stores.db, id, reason, actor, at, randomId: randomUUID });
    const [last = ''] = (await ids()).filter((id) => id === 'ada' || id === 'bob');
    expect(await code(readmitOnTheServer(asked(last)))).toBe('M-OPER-001');
    expect(await code(removeOnTheServer(asked('nobody')))).toBe('M-OPER-001');
    // Somebody whom the console had appointed comes back as they were, and the administrators hear of it.
    await readmitOnTheServer(asked('zoe-martin'));
    expect((await appointments.get('zoe-martin')).operator.roles).toEqual(['reviewer']);
    expect(await mails()).toContain('dan@operator.example: Un retrait d’opérateur est levé');
    // Somebody of the files, with the next apply.
    await readmitOnTheServer(asked('eve'));
    expect(await ids()).not.toContain('eve');
    expect((await apply([...inFiles, dan])).changes).toMatchObject([{ id: 'eve', change: 'added' }]);
    // Even the last ones, and no apply brings them back.
    for (const id of [last, 'dan']) await removeOnTheServer(asked(id));
    expect((await apply([...inFiles, dan])).changes).toEqual([]);
    expect((await appointments.removals())[0]?.removedBy).toMatchObject({
      id: 'command_line',
      usualName: 'root',
    });
  });

  it('have every act in the record, before and after', async () => {
    const { entries } = await auditPage(stores.db, { act: 'operator.' });
    expect(
      entries
        .map(({ act }) => act)
        .toReversed()
        .slice(0, 8),
    ).toEqual([
      'operator.propose_appointment',
      'operator.appoint',
      'operator.propose_change',
      'operator.decline_proposal',
      'operator.propose_change',
      'operator.withdraw_proposal',
      'operator.propose_change',
      'operator.change',
    ]);
    const change = entries.find(({ act }) => act === 'operator.change');
    expect(change).toMatchObject({
      subject: 'operator:zoe-martin',
      actor: 'operator:bob',
      before: { roles: ['reviewer'] },
      after: { proposed_by: 'ada', operator: { roles: ['decider'] } },
    });
    expect(entries.find(({ act }) => act === 'operator.remove')?.before).toMatchObject({ operator: {} });
    expect(await verifyAudit(stores.db)).toMatchObject({ broken: 0 });
    expect(problems).toEqual([]);
  });
});
