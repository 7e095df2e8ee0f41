import type { AuditActor } from '../audit/audit.ts';
import { change, notThere } from './act.ts';
import { acceptedAuthenticatorName } from './names.ts';
import type { PartnersNeeds } from './needs.ts';
import { readAuthenticators } from './rows.ts';

/** It opens and closes nothing: nobody is written to. */
export async function renameAuthenticator(
  needs: PartnersNeeds,
  id: string,
  authenticatorId: string,
  typed: string,
  actor: AuditActor,
): Promise<void> {
  const name = acceptedAuthenticatorName(typed);
  await change(
    needs,
    id,
    async ({ trx, tell }) => {
      const found = (await readAuthenticators(trx, id)).find((one) => one.id === authenticatorId);
      if (found === undefined)
        throw notThere(`no authenticator ${authenticatorId.slice(0, 40)} of partner ${id}`);
      if (found.name === name) return;
      await trx
        .updateTable('partner_authenticator')
        .set({ name })
        .where('id', '=', authenticatorId)
        .execute();
      tell({
        act: 'partner.rename_authenticator',
        before: { name: found.name },
        after: { name },
        rows: [{ table: 'partner_authenticator', key: authenticatorId }],
      });
    },
    actor,
  );
}
