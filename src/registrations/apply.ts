import type { Kysely } from 'kysely';
import type { AuditEvent } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { queueMail } from '../mail/mail.ts';
import type { OrganizationPage } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { Act, Actor } from './act.ts';
import { actEntry } from './act-entry.ts';
import { circumstancesOf, filersOf } from './circumstances.ts';
import { isAhead } from './clocks.ts';
import { organizationColumns } from './drafts.ts';
import { silenceOf } from './due.ts';
import { listEvidence } from './evidence/store.ts';
import type { RegistrationFile } from './file.ts';
import { settleFormer } from './former.ts';
import { ofOperators } from './in-charge.ts';
import { leaveSiren } from './identified.ts';
import { letterOf } from './letters-of.ts';
import type { LetterToSend } from './letters-of.ts';
import { letterDigest } from './letters/document.ts';
import { transition } from './lifecycle.ts';
import { findingsUnder, markFindingsSeen, unseenOf } from './moved.ts';
import type { RegistrationsNeeds, RightConcerned } from './needs.ts';
import { readLetters, readRow } from './open.ts';
import type { HeldRow } from './open.ts';
import { checkFormer, checkOtherRights, granted } from './other-rights.ts';
import { project } from './projections.ts';
import { refusal } from './refusals.ts';
import { writeApprovals } from './write-approvals.ts';

/** What a transaction did, and what is left to do once it is committed. */
export interface Performed {
  readonly file: RegistrationFile;
  readonly rights: readonly RightConcerned[];
  readonly audit: readonly AuditEvent[];
}

export const lastAt = (file: RegistrationFile): Date => file.events.at(-1)?.at ?? new Date(0);

export interface Applying {
  /** Held by a lock of this transaction. */
  readonly row: HeldRow;
  readonly file: RegistrationFile;
  readonly actor: Actor;
  readonly act: Act;
  readonly organization: OrganizationPage | undefined;
  readonly letterSha256?: string | undefined;
  /** A lot is read as a whole, by whoever prepares it and whoever confirms it: its letters have one text. */
  readonly ofLot?: true;
}

/**
 * The same for acts of people, of time and of the register, without asking how recent the page is. The record is for the
 * caller to write, last.
 */
export async function apply(
  needs: RegistrationsNeeds,
  trx: Kysely<Database>,
  applying: Applying,
): Promise<Performed> {
  const { row, actor, act, organization } = applying;
  const before = applying.file;
  const { renews } = row;
  const siren = organization?.siren ?? row.siren;
  // Rights are written under what the register was recorded to say: nothing opens beside another act.
  const under = act.act === 'identify' ? act.siren : row.version === 0 ? siren : row.siren;
  const at = instantOf(needs, before, act);
  // What it renews holds still: it may hold this file back, or be ended by it.
  if (renews !== undefined) await readRow(trx, renews, 'wait');
  const letters = await readLetters(trx, row.id);
  const filers = actor.kind === 'operator' ? await filersOf(trx, row) : [];
  const operators =
    actor.kind === 'operator' ? await ofOperators(trx, needs, { file: before, siren }) : undefined;
  const circumstances = circumstancesOf(needs, {
    file: before,
    letters,
    siren,
    filers,
    operators,
    moved: act.act === 'see_changes' ? unseenOf(await findingsUnder(trx, before, 'wait')) : undefined,
  });
  const outcome = transition(before, { actor, act, at }, circumstances);
  if (outcome.kind === 'refused') throw refusal(outcome.because, row.id, act.act);
  const { file } = outcome;
  await checkEvidence(trx, row.id, act);
  checkService(needs, row.id, act);
  await checkFormer(trx, renews, before, act);
  await checkOtherRights(trx, { id: row.id, siren }, act, parisDate(at));
  const letter = letterOf(needs, {
    before,
    file,
    actor,
    act,
    content: row.content,
    organization: organizationFacts(organization, row),
    evidence: await listEvidence(trx, row.id),
  });
  // What is only proposed is read by whoever proposes, and sent by whoever confirms.
  const sent = act.act === 'propose' ? undefined : letter;
  if (actor.kind === 'operator' && sent !== undefined && applying.ofLot === undefined)
    checkPreview(row.id, sent, applying.letterSha256);

  await writeEvent(trx, file, at);
  await writeProjections(needs, trx, { row, file, act, at, organization, siren: under });
  if (act.act === 'see_changes') await markFindingsSeen(trx, row.id, act.findings);
  const written = sent && (await writeLetter(needs, trx, { file, at, letter: sent }));
  const left = act.act === 'identify' ? await leaveSiren(trx, file, row.siren, act.siren) : [];
  const rights = [...left, ...(await writeApprovals(needs, trx, file, { siren: under, renews }))];
  const audit = [
    await actEntry(trx, before, { file, actor, act }, { letter: written, siren: under, rights }),
  ];
  if (renews !== undefined) {
    const former = await followFormer(needs, trx, { renews, file, at });
    rights.push(...former.rights);
    audit.push(...former.audit);
  }
  return { file, rights, audit };
}

/**
 * A clock that was set back does not reorder what happened, nor is an act dated in the future because an earlier one was:
 * beyond what clocks differ by, nothing is done. An urgent suspension waits for nothing, and is of now.
 */
