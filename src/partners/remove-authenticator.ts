import type { AuditActor } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { change, notThere } from './act.ts';
import type { PartnersNeeds } from './needs.ts';
import { readAuthenticators } from './rows.ts';
import { mayRemove } from './rules.ts';

/** Read again under the lock of the partner: of two that are removed at once, one stays where one has to. */
export async function removeAuthenticator(
  needs: PartnersNeeds,
  id: string,
  authenticatorId: string,
  need: { readonly mfaRequired: boolean },
  actor: AuditActor,
): Promise<void> {
  await change(
    needs,
    id,
    async ({ trx, tell }) => {
      const held = await readAuthenticators(trx, id);
      const found = held.find((one) => one.id === authenticatorId);
      if (found === undefined)
        throw notThere(`no authenticator ${authenticatorId.slice(0, 40)} of partner ${id}`);
      if (!mayRemove(held, authenticatorId, need)) throw new BrokerError('M-PART-014', { detail: id });
      await trx.deleteFrom('partner_authenticator').where('id', '=', authenticatorId).execute();
      if (held.length === 1)
        for (const table of ['partner_recovery_code', 'partner_lost_factors'] as const)
          await trx.deleteFrom(table).where('partner_id', '=', id).execute();
      const { kind, name } = found;
      tell({
        act: kind === 'passkey' ? 'partner.remove_passkey' : 'partner.remove_totp',
        before: { name },
        rows: [{ table: 'partner_authenticator', key: authenticatorId }],
        notice: { kind: `${kind}_removed` },
      });
    },
    actor,
  );
}
