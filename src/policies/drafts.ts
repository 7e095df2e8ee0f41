import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { appendAudit, rowsNow } from '../audit/audit.ts';
import type { AuditActor, AuditEvent } from '../audit/audit.ts';
import type { Clock } from '../config/config.ts';
import { policyVersions, publishVersion } from '../declarations/declarations.ts';
import type { PolicyVersion } from '../declarations/declarations.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import type { Policy } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { longestDocument, policyText, readPolicyDocument } from './read-document.ts';
import { draftStates, highestOf, refusedAct, refusedVersion } from './rules.ts';
import type { DraftAct, DraftState, InCharge } from './rules.ts';

/** An operator at work: the gate of the console has asked what they may do to the service. */
export type PolicyPerson = Extract<AuditActor, { kind: 'operator' }>;

const personSchema = z.object({
  givenName: z.string(),
  usualName: z.string(),
  capacity: z.string(),
  organization: z.string(),
});
/** As of the act. */
export type NamedPerson = z.output<typeof personSchema> & { readonly id: string };

export interface Draft {
  readonly id: string;
  readonly service: string;
  readonly document: string;
  readonly base: number;
  readonly reason: string;
  readonly state: DraftState;
  readonly authorId: string;
  readonly author: NamedPerson;
  readonly second: NamedPerson | undefined;
  /** To be given back with the next act. */
  readonly seen: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly publishedAt: Date | undefined;
  readonly publishedVersion: number | undefined;
}

/** One version, and who published it from the console. */
export interface VersionOfPolicy extends PolicyVersion {
  readonly author: NamedPerson | undefined;
  readonly second: NamedPerson | undefined;
  readonly reason: string | undefined;
}

interface ActOnDraft {
  readonly id: string;
  readonly seen: number;
  readonly person: PolicyPerson;
}
interface ActAfterAuthor extends ActOnDraft {
  readonly inCharge: InCharge;
}

export interface PolicyDrafts {
  /** Those that are not ended, or every one of a service; newest first. */
  list(service?: string): Promise<readonly Draft[]>;
  /** @throws BrokerError M-POLI-001 */
  get(id: string): Promise<Draft>;
  /**
   * Begins one: a copy of the last version, or of a former one (to roll back to it), from today on; of a service without
   * policy, a document that lets nobody in.
   */
  start(asked: { service: string; person: PolicyPerson; from?: number; reason?: string }): Promise<Draft>;
  /** Right or wrong: what is wrong is said when it is read, and refused when it is proposed. */
  save(asked: ActOnDraft & { document: string; reason: string }): Promise<Draft>;
  /** @throws BrokerError M-POLI-006, M-POLI-007, M-POLI-008 */
  propose(asked: ActOnDraft): Promise<Draft>;
  /** By its author, or by whoever writes these rules when the author does no more. */
  discard(asked: ActAfterAuthor): Promise<Draft>;
  /** By the second person, who says why: the author goes on. */
  sendBack(asked: ActOnDraft & { reason: string }): Promise<Draft>;
  /**
   * By a second person, while the author may still write these rules.
   *
   * @throws BrokerError M-POLI-009, and as `propose`
   */
  publish(asked: ActAfterAuthor): Promise<Draft>;
  /** Every version of a service, the newest first. */
  versions(service: string): Promise<readonly VersionOfPolicy[]>;
}

