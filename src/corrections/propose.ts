import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import type { Operator } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { queueMail } from '../mail/mail.ts';
import { asOnlyWriter, endCorrection } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import { proposedMails } from './correction-mail.ts';
import { effectOf, endsAlone, shownDigest } from './effect.ts';
import { authorOf } from './needs.ts';
import type { Corrector, CorrectionsNeeds } from './needs.ts';
import { isOwn } from './own.ts';
import { refusedCorrectionAnswer } from './rules.ts';
import type { CorrectionKind } from './rules.ts';
import { rulesFor } from './rules-for.ts';

export interface CorrectionAsked {
  readonly kind: CorrectionKind;
  /** SIREN, RNA number or entry in a local register. */
  readonly organization: string;
  readonly fact: string;
  /** What it is to be; not for an end. */
  readonly value?: unknown;
  readonly reason: string;
  readonly by: Corrector;
  /** Of the page from which it comes, which said what it would do at once. */
  readonly seen?: string | undefined;
}

export type Proposed =
  | { readonly kind: 'proposed'; readonly id: string; readonly confirmers: readonly Operator[] }
  /** It only took away, which waits for nobody. */
  | { readonly kind: 'ended' };

/**
 * Keeps what somebody proposes until a second person answers; ends a correction at once when that only closes.
 *
 * @throws BrokerError M-REGI-001 (no such fact, value, correction), M-REGI-005 (another page), M-REGI-006 (one waits already),
 * M-FILE-005 (one's own organization), M-FILE-006 (not, or no longer, in charge)
 */
export async function proposeCorrection(
  needs: Omit<CorrectionsNeeds, 'factNow'>,
  asked: CorrectionAsked,
): Promise<Proposed> {
  const { db, clock, randomId, onCommit, consoleHref } = needs;
  const { kind, by, fact, reason } = asked;
  const at = clock();
  const author = authorOf(by);
  const correcting = { ...asked, author, now: at };
  const known = await needs.foresee(db, correcting);
  const inCharge = await needs.inCharge(known.id);
  const rules = await rulesFor(needs, known.siren);
  const done = await db.transaction().execute(async (trx): Promise<Proposed> => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`correction ${known.id}`}, 0))`.execute(trx);
    await assertMay(needs, trx, { by, inCharge, organization: known.id });
    const foresee = () => needs.foresee(trx, correcting);
    // An end may be made below, as it is judged here: nobody writes the register in between.
    const foreseen = await (kind === 'end' ? asOnlyWriter(trx, foresee) : foresee());
    const effect = effectOf(foreseen, rules);
    if (asked.seen !== undefined && asked.seen !== shownDigest(foreseen, effect))
      throw new BrokerError('M-REGI-005', { detail: `${foreseen.id} ${fact}: another page` });
    if (endsAlone(asked, effect)) {
      await endCorrection(trx, { ...correcting, actor: by.actor });
      return { kind: 'ended' };
    }
    await assertNoneOpen(trx, foreseen.id, fact);
    const id = randomId();
    const { value, source } = foreseen;
    await trx
      .insertInto('correction_proposal')
      .values({
        id,
        organization: foreseen.id,
        kind,
        fact,
        value: asked.value === undefined ? null : JSON.stringify(asked.value),
        before: JSON.stringify({ value, source }),
        reason: reason.trim(),
        state: 'proposed',
        author_id: 'operator' in by ? by.operator.id : null,
        author: JSON.stringify(author),
        created_at: at,
      })
      .execute();
    const confirmers = await confirmersAmong(needs, trx, { by, inCharge, organization: foreseen.id });
    await queueMail(trx, at, proposedMails({ id, kind, author, consoleHref }, confirmers), randomId);
    await appendAudit(trx, at, [
      {
        act: 'register.propose_correction',
        subject: `organization:${foreseen.id}`,
        actor: by.actor,
        reason: reason.trim(),
        before: { fact, value },
        after: { proposal: id, fact, ...(kind === 'correct' ? { value: asked.value } : { ends: true }) },
      },
    ]);
    return { kind: 'proposed', id, confirmers };
  });
  onCommit();
  if (done.kind === 'ended' && known.siren !== undefined) await needs.onFactsChanged(known.siren);
  return done;
}

interface About {
  readonly by: Corrector;
  readonly inCharge: readonly Operator[];
  /** As the register calls it. */
  readonly organization: string;
}

/** Whoever keeps the server proposes and no more: a second person of the console looks at it in any case. */
async function assertMay(
  { snapshot }: Pick<CorrectionsNeeds, 'snapshot'>,
  trx: Kysely<Database>,
  { by, inCharge, organization }: About,
): Promise<void> {
  if (!('operator' in by)) return;
  const { actor, operator } = by;
  if (!inCharge.some(({ id }) => id === operator.id))
    throw new BrokerError('M-FILE-006', { detail: `${operator.id}: fact.correct` });
  if (await isOwn(trx, organization, operator, { snapshot: snapshot(), actor }))
    throw new BrokerError('M-FILE-005', { detail: `${operator.id}: fact.correct` });
}

async function confirmersAmong(
  { snapshot }: Pick<CorrectionsNeeds, 'snapshot'>,
  trx: Kysely<Database>,
  { by, inCharge, organization }: About,
): Promise<readonly Operator[]> {
  const standing = {
    state: 'proposed',
    authorId: 'operator' in by ? by.operator.id : undefined,
    author: authorOf(by),
  } as const;
  const found: Operator[] = [];
  for (const one of inCharge) {
    const own = await isOwn(trx, organization, one, { snapshot: snapshot() });
    if (refusedCorrectionAnswer(standing, 'confirm', { ...one, own }) === undefined) found.push(one);
  }
  return found;
}

/** @throws BrokerError M-REGI-006 */
async function assertNoneOpen(trx: Kysely<Database>, organization: string, fact: string): Promise<void> {
  const open = await trx
    .selectFrom('correction_proposal')
    .select('id')
    .where('organization', '=', organization)
    .where('fact', '=', fact)
    .where('state', '=', 'proposed')
    .executeTakeFirst();
  if (open !== undefined)
    throw new BrokerError('M-REGI-006', {
      detail: `${fact} of ${organization}: proposal ${open.id} waits already.`,
    });
}