function instantOf({ clock }: RegistrationsNeeds, before: RegistrationFile, { act }: Act): Date {
  const now = clock();
  if (isAhead(lastAt(before), now)) {
    if (act === 'suspend_urgently') return now;
    throw refusal('clock', before.id, act);
  }
  return new Date(Math.max(now.getTime(), lastAt(before).getTime()));
}

/** As letters name it: the register now, else as it was when the file was sent. */
export const organizationFacts = (
  page: OrganizationPage | undefined,
  row: Pick<HeldRow, 'organizationName' | 'organization' | 'siren'>,
) => ({
  name: page?.name ?? row.organizationName ?? row.organization ?? '',
  siren: page?.siren ?? row.siren,
  rna: page?.rna,
});

async function writeEvent(trx: Kysely<Database>, file: RegistrationFile, at: Date): Promise<void> {
  const { id } = file;
  const event = file.events.at(-1);
  if (event === undefined) throw new Error(`${id}: a transition without an event`);
  const written = await trx
    .insertInto('registration_event')
    .values({
      registration_id: id,
      seq: event.seq,
      at,
      event: JSON.stringify({ actor: event.actor, act: event.act }),
    })
    .onConflict((conflict) => conflict.columns(['registration_id', 'seq']).doNothing())
    .returning('seq')
    .execute();
  // The lock of the row keeps others away; whoever came without it loses here.
  if (written.length === 0)
    throw new BrokerError('M-FILE-002', { detail: `${id}: event ${event.seq} exists` });
}

async function writeProjections(
  { silence }: RegistrationsNeeds,
  trx: Kysely<Database>,
  {
    row,
    file,
    act,
    at,
    organization,
    siren,
  }: Pick<Applying, 'row' | 'file' | 'act' | 'organization'> & { at: Date; siren: string | undefined },
): Promise<void> {
  const projection = project(file, silenceOf(file, silence));
  await trx
    .updateTable('registration')
    .set({
      ...(organization === undefined || (act.act !== 'identify' && organization.siren !== siren)
        ? {}
        : { ...organizationColumns(organization), siren: siren ?? null }),
      ...(act.act === 'identify' ? { register_number: act.number } : {}),
      version: projection.version,
      stage: projection.stage,
      due_on: projection.dueOn ?? null,
      taken_by: projection.takenBy ?? null,
      taken_at: projection.takenAt ?? null,
      ...(act.act === 'submit' || act.act === 'grant' ? { submitted_at: at } : {}),
      updated_at: at,
    })
    .where('id', '=', row.id)
    .execute();
  await trx.deleteFrom('registration_request').where('registration_id', '=', row.id).execute();
  await trx
    .insertInto('registration_request')
    .values(
      projection.requests.map(({ service, state, proposed, contested, dueOn, startsOn, endsOn }) => ({
        registration_id: row.id,
        service_id: service,
        state,
        proposed,
        contested,
        due_on: dueOn ?? null,
        starts_on: startsOn ?? null,
        ends_on: endsOn ?? null,
      })),
    )
    .execute();
}

function checkPreview(id: string, { kind, document }: LetterToSend, previewed: string | undefined): void {
  const composed = letterDigest(document);
  if (composed === previewed) return;
  throw new BrokerError('M-FILE-010', {
    detail: `${id}: ${kind} is ${composed}, previewed ${previewed?.slice(0, 64) ?? 'never'}`,
  });
}

async function writeLetter(
  needs: RegistrationsNeeds,
  trx: Kysely<Database>,
  { file, at, letter }: { file: RegistrationFile; at: Date; letter: LetterToSend },
): Promise<{ readonly id: string; readonly sha256: string }> {
  const { kind, document, mail } = letter;
  const kept = { id: needs.randomId(), sha256: letterDigest(document) };
  const mails = mail === undefined ? [] : await queueMail(trx, at, [mail], needs.randomId);
  await trx
    .insertInto('letter')
    .values({
      ...kept,
      registration_id: file.id,
      seq: file.version,
      kind,
      template: document.template,
      document: JSON.stringify(document),
      created_at: at,
      to_post: mail === undefined,
      mail_id: mails[0] ?? null,
    })
    .execute();
  return kept;
}

async function checkEvidence(trx: Kysely<Database>, id: string, act: Act): Promise<void> {
  const named = act.act === 'supply' ? act.evidence : act.act === 'check_evidence' ? [act.evidence] : [];
  if (named.length === 0) return;
  const held = (await listEvidence(trx, id)).filter(({ destroyedAt }) => destroyedAt === undefined);
  const ids = new Set(held.map((piece) => piece.id));
  if (named.some((one) => !ids.has(one))) {
    throw new BrokerError('M-FILE-001', { detail: `${id}: evidence of another file` });
  }
}

/** Nothing is granted for a service that is no longer declared: nobody could use it, nobody answers for it. */
export function checkService(needs: Pick<RegistrationsNeeds, 'snapshot'>, id: string, act: Act): void {
  const unknown = granted(act).filter((service) => !needs.snapshot().services.has(service));
  if (unknown.length > 0) throw new BrokerError('M-FILE-019', { detail: `${id}: ${unknown.join(', ')}` });
}

/** What becomes of the file that this one renews. */
export const followFormer = (
  needs: RegistrationsNeeds,
  trx: Kysely<Database>,
  about: { readonly renews: string; readonly file: RegistrationFile; readonly at: Date },
): Promise<Pick<Performed, 'rights' | 'audit'>> => settleFormer(needs, trx, about, apply);
