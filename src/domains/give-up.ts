import { appendAudit } from '../audit/audit.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { openHandover } from './handover-rows.ts';
import { isHeld, transition } from './lifecycle.ts';
import { unnamed } from './needs.ts';
import type { DomainAuthor, DomainsNeeds } from './needs.ts';
import { lockDomain, readDomain, stale, writeDomain } from './rows.ts';
import type { OrganizationDomain } from './rows.ts';

/**
 * The organization has the domain no more, and asks for it no more; whoever asked for it may prove it anew.
 *
 * @param seen `version` on the page from which the form comes
 * @throws BrokerError M-DOMN-001, M-DOMN-002
 */
export async function giveUpDomain(
  needs: DomainsNeeds,
  {
    id,
    siren,
    seen,
    author,
  }: { readonly id: string; readonly siren: string; readonly seen: number; readonly author: DomainAuthor },
): Promise<OrganizationDomain> {
  const at = needs.clock();
  const { domain } = await readDomain(needs.db, { id, siren });
  const before = await needs.db.transaction().execute(async (trx) => {
    await lockDomain(trx, domain);
    const one = await readDomain(trx, { id, siren }, 'wait');
    const state = transition(one.state, 'give_up');
    if (state === undefined || one.version !== seen) throw stale(id);
    await writeDomain(trx, id, { state, ended_at: at, next_check_at: null });
    await endHandoverOf(trx, at, one);
    await appendAudit(trx, at, [
      {
        act: 'domain.give_up',
        subject: `organization:${siren}`,
        actor: unnamed(author),
        before: { domain, state: one.state },
        after: { domain, state },
      },
    ]);
    return one;
  });
  if (isHeld(before.state)) await needs.onLost(siren, domain);
  return before;
}

/** There is nothing to decide any more. Whoever had proven the domain may prove it again. */
async function endHandoverOf(trx: Kysely<Database>, at: Date, one: OrganizationDomain): Promise<void> {
  const open = await openHandover(trx, one.domain, 'wait');
  if (open === undefined || (open.fromId !== one.id && open.toId !== one.id)) return;
  await trx
    .updateTable('domain_handover')
    .set({ state: 'void', ended_at: at })
    .where('id', '=', open.id)
    .execute();
  if (open.fromId !== one.id) return;
  const other = await readDomain(trx, { id: open.toId }, 'wait');
  const state = transition(other.state, 'release');
  if (state !== undefined) await writeDomain(trx, other.id, { state, claimed_at: at });
}
