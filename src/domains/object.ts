import { appendAudit } from '../audit/audit.ts';
import { inOneLine } from '../http/http.ts';
import { openHandover } from './handover-rows.ts';
import { unnamed } from './needs.ts';
import type { DomainAuthor, DomainsNeeds } from './needs.ts';
import { lockDomain, readDomain, stale } from './rows.ts';

/** Of what somebody writes for the two who decide. */
export const longestReason = 500;

export type ReasonProblem = 'reason_missing' | 'reason_long';

export function reasonProblem(typed: string): ReasonProblem | undefined {
  const reason = inOneLine(typed);
  if (reason === '') return 'reason_missing';
  return reason.length > longestReason ? 'reason_long' : undefined;
}

/**
 * Whoever represents the organization that holds a domain says why it should stay: once, in time. It ends nothing: the two
 * operators read it.
 *
 * @throws BrokerError M-DOMN-001, M-DOMN-002 when it is too late, or said already
 */
export async function objectToHandover(
  needs: DomainsNeeds,
  {
    id,
    siren,
    reason,
    author,
  }: { readonly id: string; readonly siren: string; readonly reason: string; readonly author: DomainAuthor },
): Promise<void> {
  const at = needs.clock();
  const { domain } = await readDomain(needs.db, { id, siren });
  await needs.db.transaction().execute(async (trx) => {
    await lockDomain(trx, domain);
    const open = await openHandover(trx, domain, 'wait');
    const isInTime = open?.fromId === id && at < open.objectionsUntil && open.objection === undefined;
    if (!isInTime) throw stale(id);
    await trx
      .updateTable('domain_handover')
      .set({ objection: inOneLine(reason), objected_at: at })
      .where('id', '=', open.id)
      .execute();
    await appendAudit(trx, at, [
      {
        act: 'domain.object',
        subject: `organization:${siren}`,
        actor: unnamed(author),
        reason: inOneLine(reason),
        after: { domain },
      },
    ]);
  });
}
