import type { Kysely } from 'kysely';
import { anyMember, approvalsOf, compare } from '../eligibility/eligibility.ts';
import type { Policy } from '../eligibility/eligibility.ts';
import { noExceptions } from '../organizations/organizations.ts';
import type { PublicServiceExceptions, TerritoryIndex } from '../organizations/organizations.ts';
import { storedFacts } from '../register/register.ts';
import { openedAtClients } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';
import { createTurns } from './judge.ts';
import { instantOf } from './preview.ts';

/** People who have the service open, and whom a draft shuts out. */
export interface WhoLoses {
  readonly organizations: number;
  readonly people: number;
  /** Browsers in which a tool was opened. */
  readonly sessions: number;
  /** What was given to tools and may still be used. */
  readonly grants: number;
  /** Ids of the tools, sorted. */
  readonly clients: readonly string[];
  /** Grants that were looked at, when there are more. */
  readonly lookedAt: number | undefined;
}

export type PeopleWhoLose = (versions: {
  readonly before: Policy | undefined;
  readonly after: Policy;
}) => Promise<WhoLoses>;

/** Legal units asked about at once. */
const pageSize = 100;

/**
 * The same question as of the preview, asked about the establishments for which somebody has one of these tools open: few,
 * whatever the register holds. As there, nothing but the organization is looked at.
 */
export async function peopleWhoLose(
  { before, after }: Parameters<PeopleWhoLose>[0],
  {
    db,
    territories,
    exceptions = noExceptions,
    now,
    clientIds,
    most = 20_000,
  }: {
    readonly db: Kysely<Database>;
    readonly territories: TerritoryIndex;
    readonly exceptions?: PublicServiceExceptions;
    readonly now: Date;
    /** Tools of the service. */
    readonly clientIds: readonly string[];
    /** Grants that are looked at. */
    readonly most?: number;
  },
): Promise<WhoLoses> {
  const at = instantOf(after, now);
  const person = anyMember(at);
  const opened = await openedAtClients(db, { clientIds, now, limit: most });
  const bySiren = Map.groupBy(opened, ({ siret }) => siret.slice(0, 9));
  const sirens = [...bySiren.keys()].toSorted();
  const othersFirst = createTurns();
  const closed = new Set<string>();
  for (let start = 0; start < sirens.length; start += pageSize) {
    const page = sirens.slice(start, start + pageSize);
    const sirets = new Set(page.flatMap((siren) => bySiren.get(siren) ?? []).map(({ siret }) => siret));
    const facts = await storedFacts(db, [...sirets], { territories, exceptions, now: at });
    const approvals = await approvalsOf(db, page);
    for (const [siret, organization] of facts) {
      const subject = { ...person, organization, approvals: approvals.get(organization.siren) ?? [] };
      if (compare(before, after, subject, at).verdict === 'loses') closed.add(siret);
      await othersFirst();
    }
  }
  const lost = opened.filter(({ siret }) => closed.has(siret));
  const distinct = (values: readonly (string | undefined)[]): readonly string[] =>
    [...new Set(values)].filter((value) => value !== undefined).toSorted();
  return {
    organizations: distinct(lost.map(({ siret }) => siret.slice(0, 9))).length,
    people: distinct(lost.map(({ accountId }) => accountId)).length,
    sessions: distinct(lost.map(({ session }) => session)).length,
    grants: lost.length,
    clients: distinct(lost.map(({ clientId }) => clientId)),
    lookedAt: opened.length < most ? undefined : most,
  };
}
