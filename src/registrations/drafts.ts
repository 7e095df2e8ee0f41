import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { BrokerError } from '../errors/errors.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import type { OrganizationPage } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { ApplicantActor } from './act.ts';
import { changedContent, contentText, draftContentSchema, emptyContent } from './content.ts';
import type { DraftContent } from './content.ts';
import type { RegistrationFile, RequestState } from './file.ts';
import type { RegistrationsNeeds } from './needs.ts';
import { nobody } from './nobody.ts';
import { newNumber } from './number.ts';
import { readFile, readRow } from './open.ts';
import type { HeldRow } from './open.ts';
import { unknownFile } from './refusals.ts';

/** Drafts that one account keeps at once. */
export const mostDrafts = 20;
/** Characters of one draft: more than anybody types, less than fills a disk. */
const longestDraft = 250_000;

/** Chances to find a number that nobody has: one in 2^40 is taken by each file. */
const attempts = 5;

/** What lists read of the organization of a file. */
export function organizationColumns(page: OrganizationPage | undefined) {
  return {
    organization: page?.id ?? null,
    siren: page?.siren ?? null,
    organization_name: page?.name ?? null,
    organization_type: page?.type ?? null,
    department: page?.department ?? null,
  };
}

/** From these a right may be asked for again: from ninety days before its end. What a page offers is what is taken. */
const renewable: readonly RequestState[] = ['renewal_due', 'expired'];

export const canRenew = ({ requests }: Pick<RegistrationFile, 'requests'>): boolean =>
  requests.some(({ state }) => renewable.includes(state));

export interface DraftAbout {
  readonly organization?: string | undefined;
  readonly renews?: string | undefined;
  /** Organizations for which somebody vouches: what the administration opened for them may be renewed. */
  readonly sirens?: readonly string[] | undefined;
}

/**
 * A new draft, or the one that is already there for the same renewal.
 *
 * @throws BrokerError M-FILE-015 beyond the number of drafts kept, M-FILE-001 for a renewal of what is not theirs,
 * M-FILE-003 when there is nothing to renew
 */
export async function startDraft(
  needs: RegistrationsNeeds,
  applicant: ApplicantActor,
  about: DraftAbout = {},
): Promise<string> {
  const { db } = needs;
  const { accountId } = applicant;
  const content =
    about.renews === undefined
      ? { ...emptyContent, organization: about.organization ?? '' }
      : await renewedContent(needs, about.renews, accountId, about.sirens ?? []);
  const organization =
    content.organization === '' ? undefined : await needs.organization(content.organization);
  return db.transaction().execute(async (trx) => {
    await oneAtATime(trx, `drafts ${accountId}`);
    const drafts = await trx
      .selectFrom('registration')
      .select(['id', 'renews'])
      .where('account_id', '=', accountId)
      .where('stage', '=', 'draft')
      .execute();
    const same = drafts.find(({ renews }) => renews !== null && renews === about.renews);
    if (same !== undefined) return same.id;
    if (drafts.length >= mostDrafts) {
      throw new BrokerError('M-FILE-015', { detail: `account ${accountId} has ${drafts.length} drafts` });
    }
    return insertDraft(needs, trx, { accountId, content, organization, renews: about.renews });
  });
}