export function createPolicyDrafts(needs: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly randomId: () => string;
}): PolicyDrafts {
  const { db, clock, randomId } = needs;
  const today = (): string => parisDate(clock());

  /** The row locked, the act asked about, the change made and recorded: all of it or nothing. */
  async function change(
    act: DraftAct,
    { id, seen, person, inCharge }: ActOnDraft & Partial<ActAfterAuthor>,
    work: (trx: Kysely<Database>, draft: Draft) => Promise<Changed>,
  ): Promise<Draft> {
    return db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('policy_draft')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) throw new BrokerError('M-POLI-001', { detail: `draft ${id}` });
      const draft = draftOf(row);
      const isAuthorGone = inCharge?.(draft.authorId, draft.service) === false;
      const refused = draft.seen === seen ? refusedAct(draft, act, person.id, isAuthorGone) : 'M-POLI-002';
      if (refused !== undefined) throw new BrokerError(refused, { detail: `${person.id}: ${act} ${id}` });
      const { set, event } = await work(trx, draft);
      const changed = await trx
        .updateTable('policy_draft')
        .set({ ...set, seen: seen + 1, updated_at: clock() })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      if (event !== undefined)
        await appendAudit(trx, clock(), [
          {
            act: `policy.${act}`,
            subject: `policy:${draft.service}@${draft.base + 1}`,
            actor: person,
            ...event,
          },
        ]);
      return draftOf(changed);
    });
  }

  return {
    async list(service) {
      let query = db.selectFrom('policy_draft').selectAll();
      query =
        service === undefined
          ? query.where('state', 'in', ['draft', 'proposed'])
          : query.where('service_id', '=', service);
      return (await query.orderBy('created_at', 'desc').orderBy('id').limit(200).execute()).map(draftOf);
    },
    async get(id) {
      const row = await db.selectFrom('policy_draft').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) throw new BrokerError('M-POLI-001', { detail: `draft ${id}` });
      return draftOf(row);
    },
    async start({ service, person, from, reason = '' }) {
      const versions = (await policyVersions(db, service)).map(({ policy }) => policy);
      const base = highestOf(versions);
      const model = versions.find(({ version }) => version === (from ?? base));
      if (model === undefined && from !== undefined)
        throw new BrokerError('M-POLI-001', { detail: `${service}@${from}` });
      const policy = { ...(model ?? nobody), service, version: base + 1, valid_from: today() };
      const now = clock();
      const row = await db
        .insertInto('policy_draft')
        .values({
          id: randomId(),
          service_id: service,
          document: policyText(policy),
          base,
          reason,
          state: 'draft',
          author_id: person.id,
          author: nameOf(person),
          created_at: now,
          updated_at: now,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return draftOf(row);
    },
    save: ({ document, reason, ...asked }) =>
      change('save', asked, () => {
        if (document.length > longestDocument || reason.length > 2000)
          throw new BrokerError('M-POLI-006', { detail: `longer than ${longestDocument} characters` });
        return Promise.resolve({ set: { document, reason: reason.trim() } });
      }),
    propose: (asked) =>
      change('propose', asked, async (trx, draft) => {
        const policy = readDraft(draft);
        const versions = (await policyVersions(trx, draft.service)).map((one) => one.policy);
        accept({ policy, base: draft.base }, versions, today());
        return {
          set: { state: 'proposed', proposed_at: clock() },
          event: { reason: draft.reason, before: last(versions), after: policy },
        };
      }),
    discard: (asked) =>
      change('discard', asked, () => Promise.resolve({ set: { state: 'discarded' }, event: {} })),
    sendBack: ({ reason, ...asked }) =>
      change('send_back', asked, () =>
        Promise.resolve({ set: { state: 'draft', proposed_at: null }, event: { reason } }),
      ),
    publish: (asked) =>
      change('publish', asked, async (trx, draft) => {
        const policy = readDraft(draft);
        let before: Policy | undefined;
        await publishVersion(trx, policy, clock(), (published) => {
          const versions = published.map((one) => one.policy);
          accept({ policy, base: draft.base }, versions, today());
          before = last(versions);
        });
        return {
          set: {
            state: 'published',
            second_id: asked.person.id,
            second: nameOf(asked.person),
            published_at: clock(),
            published_version: policy.version,
          },
          event: {
            reason: draft.reason,
            before,
            after: { author: draft.authorId, policy },
            rows: await rowsNow(trx, [
              { table: 'declared_object', key: `policy/${policy.service}@${policy.version}` },
            ]),
          },
        };
      }),
    async versions(service) {
      const drafts = (
        await db
          .selectFrom('policy_draft')
          .selectAll()
          .where('service_id', '=', service)
          .where('state', '=', 'published')
          .execute()
      ).map(draftOf);
      return (await policyVersions(db, service)).toReversed().map((one) => {
        const draft =
          one.origin === 'console'
            ? drafts.find(({ publishedVersion }) => publishedVersion === one.policy.version)
            : undefined;
        return { ...one, author: draft?.author, second: draft?.second, reason: draft?.reason };
      });
    },
  };
}

interface Changed {
  readonly set: Partial<Selectable<Database['policy_draft']>>;
  readonly event?: Pick<AuditEvent, 'reason' | 'before' | 'after' | 'rows'>;
}

/** @throws BrokerError M-POLI-006, a line for each fault */
function readDraft({ document, service, base }: Draft): Policy {
  const read = readPolicyDocument(document, { service, version: base + 1 });
  if (read.kind === 'policy') return read.policy;
  const lines = read.problems.map(({ line, reason }) => `${line}: ${reason}`);
  throw new BrokerError('M-POLI-006', { detail: lines.join('\n') });
}

function accept(draft: { policy: Policy; base: number }, versions: readonly Policy[], today: string): void {
  const refused = refusedVersion(draft, versions, today);
  if (refused !== undefined)
    throw new BrokerError(refused, { detail: `${draft.policy.service}@${draft.base + 1}` });
}

const last = (versions: readonly Policy[]): Policy | undefined =>
  versions.find(({ version }) => version === highestOf(versions));

const nobody = {
  guards: [],
  rules: [],
  default: { deny: 'not_eligible' },
} as const satisfies Partial<Policy>;

function nameOf({ givenName, usualName, capacity, organization }: PolicyPerson): string {
  return JSON.stringify({ givenName, usualName, capacity, organization });
}

function person(id: string, text: string): NamedPerson {
  const parsed: unknown = JSON.parse(text);
  return { id, ...personSchema.parse(parsed) };
}

function draftOf(row: Selectable<Database['policy_draft']>): Draft {
  return {
    id: row.id,
    service: row.service_id,
    document: row.document,
    base: row.base,
    reason: row.reason,
    state: z.enum(draftStates).parse(row.state),
    authorId: row.author_id,
    author: person(row.author_id, row.author),
    second: row.second_id === null || row.second === null ? undefined : person(row.second_id, row.second),
    seen: row.seen,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    publishedAt: row.published_at ?? undefined,
    publishedVersion: row.published_version ?? undefined,
  };
}
