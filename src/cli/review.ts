import { mendInterrupted } from '../importers/importers.ts';
import { defaultMaxAgeDays, reviewApprovals } from '../register/register.ts';
import type { ReviewReport } from '../register/register.ts';
import type { Arguments } from './commands.ts';
import { durationOf } from './duration.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { withStores } from './with-stores.ts';

const day = 86_400;

/**
 * `--json`: one event a line, what is new, what is still open, what operators have seen, what is settled, for whatever reads
 * events.
 */
export async function registryCheck(surroundings: Surroundings, { flags, values }: Arguments): Promise<void> {
  const asked = values.get('max-age');
  const maxAgeDays =
    asked === undefined ? defaultMaxAgeDays : Math.ceil(durationOf('--max-age', asked) / day);
  const report = await withStores(surroundings, configOf(surroundings), async ({ db }) => {
    await mendInterrupted(db);
    return reviewApprovals(db, { now: surroundings.clock(), maxAgeDays });
  });
  surroundings.print(flags.has('json') ? events(report) : sentences(report));
}

function events({ found, fresh, settled }: ReviewReport): string {
  const isFresh = new Set(fresh);
  return [
    ...found.map((review) => ({
      event: isFresh.has(review) ? 'review_opened' : review.seen ? 'review_seen' : 'review_still_open',
      ...review,
    })),
    ...settled.map((review) => ({ event: 'review_settled', ...review })),
  ]
    .map((event) => JSON.stringify(event))
    .join('\n');
}

function sentences({ checked, found, fresh, settled }: ReviewReport): string {
  const seen = found.filter((review) => review.seen).length;
  const counts = `Approvals checked: ${checked}. Findings: ${found.length}, ${fresh.length} of them new, ${seen} seen in the console. Settled since: ${settled.length}.`;
  if (found.length === 0) return counts;
  return [
    table([
      ['APPROVAL', 'ORGANIZATION', 'SERVICE', 'REVIEW BECAUSE', 'SINCE', 'SEEN', 'DETAIL'],
      ...found.map(({ approvalId, organization, service, reason, foundAt, seen: isSeen, detail }) => [
        approvalId,
        organization,
        service,
        reason.replaceAll('_', ' '),
        foundAt.toISOString().slice(0, 10),
        isSeen ? 'yes' : 'no',
        detail,
      ]),
    ]),
    '',
    counts,
  ].join('\n');
}
