import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { parisDate } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import { approvalId } from './approval-id.ts';
import { approvalRowOf, heldBackRowOf, renewedRowOf } from './approval-rows.ts';
import type { ApprovalRow } from './approval-rows.ts';
import { endGrace, isRenewalRefused } from './ended-grace.ts';
import type { RegistrationFile, Request } from './file.ts';
import { heldBackOf } from './held-back.ts';
import type { RegistrationsNeeds, RightConcerned } from './needs.ts';
import { readFile, readRenewals } from './open.ts';
import type { HeldRow } from './open.ts';

/** What `maillon apply` declares is `configuration`: neither ever touches the rows of the other. */
const origin = 'registration';

/**
 * Makes the approvals of a file what the file says, and those of the files that renew it, which it may hold back; in the
 * transaction of the act, whose lock keeps the latter's acts away too.
 *
 * @returns the rights that are not what they were
 */
export async function writeApprovals(
  needs: Pick<RegistrationsNeeds, 'snapshot' | 'clock'>,
  trx: Kysely<Database>,
  file: RegistrationFile,
  { siren, renews }: Pick<HeldRow, 'siren' | 'renews'>,
): Promise<readonly RightConcerned[]> {
  const own = siren === undefined ? [] : await writeOwn(needs, trx, file, siren, renews);
  const changed = [...own];
  for (const row of await readRenewals(trx, file.id)) {
    changed.push(...(await writeApprovals(needs, trx, await readFile(trx, row), row)));
  }
  return changed;
}

async function writeOwn(
  needs: Pick<RegistrationsNeeds, 'snapshot' | 'clock'>,
  trx: Kysely<Database>,
  file: RegistrationFile,
  siren: string,
  renews: string | undefined,
): Promise<readonly RightConcerned[]> {
  const heldBack = await heldBackOf(trx, renews, file);
  const at = needs.clock();
  const changed: RightConcerned[] = [];
  for (const request of file.requests) {
    const { service } = request;
    const competent = needs.snapshot().services.get(service)?.decided_by.name.fr ?? service;
    const own = approvalRowOf(file, request, siren, competent);
    const row =
      own &&
      (await withoutGrace(
        trx,
        file,
        await afterRenewal(trx, file, request, heldBackRowOf(own, heldBack.get(service))),
      ));
    const isChanged =
      row === undefined ? await remove(trx, approvalId(file.id, service)) : await write(trx, row, at);
    const isOver = await endGrace(trx, { file, request, siren, renews, at });
    if (isChanged || isOver) changed.push({ siren, service });
  }
  return changed;
}

async function afterRenewal(
  trx: Kysely<Database>,
  file: RegistrationFile,
  request: Request,
  own: ApprovalRow,
): Promise<ApprovalRow | undefined> {
  if (request.state !== 'renewed') return own;
  const by = file.events
    .map(({ act }) => act)
    .findLast((act) => act.act === 'renewed_by' && act.service === request.service);
  if (by?.act !== 'renewed_by') return own;
  const newer = await trx
    .selectFrom('approval')
    .select('starts_on')
    .where('id', '=', approvalId(by.registration, request.service))
    .where('origin', '=', origin)
    .executeTakeFirst();
  return newer === undefined ? own : renewedRowOf(own, newer.starts_on);
}

/** What was asked for to follow it was refused: it does not go on after its last day. */
const withoutGrace = async (
  trx: Kysely<Database>,
  { id }: RegistrationFile,
  row: ApprovalRow | undefined,
): Promise<ApprovalRow | undefined> =>
  row?.lapses === true && (await isRenewalRefused(trx, id, row.service_id)) ? { ...row, lapses: false } : row;

async function remove(trx: Kysely<Database>, id: string): Promise<boolean> {
  const gone = await trx
    .deleteFrom('approval')
    .where('id', '=', id)
    .where('origin', '=', origin)
    .returning('id')
    .execute();
  return gone.length > 0;
}

/** A row that says the same keeps its `updated_at`: nobody looks again at what did not change. */
async function write(trx: Kysely<Database>, row: ApprovalRow, at: Date): Promise<boolean> {
  // What goes on after its last day was settled on that day: nothing makes it go on again, nor a row of which nothing is
  // known of that day.
  const isOver = row.ends_on < parisDate(at);
  const values = { ...row, lapses: row.lapses && !isOver, origin, updated_at: at };
  const lapses = sql<boolean>`(${row.lapses} and (approval.lapses or ${!isOver}))`;
  const written = await trx
    .insertInto('approval')
    .values(values)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ ...values, lapses })
        .where('approval.origin', '=', origin)
        .where(
          sql<boolean>`(approval.siren, approval.level, approval.ground, approval.reason, approval.starts_on,
            approval.ends_on, approval.status, approval.decided_by, approval.decided_on, approval.lapses)
            is distinct from (excluded.siren, excluded.level, excluded.ground, excluded.reason, excluded.starts_on,
            excluded.ends_on, excluded.status, excluded.decided_by, excluded.decided_on, ${lapses})`,
        ),
    )
    .returning('id')
    .execute();
  if (written.length === 0 && !(await isOurs(trx, row.id))) {
    // A decision that no tool would ever see is not taken.
    throw new Error(`approval ${row.id} is declared: a decision on a file cannot take its place`);
  }
  return written.length > 0;
}

const isOurs = async (trx: Kysely<Database>, id: string): Promise<boolean> =>
  (await trx
    .selectFrom('approval')
    .select('id')
    .where('id', '=', id)
    .where('origin', '=', origin)
    .executeTakeFirst()) !== undefined;
