import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { appendAudit } from '../audit/audit.ts';
import { withdrawEntered } from '../register/register.ts';
import { isSiret, lotLabel } from '../organizations/organizations.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { authorOf } from './enter-register.ts';
import type { BatchesNeeds } from './needs.ts';
import { ownCellsOf, readOwn } from './own-cells.ts';
import { readEntry, writeEntry } from './rows.ts';
import type { Batch, KeptLine } from './rows.ts';

/** What keeps an organization in the register that a lot brought, when the right of the lot is taken back. */
export const stays = ['register', 'operator', 'members', 'file', 'right', 'people', 'lot'] as const;
export type Stay = (typeof stays)[number];

/**
 * The way back of an entry: out of the register, unless something else has come to depend on it since. The file that this lot
 * opened is none such thing: it names the organization by itself.
 */
export async function leaveRegister(
  { db, clock }: BatchesNeeds,
  batch: Batch,
  { line, cells, organization: siren, registration }: KeptLine,
  actor: OperatorActor,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (siren === undefined || (await readEntry(trx, batch.id, line)) !== 'entered') return;
    const now = clock();
    const reason = batch.undo?.text ?? `${batch.id}: ${batch.decision.text}`;
    const kept = await staysFor(trx, { lot: batch.id, siren, registration });
    const left = kept ?? (await withdraw());
    if (left === 'absent' || left === 'withdrawn') {
      await writeEntry(trx, batch.id, line, { entry: 'withdrawn' });
      await appendAudit(trx, now, [
        {
          act: 'register.withdraw',
          subject: `organization:${siren}`,
          actor,
          reason,
          before: { lot: batch.id },
        },
      ]);
    } else await writeEntry(trx, batch.id, line, { entry: 'kept', about: left });

    function withdraw() {
      const read = readOwn(ownCellsOf(cells));
      const siret = 'reason' in read ? undefined : read.establishment?.siret;
      if (siren === undefined || siret === undefined || !isSiret(siret))
        throw new TypeError(`${batch.id}: line ${line} entered nobody`);
      const context = { now, author: authorOf(actor), reason };
      return withdrawEntered(trx, { siren, siret, label: lotLabel(batch.id) }, context);
    }
  });
}

const foundSchema = z.array(
  z.object({ file: z.boolean(), right: z.boolean(), people: z.boolean(), lot: z.boolean() }),
);

/** Somebody asked for it, was granted something, signed in for it, invited a guest for it, or is about to decide about it. */
async function staysFor(
  trx: Kysely<Database>,
  {
    lot,
    siren,
    registration = '',
  }: { readonly lot: string; readonly siren: string; readonly registration: string | undefined },
): Promise<Extract<Stay, 'file' | 'right' | 'people' | 'lot'> | undefined> {
  const { rows } = await sql`
    select
      exists (select from registration
        where (organization = ${siren} or siren = ${siren}) and id <> ${registration}) as file,
      exists (select from approval where siren = ${siren}
        and left(id, length(${registration}) + 1) <> lower(${registration}) || '-') as right,
      exists (select from membership where siren = ${siren})
        or exists (select from invitation where left(sponsor_siret, 9) = ${siren}) as people,
      exists (select from batch_line where organization = ${siren} and batch_id <> ${lot} and outcome = 'asked') as lot`.execute(
    trx,
  );
  const [found] = foundSchema.parse(rows);
  return (['file', 'right', 'people', 'lot'] as const).find((one) => found?.[one] === true);
}
