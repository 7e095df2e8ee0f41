import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { auditPage, verifyAudit } from '../audit/audit.ts';
import { applyDeclarations, createDeclarations } from '../declarations/declarations.ts';
import type { Declarations, Operator } from '../declarations/declarations.ts';
import { declaredWith, openTestDatabase, seal } from '../declarations/testing/database.ts';
import { anOperator, aPolicy, without } from '../declarations/testing/samples.ts';
import { createApprovals } from '../eligibility/eligibility.ts';
import {
  loadTerritories,
  noExceptions,
  parseRna,
  parseSiret,
  sirenOf,
} from '../organizations/organizations.ts';
import {
  applyEstablishments,
  applyOrganizations,
  asOnlyWriter,
  factNow,
  foreseeCorrection,
} from '../register/register.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { createCorrections } from './corrections.ts';
import type { CorrectionAsked, Corrections, CorrectorAtWork } from './corrections.ts';

const at = new Date('2026-11-22T10:00:00Z');
const [siret, rna] = [parseSiret('00000010900009'), parseRna('W751234567')];
if (siret === undefined || rna === undefined) throw new Error('sample');
const mayors = sirenOf(siret);

const somebody = (id: string, more: object = {}) => ({
  ...without(anOperator, 'perimeter'),
  delegation: undefined,
  subject: id,
  given_name: id,
  usual_name: 'Martin',
  email: `${id}@operator.example`,
  roles: ['decider'],
  ...more,
  id,
});
const inFiles = [
  somebody('ada'),
  somebody('bob'),
  somebody('eve'),
  somebody('own', { organization_siren: mayors }),
];
const rule = (condition: object, id: string) => ({
  id,
  if: condition,
  allow: { level: 'member', entitlements: ['use'] },
  basis: 'open',
});

const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

const postgres = await startPostgres('Exceptions, on PostgreSQL');
afterAll(() => postgres?.stop());
const backends: readonly (readonly [string, () => Promise<Stores>])[] = [
  ['PGlite', openTestDatabase],
  ...(postgres === undefined
    ? []
    : [
        [
          'PostgreSQL',
          async () => {
            const databaseUrl = await postgres.createDatabase();
            const opened = await openStores({ databaseUrl, dataDir: '', clock: () => at });
            await migrate(opened, join(import.meta.dirname, '../../migrations'));
            return opened;
          },
        ] as const,
      ]),
];

