import type { Kysely } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { authorSchema, isRna, isSiren } from '../organizations/organizations.ts';
import type { Author, Correction, FactName, Source, StatedFacts } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { boundAmong } from './bound.ts';
import { correctableFacts, correctedFact, isCorrectable } from './correctable.ts';
import { inListOrder } from './compare-statements.ts';
import { idOf, say, staysWithout, unitOf, unsay } from './draft.ts';
import type { Draft } from './draft.ts';
import { asOnlyWriter } from './one-writer.ts';
import { noRows, readRows } from './rows-at-hand.ts';
import type { RowsAtHand } from './rows-at-hand.ts';
import { settle } from './settle.ts';
import { writeOrganizations } from './write-organizations.ts';

/** What an operator decides of one fact. */
export interface Correcting {
  /** SIREN, RNA number or entry in a local register. */
  readonly organization: string;
  /** One of `correctableFacts`. */
  readonly fact: string;
  readonly reason: string;
  readonly author: Author;
  readonly now: Date;
  /** Who the record says did it; the command line in the name of the author, when nobody is named. */
  readonly actor?: AuditActor;
}

/**
 * An operator says what a fact is, whatever the registers say, until they end the correction. It is the statement of
 * the source `operator`, with the reason, the author and the date beside each fact.
 *
 * @param correcting `value` null is for the RNA number only: the one that a register gives is somebody else's
 * @throws BrokerError M-REGI-001, which says what is refused; nothing is changed then
 */
export function correctFact(
  db: Kysely<Database>,
  correcting: Correcting & { readonly value: unknown },
): Promise<void> {
  return change(db, correcting, correction(correcting));
}

/** What a correction does to the organization. @throws BrokerError M-REGI-001 */
export function correction(correcting: Correcting & { readonly value: unknown }): (draft: Draft) => void {
  const { fact, value, reason, now } = correcting;
  if (!isCorrectable(fact)) throw notCorrectable(fact);
  const corrected = correctedFact(fact, value);
  if ('problem' in corrected) throw refused(`${fact}: ${corrected.problem}`);
  const decided: Correction = { ...decisionOf(correcting), at: now.toISOString() };
  return (draft) => {
    const said = draft.statements.get('operator');
    say(draft, 'operator', {
      facts: inListOrder({ ...said?.facts, ...corrected.facts }),
      asOf: now.toISOString().slice(0, 10),
      corrections: { ...said?.corrections, [fact]: { ...decided, reason: reason.trim() } },
    });
  };
}

/** @throws BrokerError M-REGI-001 when there is no such correction */
export function endCorrection(db: Kysely<Database>, correcting: Correcting): Promise<void> {
  return change(db, correcting, endOfCorrection(correcting));
}

/** What its end does. @throws BrokerError M-REGI-001, also when it is done to an organization of which the fact is not corrected */
export function endOfCorrection(correcting: Correcting): (draft: Draft) => void {
  const { fact, organization } = correcting;
  if (!isCorrectable(fact)) throw notCorrectable(fact);
  decisionOf(correcting);
  return (draft) => {
    const said = draft.statements.get('operator');
    if (said?.facts[fact] === undefined) throw refused(`${fact} of ${organization} is not corrected`);
    const facts: StatedFacts = inListOrder({ ...said.facts, [fact]: undefined });
    const corrections = without(said.corrections, fact);
    if (Object.keys(facts).length === 0) unsay(draft, 'operator');
    else say(draft, 'operator', { ...said, facts, corrections });
  };
}

/**
 * A source no longer says anything of an organization. The last word on one that has establishments, or of which an operator
 * decided something, stays.
 *
 * @returns whether something was withdrawn
 */
export function withdrawStatement(
  db: Kysely<Database>,
  organization: string,
  source: Source,
  { now, reason }: { readonly now: Date; readonly reason?: string },
): Promise<boolean> {
  return asOnlyWriter(db, async (transaction) => {
    const { rows, draft } = await find(transaction, organization);
    if (draft?.statements.has(source) !== true) return false;
    if (!staysWithout(draft, source) && (await boundAmong(transaction, [draft])).size > 0) return false;
    unsay(draft, source);
    await settle(transaction, rows);
    await writeOrganizations(transaction, rows.all, { now, reason, source });
    return true;
  });
}

function change(
  db: Kysely<Database>,
  { organization, fact, author, reason, now, actor }: Correcting,
  edit: (draft: Draft) => void,
): Promise<void> {
  return asOnlyWriter(db, async (transaction) => {
    const { rows, draft } = await findCorrected(transaction, organization);
    const before = correctionIn(draft, fact);
    edit(draft);
    const [subject, after] = [`organization:${idOf(draft)}`, correctionIn(draft, fact)];
    await settle(transaction, rows);
    await writeOrganizations(transaction, rows.all, {
      now,
      reason: reason.trim(),
      author,
      source: 'operator',
    });
    await appendAudit(transaction, now, [
      {
        act: after.value === undefined ? 'register.end_correction' : 'register.correct',
        subject,
        actor: actor ?? { kind: 'command_line', author },
        reason: reason.trim(),
        before,
        after,
      },
    ]);
  });
}

/** The organization that a correction names, with the rows about it. @throws BrokerError M-REGI-001 */
export async function findCorrected(
  db: Kysely<Database>,
  organization: string,
): Promise<{ readonly rows: RowsAtHand; readonly draft: Draft }> {
  const { rows, draft, bearer } = await find(db, organization);
  if (draft === undefined) throw refused(notFound(organization, bearer));
  return { rows, draft };
}

/** Without a value: what the registers say. */
const correctionIn = ({ statements }: Draft, fact: string) => ({
  fact,
  value: isCorrectable(fact) ? statements.get('operator')?.facts[fact] : undefined,
});

const notFound = (organization: string, bearer: Draft | undefined): string =>
  bearer === undefined
    ? `the register does not hold ${organization}`
    : `${organization} leads to ${idOf(bearer)}, which is not an association: correct it by its SIREN`;

/** By its identifier; by its RNA number also where it has a SIREN, when one association only bears the number. */
async function find(db: Kysely<Database>, organization: string) {
  const rows = noRows();
  await readRows(db, rows, {
    sirens: isSiren(organization) ? [organization] : [],
    rnas: isRna(organization) ? [organization] : [],
    localRegisters: organization.startsWith('AM-') ? [organization] : [],
  });
  const exact =
    rows.bySiren.get(organization) ??
    rows.byNumber.get(organization) ??
    rows.byLocalRegister.get(organization);
  const only = rows.all.size === 1 ? [...rows.all][0] : undefined;
  const isAssociation = only !== undefined && unitOf(only)?.isAssociation === true;
  return { rows, draft: exact ?? (isAssociation ? only : undefined), bearer: only };
}

/** @throws BrokerError M-REGI-001 when a decision lacks its reason or its author */
function decisionOf({ reason, author }: Correcting): { readonly reason: string; readonly author: Author } {
  if (reason.trim() === '') throw refused('a correction needs a reason');
  const read = authorSchema.safeParse(author);
  if (!read.success)
    throw refused('a correction needs an author: given name, usual name, capacity, organization');
  return { reason, author: read.data };
}

function without(
  corrections: Readonly<Partial<Record<FactName, Correction>>> | undefined,
  fact: FactName,
): Partial<Record<FactName, Correction>> {
  return { ...corrections, [fact]: undefined };
}

const refused = (detail: string): BrokerError => new BrokerError('M-REGI-001', { detail });

const notCorrectable = (fact: string): BrokerError =>
  refused(`"${fact}" cannot be corrected: ${correctableFacts.join(', ')}`);