/** A row under a number that nobody has. @returns the number */
export async function insertDraft(
  needs: Pick<RegistrationsNeeds, 'clock' | 'randomBytes'>,
  trx: Kysely<Database>,
  draft: {
    /** Undefined: the administration opens it. */
    readonly accountId: string | undefined;
    readonly content: DraftContent;
    readonly organization: OrganizationPage | undefined;
    readonly renews?: string | undefined;
    readonly lot?: string | undefined;
  },
): Promise<string> {
  const now = needs.clock();
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const written = await trx
      .insertInto('registration')
      .values({
        id: newNumber(Number(parisDate(now).slice(0, 4)), needs.randomBytes),
        account_id: draft.accountId ?? nobody,
        ...organizationColumns(draft.organization),
        draft: contentText(draft.content),
        stage: 'draft',
        submitted_at: null,
        due_on: null,
        taken_by: null,
        taken_at: null,
        renews: draft.renews ?? null,
        lot: draft.lot ?? null,
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (written !== undefined) return written.id;
  }
  throw new Error('no number is free: the source of randomness repeats itself');
}

/** Whoever else asks for the same name waits for the end of this transaction. */
export async function oneAtATime(trx: Kysely<Database>, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 7214400937))`.execute(trx);
}

/**
 * A file that the administration opened is open to whoever signs in for its organization: to read it, and to renew it as a
 * file of their own. What engages the organization (observations, an appeal) is for who represents it, which nobody has
 * shown in this file: it comes in writing, and an operator records it.
 *
 * @param sirens of the sign-in
 */
export const isOpenTo = (
  { accountId, siren, version }: Pick<HeldRow, 'accountId' | 'siren' | 'version'>,
  sirens: readonly string[],
): boolean => accountId === undefined && version > 0 && siren !== undefined && sirens.includes(siren);

/** What was said then, for the services whose right goes on; terms of use are to be accepted, and the whole declared, again. */
async function renewedContent(
  needs: RegistrationsNeeds,
  id: string,
  accountId: string,
  sirens: readonly string[],
): Promise<DraftContent> {
  const row = await readRow(needs.db, id);
  if (row === undefined || !(row.accountId === accountId || isOpenTo(row, sirens))) throw unknownFile(id);
  const file = await readFile(needs.db, row);
  const services = new Set(
    file.requests.filter(({ state }) => renewable.includes(state)).map(({ service }) => service),
  );
  if (services.size === 0) throw new BrokerError('M-FILE-003', { detail: `${id}: nothing to renew` });
  // Nobody has said anything yet: the organization and the services are all that is known.
  if (row.accountId === undefined)
    return {
      ...emptyContent,
      organization: row.organization ?? '',
      services: [...services].map((service) => ({ id: service, why: '', users: '' })),
    };
  return changedContent(row.content, {
    services: row.content.services
      .filter((one) => services.has(one.id))
      .map((one) => ({ ...one, termsAcceptedAt: undefined })),
  });
}

/**
 * Replaces what the draft says.
 *
 * @param before what it said when it was read: when it says something else by now, nothing is replaced
 * @throws BrokerError M-FILE-001 when it is not theirs, M-FILE-002 when another tab changed it meanwhile, M-FILE-003 once
 * it was sent, M-FILE-015 when it is too long
 */
export async function saveDraft(
  needs: RegistrationsNeeds,
  id: string,
  accountId: string,
  content: DraftContent,
  before?: DraftContent,
): Promise<void> {
  const read = draftContentSchema.safeParse(content);
  if (!read.success) throw new BrokerError('M-FILE-015', { cause: read.error, detail: `draft ${id}` });
  const text = contentText(read.data);
  if (text.length > longestDraft) {
    throw new BrokerError('M-FILE-015', { detail: `draft ${id}: ${text.length} characters` });
  }
  const organization =
    read.data.organization === '' ? undefined : await needs.organization(read.data.organization);
  await needs.db.transaction().execute(async (trx) => {
    const { renews, content: kept } = await ownDraft(trx, id, accountId);
    if (before !== undefined && contentText(kept) !== contentText(before)) {
      throw new BrokerError('M-FILE-002', { detail: `${id}: the draft changed since it was read` });
    }
    // A right is renewed for the organization that has it: for another one this is a first request.
    const former = renews === undefined ? undefined : await readRow(trx, renews);
    const renewed = former?.organization === organization?.id ? former?.id : undefined;
    await trx
      .updateTable('registration')
      .set({
        draft: text,
        ...organizationColumns(organization),
        renews: renewed ?? null,
        updated_at: needs.clock(),
      })
      .where('id', '=', id)
      .execute();
  });
}

/** With its evidence. @throws BrokerError M-FILE-001 when it is not theirs, M-FILE-003 once it was sent */
export async function deleteDraft(needs: RegistrationsNeeds, id: string, accountId: string): Promise<void> {
  await needs.db.transaction().execute(async (trx) => {
    await ownDraft(trx, id, accountId);
    await trx.deleteFrom('registration').where('id', '=', id).execute();
  });
}

async function ownDraft(trx: Kysely<Database>, id: string, accountId: string): Promise<HeldRow> {
  const row = await readRow(trx, id, 'wait');
  if (row?.accountId !== accountId) throw unknownFile(id);
  if (row.version > 0) throw new BrokerError('M-FILE-003', { detail: `${id} was sent` });
  return row;
}
