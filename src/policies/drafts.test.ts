import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { auditPage, verifyAudit } from '../audit/audit.ts';
import { rewritten } from '../audit/testing/record.ts';
import { applyDeclarations, createDeclarations } from '../declarations/declarations.ts';
import { declaredWith, openTestDatabase, seal } from '../declarations/testing/database.ts';
import { aPolicy } from '../declarations/testing/samples.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Database, Stores } from '../storage/storage.ts';
import { createPolicyDrafts } from './drafts.ts';
import type { Draft, PolicyDrafts, PolicyPerson } from './drafts.ts';
import type { InCharge } from './rules.ts';

const postgres = await startPostgres('Drafts of policies, on PostgreSQL');
afterAll(() => postgres?.stop());

const person = (id: string): PolicyPerson => ({
  kind: 'operator',
  id,
  givenName: id,
  usualName: 'Martin',
  capacity: 'Head of office',
  organization: 'Operator',
});
const [ada, bob, eve] = [person('ada'), person('bob'), person('eve')];

const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const containing = (text: string): unknown => expect.stringContaining(text);

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
            const stores = await openStores({
              databaseUrl: await postgres.createDatabase(),
              dataDir: '',
              clock: () => now,
            });
            await migrate(stores, join(import.meta.dirname, '../../migrations'));
            return stores;
          },
        ] as const,
      ]),
];

let now = new Date('2026-11-22T10:00:00Z');

