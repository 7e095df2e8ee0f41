import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../audit/audit.ts';
import { rewritten } from '../audit/testing/record.ts';
import { applyDeclarations, keptOperators } from '../declarations/declarations.ts';
import type { Operator } from '../declarations/declarations.ts';
import { declaredWith, openTestDatabase, seal } from '../declarations/testing/database.ts';
import { aMembership, anIdp } from '../declarations/testing/samples.ts';
import type { Stores } from '../storage/storage.ts';
import { createAppointments, removeOnTheServer } from './appointments.ts';
import type { Appointments } from './appointments.ts';
import { atWork as person, somebody } from './testing/somebody.ts';

const at = new Date('2026-11-22T10:00:00Z');
const reason = 'Compte compromis.';
const renamed = { ...anIdp, id: 'ministere' };
/** Another issuer, whose people have nothing to do with the first one's. */
const newcomer = { ...anIdp, id: 'etat', issuer: 'https://other.test', domains: ['other.example'] };
const there = (operator: Operator): Operator => ({ ...operator, idp: 'ministere' });
const [ada, bob, eve] = [somebody('ada'), somebody('bob'), somebody('eve', { roles: ['decider'] })];
const zoe = somebody('zoe', { roles: ['reviewer'] });

// One story, told in order. A person is a `sub` of an issuer, whatever their identity provider is called in the files.
describe('an identity provider is renamed in the files', () => {
  let stores: Stores;
  let appointments: Appointments;

  const apply = (operators: readonly Operator[], providers: readonly object[] = [renamed]) =>
    applyDeclarations(
      declaredWith({
        operators: [...operators],
        identity_providers: providers,
        memberships: [{ ...aMembership, idp: 'ministere' }],
      }),
      { db: stores.db, seal, clock: () => at },
    );
  const ids = async () => (await keptOperators(stores.db)).map(({ operator }) => operator.id);

  beforeAll(async () => {
    stores = await openTestDatabase();
    appointments = createAppointments({
      db: stores.db,
      clock: () => at,
      logger: { error: (fields: object) => expect(fields).toEqual({}) },
      randomId: randomUUID,
      manages: ({ roles }) => roles.includes('administrator'),
      letGo: () => Promise.resolve(),
      readAgain: () => Promise.resolve(),
      onCommit: () => undefined,
      consoleHref: 'https://maillon.example/operateur',
    });
    const options = { db: stores.db, seal, clock: () => at };
    await applyDeclarations(declaredWith({ operators: [ada, bob, eve] }), options);
    const asked = await appointments.propose({ kind: 'appoint', operator: zoe, reason, person: person(ada) });
    await appointments.answer({ id: asked, answer: 'confirm', person: person(bob) });
    await appointments.remove({ id: 'eve', reason, person: person(ada) });
    // She has signed in since.
    const id = randomUUID();
    const { issuer } = anIdp;
    await stores.db.insertInto('account').values({ id, created_at: at, blocked_at: null }).execute();
    await stores.db
      .insertInto('identity')
      .values({
        account_id: id,
        idp_id: 'etat',
        issuer,
        subject: 'zoe',
        created_at: at,
        last_seen_at: at,
      })
      .execute();
  }, 180_000);
  afterAll(() => stores.close());

  it('whoever was removed does not come back under its new name', async () => {
    const { notes } = await apply([there(ada), there(bob), there(eve)]);
    expect(await ids()).toEqual(['ada', 'bob', 'zoe-martin']);
    expect(notes?.[0]).toContain('operator eve: left out: removed in the console');
  });

  it('whoever was appointed at its former name is said to be shut out, and is nobody else for the files', async () => {
    const { notes } = await apply([there(ada), there(bob)]);
    expect(notes).toEqual([expect.stringContaining('operator zoe-martin: cannot enter')]);
    expect(notes?.[0]).toContain('"etat"');
    // In one step with the renaming, while both names are known.
    await applyDeclarations(declaredWith({ operators: [ada, bob] }), {
      db: stores.db,
      seal,
      clock: () => at,
    });
    await expect(apply([there(ada), there(bob), there(zoe)])).rejects.toThrow('"zoe-martin"');
    // Another issuer cannot take the name meanwhile: its people are not those of the first one.
    const taken = () => apply([there(ada), there(bob)], [renamed, newcomer]);
    await expect(taken()).rejects.toMatchObject({ code: 'M-CONF-002' });
    await expect(taken()).rejects.toThrow('operator "zoe-martin"');
    // Neither at once nor in two steps: the account under which she signed in says who she is.
    await apply([there(ada), there(bob)]);
    await expect(taken()).rejects.toThrow('operator "zoe-martin"');
    expect((await apply([there(ada), there(bob)])).notes).toHaveLength(1);
  });

  it('a removal is known by its issuer even when it comes after, and is taken back under either name', async () => {
    const actor = { kind: 'command_line', user: 'root' } as const;
    await apply([there(ada), there(bob)]);
    await removeOnTheServer({ db: stores.db, reason, actor, at, randomId: randomUUID, id: 'zoe-martin' });
    for (const one of [there(eve), there(zoe)])
      expect((await apply([there(ada), there(bob), one])).notes).toHaveLength(1);
    expect(await ids()).toEqual(['ada', 'bob']);
    // Nor once the former name is another issuer's, which now is nobody's loss.
    await apply([there(ada), there(bob), { ...there(eve), id: 'eve-again' }], [renamed, newcomer]);
    expect(await ids()).toEqual(['ada', 'bob']);
    await apply([there(ada), there(bob)]);

    const asked = { reason, person: person(there(ada)) };
    const answer = { answer: 'confirm', person: person(there(bob)) } as const;
    const back = await appointments.propose({ kind: 'appoint', operator: there(zoe), ...asked });
    await appointments.answer({ id: back, ...answer });
    expect(await ids()).toEqual(['ada', 'bob', 'zoe-martin']);
    const readmit = await appointments.propose({ kind: 'readmit', id: 'eve', ...asked });
    await appointments.answer({ id: readmit, ...answer });
    expect((await apply([there(ada), there(bob), there(eve)])).changes).toMatchObject([
      { id: 'eve', change: 'added' },
    ]);
    expect(await appointments.removals()).toEqual([]);
  });

  it('is in the record, which shows whoever is given more by hand, or taken in', async () => {
    const { db } = stores;
    expect(await verifyAudit(db)).toMatchObject({ broken: 0 });
    const untrigger = 'alter table declared_object disable trigger user';
    const more = `update declared_object set document = replace(document, 'reviewer', 'decider') where id = 'zoe-martin'`;
    const key = 'operator/zoe-martin';
    expect(await rewritten(db, untrigger, more)).toMatchObject([{ kind: 'altered', key }]);
    const taken = `insert into declared_object select kind, 'mallory', document, digest, updated_at, origin
      from declared_object where id = 'zoe-martin'`;
    expect(await rewritten(db, untrigger, taken)).toMatchObject([
      { kind: 'unknown', key: 'operator/mallory' },
    ]);
  });
});