// One story, told in order: an association becomes a public service, and ceases to be one.
describe.each(backends)('exceptions on %s', { timeout: 120_000 }, (_name, open) => {
  let stores: Stores;
  let declarations: Declarations;
  let corrections: Corrections;
  /** Who may decide today: the console's roles say so. */
  let charged: readonly string[] = ['ada', 'bob', 'eve', 'own'];
  const changed: string[] = [];

  const operatorOf = (id: string): Operator => {
    const found = declarations.current().operators.get(id);
    if (found === undefined) throw new Error(id);
    return found;
  };
  const person = (id: string): CorrectorAtWork => {
    const { given_name: givenName, usual_name: usualName, capacity, organization } = operatorOf(id);
    return {
      operator: operatorOf(id),
      actor: { kind: 'operator', id, givenName, usualName, capacity, organization, sirens: [] },
    };
  };
  const publicService = { public: true, facets: ['state'] };
  const asked = (id: string, more: Partial<CorrectionAsked> = {}): CorrectionAsked => ({
    kind: 'correct',
    organization: mayors,
    fact: 'publicService',
    value: publicService,
    reason: 'Arrêté du 3 novembre.',
    by: person(id),
    ...more,
  });
  const propose = async (id: string, more: Partial<CorrectionAsked> = {}): Promise<string> => {
    const done = await corrections.propose(asked(id, more));
    if (done.kind !== 'proposed') throw new Error(done.kind);
    return done.id;
  };
  /** Reads the page, and answers what it shows. */
  const confirm = async (id: string, who: string) => {
    const { digest } = await corrections.show(await corrections.get(id));
    return corrections.answer({ id, answer: 'confirm', seen: digest, person: person(who) });
  };
  const now = async () => (await corrections.now(mayors, 'publicService')).value;
  const entries = async () =>
    (await auditPage(stores.db, {})).entries.map(({ act, actor }) => `${actor} ${act}`).toReversed();
  const mails = async () =>
    (await stores.db.selectFrom('mail').select('recipient').orderBy('recipient').execute()).map(
      ({ recipient }) => recipient,
    );

  beforeAll(async () => {
    stores = await open();
    const { db } = stores;
    const policy = {
      ...without(aPolicy, 'guards'),
      guards: [],
      rules: [rule({ 'org.public_service': true }, 'public-service')],
    };
    await applyDeclarations(
      declaredWith({
        operators: inFiles,
        policies: [policy],
        organizations: [],
        approvals: [],
        memberships: [],
      }),
      { db, seal, clock: () => at },
    );
    declarations = await createDeclarations({ db, clock: () => at });
    declarations.stop();
    const sirene = { source: 'sirene', asOf: '2026-11-01', now: at } as const;
    await applyOrganizations(db, [{ siren: mayors, facts: { name: 'AMD', legalCategory: '9220' } }], sirene);
    await applyEstablishments(db, [{ siret, state: 'A', headOffice: true, communeCode: '56260' }], sirene);
    const known = { territories: loadTerritories(), exceptions: noExceptions };
    corrections = createCorrections({
      db,
      clock: () => at,
      randomId: randomUUID,
      snapshot: () => declarations.current(),
      foresee: (connection, one) => foreseeCorrection(connection, one, known),
      factNow: (organization, fact) => factNow(db, { organization, fact, now: at }, known),
      approvals: (siren) => createApprovals({ db, clock: () => at }).forSiren(siren),
      inCharge: () => Promise.resolve(charged.map(operatorOf)),
      onFactsChanged: (siren) => Promise.resolve(changed.push(siren)),
      onCommit: () => undefined,
      consoleHref: 'https://maillon.example/operateur',
    });
  });
  afterAll(() => stores.close());

  it('are proposed by one, who has seen nothing change; those who may confirm are told', async () => {
    const id = await propose('ada');
    expect(await now()).toEqual({ public: false, facets: [] });
    expect(await mails()).toEqual(['bob@operator.example', 'eve@operator.example']);
    const { effect, atOnce } = await corrections.show(await corrections.get(id));
    expect(effect?.map(({ service, verdict }) => [service, verdict])).toEqual([['docs', 'gains']]);
    expect(atOnce).toBe(false);
    expect(await code(propose('bob'))).toBe('M-REGI-006');
    expect(await code(propose('own'))).toBe('M-FILE-005');
  });

  it('are not confirmed by their author, by the organization, by whoever is not in charge, or unread', async () => {
    const [one] = await corrections.list();
    const id = one?.id ?? '';
    expect(await code(confirm(id, 'ada'))).toBe('M-REGI-004');
    expect(await code(confirm(id, 'own'))).toBe('M-FILE-005');
    expect(await code(corrections.answer({ id, answer: 'confirm', person: person('bob') }))).toBe(
      'M-REGI-005',
    );
    charged = ['ada'];
    expect(await code(confirm(id, 'bob'))).toBe('M-FILE-006');
    charged = ['bob', 'eve'];
    expect(await code(confirm(id, 'bob'))).toBe('M-REGI-007');
    charged = ['ada', 'bob', 'eve', 'own'];
    expect(await now()).toEqual({ public: false, facets: [] });
  });

  it('are confirmed once, whoever else answers at the same time; the record holds what was and what is', async () => {
    const [one] = await corrections.list(mayors);
    const id = one?.id ?? '';
    const declined = corrections.answer({ id, answer: 'decline', reason: 'Non.', person: person('eve') });
    const codes = await Promise.all([code(confirm(id, 'bob')), code(declined)]);
    expect(codes.toSorted()).toEqual(['M-REGI-003', 'done']);
    if ((await corrections.get(id)).state === 'declined') await confirm(await propose('ada'), 'bob');
    expect(await now()).toEqual(publicService);
    expect(changed).toEqual([mayors]);
    const { entries: rows } = await auditPage(stores.db, { act: 'register.' });
    const confirmed = rows.find(({ act }) => act === 'register.confirm_correction');
    expect(confirmed).toMatchObject({ actor: 'operator:bob', subject: `organization:${mayors}` });
    expect(confirmed).toMatchObject({
      before: { fact: 'publicService', value: { public: false, facets: [] } },
      after: { proposed_by: 'ada', fact: 'publicService', value: publicService },
    });
    expect(await entries()).toContain('operator:bob register.correct');
    expect((await verifyAudit(stores.db)).broken).toBe(0);
  });

  it('end at once by one person when that only closes, and say so before', async () => {
    const what = asked('eve', { kind: 'end', value: undefined });
    const { digest, atOnce, effect } = await corrections.show(what);
    expect([atOnce, effect?.map(({ verdict }) => verdict)]).toEqual([true, ['loses']]);
    expect(await code(corrections.propose({ ...what, seen: 'another page' }))).toBe('M-REGI-005');
    expect(await corrections.propose({ ...what, seen: digest })).toEqual({ kind: 'ended' });
    expect(await now()).toEqual({ public: false, facets: [] });
    expect(changed).toEqual([mayors, mayors]);
    expect(await code(corrections.propose(what))).toBe('M-REGI-001');
  });

  it('are not confirmed by whoever filed for the organization, though it has an RNA number only', async () => {
    await applyOrganizations(
      stores.db,
      [{ siren: undefined, rna, facts: { name: 'Les Amis', legalCategory: '9220' } }],
      { source: 'rna', asOf: '2026-11-01', now: at },
    );
    const id = await propose('ada', { organization: rna });
    const account = randomUUID();
    await stores.db.insertInto('account').values({ id: account, created_at: at, blocked_at: null }).execute();
    const answering = { ...person('bob'), actor: { ...person('bob').actor, accountId: account } };
    expect(await corrections.answers(await corrections.get(id), answering)).toContain('confirm');
    const file = { id: 'D-26-0123ABCD', account_id: account, organization: rna, draft: '{}', version: 1 };
    const times = { created_at: at, updated_at: at };
    await stores.db
      .insertInto('registration')
      .values({ ...file, stage: 'decided', ...times })
      .execute();
    expect(await corrections.answers(await corrections.get(id), answering)).toEqual([]);
    expect((await corrections.confirmable(await corrections.list(), answering)).size).toBe(0);
    expect((await corrections.confirmable(await corrections.list(), person('eve'))).has(id)).toBe(true);
    const { digest } = await corrections.show(await corrections.get(id));
    const confirmed = corrections.answer({ id, answer: 'confirm', seen: digest, person: answering });
    expect(await code(confirmed)).toBe('M-FILE-005');
    await corrections.answer({ id, answer: 'withdraw', person: person('ada') });
  });

  it('cannot be confirmed once the fact is another than when somebody proposed, though an import wrote it just then', async () => {
    const id = await propose('ada', { fact: 'legalCategory', value: '7210' });
    const sirene = { source: 'sirene', asOf: '2026-11-20', now: at } as const;
    const importing = asOnlyWriter(stores.db, async (trx) => {
      const facts = { name: 'AMD', legalCategory: '9221' };
      await applyOrganizations(trx, [{ siren: mayors, facts }], sirene);
      await setTimeout(1000);
    });
    expect(await code(confirm(id, 'bob'))).toBe('M-REGI-005');
    await importing;
    expect(await code(confirm(id, 'bob'))).toBe('M-REGI-005');
    expect(await code(corrections.answer({ id, answer: 'withdraw', person: person('bob') }))).toBe(
      'M-REGI-004',
    );
    await corrections.answer({ id, answer: 'withdraw', person: person('ada') });
    expect(await corrections.list()).toEqual([]);
  });

  it('typed on the server wait for the console, and not for whoever bears the name that was typed', async () => {
    const author = { given_name: 'Ada', usual_name: 'Martin', capacity: 'Head', organization: 'Operator' };
    const by = { actor: { kind: 'command_line', user: 'root', author }, author } as const;
    const id = await propose('ada', { by });
    expect(await code(confirm(id, 'ada'))).toBe('M-REGI-004');
    await corrections.answer({ id, answer: 'decline', reason: 'Sans pièce.', person: person('bob') });
    expect(await corrections.get(id)).toMatchObject({
      state: 'declined',
      answer: 'Sans pièce.',
      secondId: 'bob',
    });
    expect(await now()).toEqual({ public: false, facets: [] });
  });

  it.each([
    ['a value that is none', { value: { public: true, facets: ['army'] } }],
    ['a fact that nobody corrects', { fact: 'siren', value: '1' }],
    ['an organization that nobody knows', { organization: '130025265' }],
    ['the end of what is not corrected', { kind: 'end', value: undefined }],
    ['nothing as a reason', { reason: ' ' }],
  ] as const)('refuse %s', async (_what, more) => {
    expect(await code(propose('ada', more))).toBe('M-REGI-001');
    expect(await corrections.list()).toEqual([]);
  });
});