// One story, told in order: rules that are written, refused, corrected, published, undone.
describe.each(backends)('drafts on %s', { timeout: 180_000 }, (_name, open) => {
  let stores: Stores;
  let db: Kysely<Database>;
  let policies: PolicyDrafts;
  let draft: Draft;
  let count = 0;
  const clock = () => now;
  const apply = (versions: readonly object[], dryRun = false) =>
    applyDeclarations(declaredWith({ policies: versions }), { db, seal, clock, dryRun });
  const stored = async () =>
    (
      await db
        .selectFrom('declared_object')
        .select(['id', 'origin'])
        .where('kind', '=', 'policy')
        .orderBy('id')
        .execute()
    ).map(({ id, origin }) => `${id} ${origin}`);
  const edited = (one: Draft, from: string, to: string) =>
    policies.save({
      id: one.id,
      seen: one.seen,
      person: ada,
      document: one.document.replace(from, to),
      reason: 'Wider',
    });
  /** While everybody is in charge. */
  const publish = (asked: Pick<Parameters<PolicyDrafts['publish']>[0], 'id' | 'seen' | 'person'>) =>
    policies.publish({ ...asked, inCharge: () => true });
  const discard = ({ id, seen }: Draft, by: PolicyPerson, inCharge: InCharge = () => true) =>
    policies.discard({ id, seen, person: by, inCharge });
  const proposed = async (service = 'docs'): Promise<Draft> => {
    const one = await policies.start({ service, person: ada });
    return policies.propose({ id: one.id, seen: one.seen, person: ada });
  };

  beforeAll(async () => {
    now = new Date('2026-11-22T10:00:00Z');
    stores = await open();
    db = stores.db;
    policies = createPolicyDrafts({ db, clock, randomId: () => `draft-${(count += 1)}` });
    await apply([aPolicy]);
  });
  afterAll(() => stores.close());

  it('begins from the last version, with the next number and today', async () => {
    draft = await policies.start({ service: 'docs', person: ada });
    expect(draft).toMatchObject({ base: 1, state: 'draft', authorId: 'ada', seen: 1 });
    expect(draft.document).toContain('version: 2\nvalid_from: 2026-11-22\n');
    expect((await policies.start({ service: 'new', person: ada })).document).toContain('version: 1');
    expect(await code(policies.start({ service: 'docs', person: ada, from: 7 }))).toBe('M-POLI-001');
  });

  it('keeps what is wrong, and refuses to propose it, line by line', async () => {
    draft = await edited(draft, 'level: member', 'level: king');
    const refused = policies.propose({ id: draft.id, seen: draft.seen, person: ada });
    await expect(refused).rejects.toMatchObject({
      code: 'M-POLI-006',
      detail: like(/^\d+: "rules\[0\]\.allow\.level" must be one of guest, member$/),
    });
    draft = await edited(draft, 'level: king', 'level: guest');
  });

  it('lets nobody else edit it, nor an older page', async () => {
    const save = { id: draft.id, document: 'x', reason: '' };
    expect(await code(policies.save({ ...save, seen: draft.seen, person: bob }))).toBe('M-POLI-005');
    expect(await code(policies.save({ ...save, seen: 1, person: ada }))).toBe('M-POLI-002');
    expect(await code(policies.save({ ...save, id: 'none', seen: 1, person: ada }))).toBe('M-POLI-001');
    expect(await policies.get(draft.id)).toEqual(draft);
  });

  it('is published by a second person, and not by its author', async () => {
    const running = await createDeclarations({ db, clock });
    expect(await code(publish({ id: draft.id, seen: draft.seen, person: bob }))).toBe('M-POLI-003');
    draft = await policies.propose({ id: draft.id, seen: draft.seen, person: ada });
    expect(await code(publish({ id: draft.id, seen: draft.seen, person: ada }))).toBe('M-POLI-004');
    draft = await publish({ id: draft.id, seen: draft.seen, person: bob });
    expect(draft).toMatchObject({ state: 'published', publishedVersion: 2, second: { id: 'bob' } });
    expect(await stored()).toEqual(['docs@1 configuration', 'docs@2 console']);
    await running.refresh();
    expect(running.current().policyFor('docs', now)?.policy).toMatchObject({
      version: 2,
      rules: [{ allow: { level: 'guest' } }],
    });
    running.stop();
    expect(
      (await policies.versions('docs')).map(({ policy, author, second }) => [
        policy.version,
        author?.id,
        second?.id,
      ]),
    ).toEqual([
      [2, 'ada', 'bob'],
      [1, undefined, undefined],
    ]);
  });

  it('is in the record with what was and what is', async () => {
    const { entries } = await auditPage(db, { subject: 'policy:docs@2' });
    expect(entries.map(({ act }) => act).sort()).toEqual(['policy.propose', 'policy.publish']);
    expect(JSON.stringify(entries)).toContain('Wider');
    expect(await verifyAudit(db)).toMatchObject({ broken: 0 });
    const widen = (id: string) => `update declared_object set document = replace(document, 'guest', 'member')
      where kind = 'policy' and id = '${id}'`;
    expect(
      await rewritten(db, 'alter table declared_object disable trigger user', widen('docs@2')),
    ).toMatchObject([{ kind: 'altered', table: 'declared_object', key: 'policy/docs@2' }]);
  });

  it('is published while its author still writes the rules of the service, and sent back otherwise', async () => {
    const one = await proposed();
    const inCharge = (id: string, service: string) => id !== 'ada' || service !== 'docs';
    expect(await code(policies.publish({ id: one.id, seen: one.seen, person: bob, inCharge }))).toBe(
      'M-POLI-009',
    );
    expect(await policies.get(one.id)).toEqual(one);
    const back = await policies.sendBack({
      id: one.id,
      seen: one.seen,
      person: bob,
      reason: 'Propose again',
    });
    await discard(back, ada);
  });

  it('is discarded by somebody else once its author writes these rules no more, and not before', async () => {
    const one = await proposed();
    const back = await policies.sendBack({ id: one.id, seen: one.seen, person: bob, reason: 'Too wide' });
    const gone: InCharge = (id, service) => id !== 'ada' || service !== 'docs';
    expect(await code(discard(back, eve))).toBe('M-POLI-005');
    expect(await code(discard(back, eve, (id) => id !== 'bob'))).toBe('M-POLI-005');
    expect(await discard(back, eve, gone)).toMatchObject({ state: 'discarded', authorId: 'ada' });
    const { entries } = await auditPage(db, { act: 'policy.discard' });
    expect(entries[0]).toMatchObject({ act: 'policy.discard', actor: 'operator:eve' });
    expect(await code(discard(back, eve, gone))).toBe('M-POLI-002');
  });

  it('is left alone by apply, which refuses another content under its number', async () => {
    expect((await apply([aPolicy])).changes).toEqual([]);
    const [version] = await policies.versions('docs');
    expect((await apply([aPolicy, { ...version?.policy }])).changes).toEqual([]);
    for (const dryRun of [true, false])
      await expect(apply([aPolicy, { ...aPolicy, version: 2 }], dryRun)).rejects.toMatchObject({
        code: 'M-CONF-002',
        detail: containing('policy "docs@2": the console published this version'),
      });
    expect(await stored()).toEqual(['docs@1 configuration', 'docs@2 console']);
  });

  it('is left alone by the apply of the version before, which knows of no origin', async () => {
    await db.deleteFrom('declared_object').where('kind', '=', 'policy').where('id', '=', 'docs@2').execute();
    await db.updateTable('declared_object').set({ document: '{}' }).where('id', '=', 'docs@2').execute();
    expect((await policies.versions('docs'))[0]).toMatchObject({ policy: { version: 2 }, origin: 'console' });
  });

  it('is sent back with a reason, and discarded by its author', async () => {
    const one = await proposed();
    const back = await policies.sendBack({ id: one.id, seen: one.seen, person: bob, reason: 'Too wide' });
    expect(back.state).toBe('draft');
    expect((await discard(back, ada)).state).toBe('discarded');
    expect((await policies.list()).map(({ service }) => service)).toEqual(['new']);
  });

  it('is refused once another version was published, from the console or from files', async () => {
    const [late, first] = [await proposed(), await proposed()];
    await publish({ id: first.id, seen: first.seen, person: bob });
    expect(await code(publish({ id: late.id, seen: late.seen, person: bob }))).toBe('M-POLI-007');
    const next = await proposed();
    await apply([aPolicy, { ...aPolicy, version: 4 }]);
    expect(await code(publish({ id: next.id, seen: next.seen, person: bob }))).toBe('M-POLI-007');
    expect((await policies.get(next.id)).state).toBe('proposed');
    await apply([aPolicy]);
    expect(await stored()).toEqual(['docs@1 configuration', 'docs@2 console', 'docs@3 console']);
  });

  it('is refused beside a version that this process cannot read: a newer process wrote it', async () => {
    const one = await proposed();
    for (const [id, expected] of [
      ['docs@4', 'M-POLI-007'],
      ['docs@17', 'M-POLI-007'],
      ['docs-two@4', 'done'],
    ] as const) {
      const values = {
        kind: 'policy' as const,
        id,
        document: '{"service":"docs"}',
        digest: 'x',
        updated_at: clock(),
      };
      await db.insertInto('declared_object').values(values).execute();
      if (expected === 'done') await discard(one, ada);
      else expect(await code(publish({ id: one.id, seen: one.seen, person: bob }))).toBe(expected);
      await db.deleteFrom('declared_object').where('id', '=', id).execute();
    }
  });

  it('is refused the day after its first day', async () => {
    const one = await proposed();
    now = new Date('2026-11-23T10:00:00Z');
    expect(await code(publish({ id: one.id, seen: one.seen, person: bob }))).toBe('M-POLI-008');
  });

  it('two who publish at the same moment: one does', async () => {
    const [one, other] = [await proposed(), await proposed()];
    const outcomes = await Promise.all([
      code(publish({ id: one.id, seen: one.seen, person: bob })),
      code(publish({ id: one.id, seen: one.seen, person: eve })),
      code(publish({ id: other.id, seen: other.seen, person: bob })),
    ]);
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(
      outcomes.filter((outcome) => !['done', 'M-POLI-002', 'M-POLI-007'].includes(String(outcome))),
    ).toEqual([]);
    expect((await stored()).at(-1)).toBe('docs@4 console');
  });

  it('rolls back by publishing a former document as a new version', async () => {
    const one = await policies.start({ service: 'docs', person: ada, from: 1, reason: 'Back to the first' });
    const ready = await policies.propose({ id: one.id, seen: one.seen, person: ada });
    await publish({ id: ready.id, seen: ready.seen, person: bob });
    const [last] = await policies.versions('docs');
    expect(last).toMatchObject({
      policy: { ...aPolicy, version: 5, valid_from: '2026-11-23' },
      reason: 'Back to the first',
    });
  });
});
