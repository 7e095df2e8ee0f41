import type { Kysely } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { eventSchema } from './act.ts';
import type { Act, Actor } from './act.ts';
import { apply, lastAt } from './apply.ts';
import type { Performed } from './apply.ts';
import { catchUp, isBehind } from './catch-up.ts';
import { isSenderRevoked } from './circumstances.ts';
import { oneAtATime } from './drafts.ts';
import { identification } from './identified.ts';
import { organizationOf } from './organization-of.ts';
import type { RegistrationFile } from './file.ts';
import type { RegistrationsNeeds } from './needs.ts';
import { readFile, readRow } from './open.ts';
import type { HeldRow } from './open.ts';
import { senderRevoked, unknownFile } from './refusals.ts';
import { checkSubmission } from './submission.ts';

export interface ActRequest {
  readonly id: string;
  /** Version of the file on the page from which the act comes. */
  readonly seen: number;
  readonly actor: Actor;
  readonly act: Act;
  /** Digest of the letter as it was previewed: nothing that an operator sends goes without. */
  readonly letterSha256?: string | undefined;
}

/** What happened to the file instead of the act. */
type Missed = { readonly missed: 'behind'; readonly file: RegistrationFile };

/**
 * One act, all or nothing: event, projections, approvals, letter, mail and record are in one transaction.
 *
 * @throws BrokerError M-FILE-001 (not theirs), 002 (stale page), 010 (letter not as previewed), 017 (malformed), 075 (who
 * sent it acts for the organization no more), and
 * what the lifecycle or the check of a submission refuse
 */
export async function perform(needs: RegistrationsNeeds, request: ActRequest): Promise<Performed> {
  const { db } = needs;
  const { id, seen } = request;
  const read = eventSchema.safeParse({ actor: request.actor, act: request.act });
  if (!read.success) throw new BrokerError('M-FILE-017', { cause: read.error, detail: id.slice(0, 40) });
  const { actor } = read.data;
  const act = frozen(needs, read.data.act);
  const before = await readRow(db, id);
  if (before === undefined || isStranger(actor, before)) throw unknownFile(id);
  const organization = await organizationOf(needs, before);

  const work = async (trx: Kysely<Database>): Promise<Performed | Missed> => {
    if (act.act === 'submit') await oneAtATime(trx, `asks ${before.accountId ?? ''}`);
    const row = await readRow(trx, id, 'wait');
    if (row === undefined) throw unknownFile(id);
    const file = await readFile(trx, row);
    if (actor.kind === 'applicant' && (await isSenderRevoked(trx, row))) throw senderRevoked(id);
    if (file.version !== seen) throw stalePage(file, seen);
    const today = parisDate(needs.clock());
    const identify = await identification(trx, { row, file }, organization, today);
    if (isBehind(needs, file) || identify !== undefined) return { missed: 'behind', file };
    if (act.act === 'submit' && actor.kind === 'applicant') {
      // Another tab may have named another organization between the two readings.
      if (row.organization !== before.organization) throw stalePage(file, seen);
      const { accountId } = actor;
      await checkSubmission(needs, trx, { ...row, accountId, organization }, act);
    }
    const { letterSha256 } = request;
    const done = await apply(needs, trx, { row, file, actor, act, organization, letterSha256 });
    await appendAudit(trx, lastAt(done.file), done.audit);
    return done;
  };

  const done = await db.transaction().execute(work);
  if (!('missed' in done)) return done;
  // Silence has decided, a right has ended, or the register has given a SIREN, since the page was read: that comes first, and is shown.
  const caughtUp = await catchUp(needs, id, 'wait');
  throw stalePage(caughtUp?.file ?? done.file, seen);
}

/** What silence is on the day of the request is what its receipt promises. */
const frozen = ({ silence }: RegistrationsNeeds, act: Act): Act =>
  act.act === 'submit' ? { ...act, silence } : act;

const isStranger = (actor: Actor, row: HeldRow): boolean =>
  actor.kind === 'applicant' && actor.accountId !== row.accountId;

/** Which acts happened since the page was read: for the log, and for whoever tells the person. */
function stalePage(file: RegistrationFile, seen: number): BrokerError {
  const meanwhile = file.events
    .filter(({ seq }) => seq > seen)
    .map(({ act }): Act['act'] => act.act)
    .join(', ');
  return new BrokerError('M-FILE-002', {
    detail: `${file.id}: seen ${seen}, is ${file.version} (${meanwhile})`,
    values: { meanwhile },
  });
}
