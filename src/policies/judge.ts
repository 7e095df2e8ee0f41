import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import {
  anyMember,
  approvalsBetween,
  compare,
  compareAfterwards,
  factsRead,
} from '../eligibility/eligibility.ts';
import type { Afterwards, Approval, Comparison, Policy, Verdict } from '../eligibility/eligibility.ts';
import type {
  OrganizationFacts,
  PublicServiceExceptions,
  TerritoryIndex,
} from '../organizations/organizations.ts';
import { createLikeness, storedFacts } from '../register/register.ts';
import type { OutlineBatch } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';

/** What becomes of one organization. */
export interface Judged {
  readonly siret: string;
  readonly category: string;
  readonly verdict: Verdict;
  /** For any service. */
  readonly approvals: readonly Approval[];
  /** What becomes of them after their last day, where that differs. */
  readonly afterwards: readonly Pick<Afterwards, 'approval' | 'verdict'>[];
}

export interface Judge {
  /** In the order of the batch; what has gone meanwhile is left out. */
  judge(batch: OutlineBatch): Promise<readonly Judged[]>;
  /** These by themselves, with all that was looked at. */
  explain(judged: readonly Judged[]): Promise<readonly Explained[]>;
}

export interface Explained extends Judged {
  readonly organization: OrganizationFacts;
  readonly compared: Comparison;
  readonly afterwards: readonly Afterwards[];
}

type Kind = Pick<Judged, 'category' | 'verdict'>;

/** Kinds of organizations whose verdict is remembered: some hundreds are usual, a policy on age makes many. */
const mostKinds = 100_000;
/** Milliseconds of work after which others have their turn: sign-ins on the same process are not to wait. */
const turnMs = 4;

/**
 * Asks `decide()` twice about an organization, for somebody who lacks nothing else (`anyMember`): under the version in
 * force, and under the draft. It is asked once for all those that neither version can tell apart (register/alike.ts):
 * `decide()` is pure, and all that it reads of them is the same.
 */
export function createJudge(
  { before, after }: { readonly before: Policy | undefined; readonly after: Policy },
  {
    db,
    at,
    territories,
    exceptions,
  }: {
    readonly db: Kysely<Database>;
    readonly at: Date;
    readonly territories: TerritoryIndex;
    readonly exceptions: PublicServiceExceptions;
  },
): Judge {
  const person = anyMember(at);
  const register = { territories, exceptions, now: at };
  const likenessOf = createLikeness(factsRead(before === undefined ? [after] : [before, after]), register);
  const kinds = new Map<string, Kind>();
  const othersFirst = createTurns();

  const compared = (organization: OrganizationFacts, approvals: readonly Approval[]): Comparison =>
    compare(before, after, { ...person, organization, approvals }, at);

  const afterwardsOf = (
    organization: OrganizationFacts,
    approvals: readonly Approval[],
  ): readonly Afterwards[] => compareAfterwards(before, after, { organization, approvals }, at);

  async function facts(sirets: readonly string[]): Promise<ReadonlyMap<string, OrganizationFacts>> {
    const found = new Map<string, OrganizationFacts>();
    for (let start = 0; start < sirets.length; start += pageSize) {
      const page = await storedFacts(db, sirets.slice(start, start + pageSize), register);
      for (const [siret, organization] of page) found.set(siret, organization);
      await othersFirst();
    }
    return found;
  }

  return {
    async judge({ outlines, after: from, to }) {
      const approvals = await approvalsBetween(db, from, to);
      if (kinds.size > mostKinds) kinds.clear();
      const lines: { siret: string; own: readonly Approval[]; likeness: string | undefined }[] = [];
      const unknown = new Map<string, string>();
      for (const [index, outline] of outlines.entries()) {
        if (index % 32 === 0) await othersFirst();
        const { siren, siret } = outline;
        const own = approvals.get(siren) ?? [];
        // Approvals count by their days, and few organizations have any: each of those is asked about by itself.
        const likeness = own.length > 0 ? undefined : likenessOf(outline);
        lines.push({ siret, own, likeness });
        if (likeness === undefined || !kinds.has(likeness)) unknown.set(likeness ?? siret, siret);
      }
      const read = await facts([...unknown.values()]);
      const judged: Judged[] = [];
      for (const { siret, own, likeness } of lines) {
        let kind = likeness === undefined ? undefined : kinds.get(likeness);
        let afterwards: Judged['afterwards'] = [];
        if (kind === undefined) {
          const organization = read.get(unknown.get(likeness ?? siret) ?? '');
          if (organization === undefined) continue;
          kind = { category: organization.category, verdict: compared(organization, own).verdict };
          if (likeness !== undefined) kinds.set(likeness, kind);
          afterwards = afterwardsOf(organization, own).map(({ approval, verdict }) => ({
            approval,
            verdict,
          }));
          await othersFirst();
        }
        judged.push({ ...kind, siret, approvals: own, afterwards });
      }
      return judged;
    },
    async explain(judged) {
      const read = await facts(judged.map(({ siret }) => siret));
      return judged.flatMap((one) => {
        const organization = read.get(one.siret);
        if (organization === undefined) return [];
        const comparison = compared(organization, one.approvals);
        // What has changed since it was counted is counted, and not shown.
        if (comparison.verdict !== one.verdict) return [];
        const afterwards = afterwardsOf(organization, one.approvals);
        return [{ ...one, organization, compared: comparison, afterwards }];
      });
    },
  };
}

/** Organizations read, and checked, as a whole at once. */
const pageSize = 100;

/** Answers at once while the turn lasts. */
export function createTurns(): () => Promise<void> | undefined {
  let since = performance.now();
  return () =>
    performance.now() - since < turnMs
      ? undefined
      : setImmediate().then(() => {
          since = performance.now();
        });
}
