import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import type { OrganizationPage } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import { eventSchema } from './act.ts';
import type { Act, OperatorActor, Terms } from './act.ts';
import { apply, checkService, lastAt, organizationFacts } from './apply.ts';
import type { Performed } from './apply.ts';
import { filersOf } from './circumstances.ts';
import { emptyContent } from './content.ts';
import { insertDraft, oneAtATime } from './drafts.ts';
import { membersAmong } from './in-charge.ts';
import { letterOf } from './letters-of.ts';
import type { LetterDocument } from './letters/document.ts';
import { fold, transition } from './lifecycle.ts';
import type { RegistrationsNeeds } from './needs.ts';
import { readFile, readRow } from './open.ts';
import { checkFormer, checkSince, rightsInTheWay } from './other-rights.ts';
import { refusal } from './refusals.ts';
import { approvalsOf } from './similar.ts';
import type { ApprovalHeld } from './similar.ts';

/** One organization of a lot: what the administration grants it on its own initiative. */
export interface GrantRequest {
  /** L-26-7K3QXWPB. */
  readonly lot: string;
  /** Id in the register. */
  readonly organization: string;
  readonly services: readonly { readonly service: string; readonly terms: Terms }[];
  /** Written reasons, the legal basis among them. */
  readonly text: string;
  /** E-mail address of the organization, which gets its letters; without one they are posted. */
  readonly contact?: string | undefined;
  /** Who prepared it, when somebody else decides. */
  readonly proposedBy?: OperatorActor | undefined;
  /** Who decides, and signs. */
  readonly actor: OperatorActor;
  /** When the lot was decided: what somebody decides about one of its organizations afterwards stands. */
  readonly decidedAt: Date;
  /** Number of file → its version, of the files of the organization as they were in front of whoever decided. */
  readonly stood?: Readonly<Record<string, number>> | undefined;
  /** Only for a preview: what the register will hold of an organization that it does not hold yet. */
  readonly newcomer?: OrganizationPage | undefined;
}

interface Granting {
  readonly actor: OperatorActor;
  readonly act: Extract<Act, { act: 'grant' }>;
  readonly organization: OrganizationPage & { readonly siren: string };
}

/** @throws BrokerError M-FILE-017 (malformed), 072 (unknown, or without SIREN), 018 (ceased) */
async function read(
  needs: RegistrationsNeeds,
  request: GrantRequest,
  newcomer?: OrganizationPage,
): Promise<Granting> {
  const { lot, services, text, contact, proposedBy } = request;
  const event = eventSchema.safeParse({
    actor: request.actor,
    act: { act: 'grant', lot, services, text, contact, proposedBy },
  });
  if (!event.success) throw new BrokerError('M-FILE-017', { cause: event.error, detail: lot.slice(0, 40) });
  const { actor, act } = event.data;
  if (actor.kind !== 'operator' || act.act !== 'grant') throw new TypeError('a grant is not read as one');
  const organization = newcomer ?? (await needs.organization(request.organization));
  const siren = organization?.siren;
  if (organization === undefined || siren === undefined)
    throw new BrokerError('M-FILE-072', { detail: `${lot}: ${request.organization.slice(0, 40)}` });
  if (!organization.active) throw new BrokerError('M-FILE-018', { detail: `${lot}: ${organization.id}` });
  return { actor, act, organization: { ...organization, siren } };
}

/** The lower of two levels takes away what the other gives. */
const isLess = (terms: Terms, held: { readonly level: Terms['level']; readonly endsOn: string }): boolean =>
  terms.endsOn < held.endsOn || (terms.level === 'guest' && held.level === 'member');

/**
 * The file whose right this one follows. A decision that nobody asked for gives, and never takes away: to reduce a right is
 * to abrogate it, which the organization is heard on first (CRPA art. L121-1, L242-1).
 *
 * @throws BrokerError M-FILE-061 (rights of several files, or declared ones), 073 (less than what is held)
 */
async function formerOf(
  db: Kysely<Database>,
  { organization: { siren }, act }: Granting,
  today: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string; service: string }>`
    select registration.id, approval.service_id as service from approval
    join registration on lower(registration.id) || '-' || approval.service_id = approval.id
    where approval.siren = ${siren} and approval.origin = 'registration'
      and approval.status in ('active', 'suspended') and approval.ends_on >= ${today}::date
      and approval.service_id = any(${act.services.map(({ service }) => service)}::text[])`.execute(db);
  const files = [...new Set(rows.map(({ id }) => id))];
  const asked = act.services.map(({ service, terms }) => ({ service, startsOn: terms.startsOn }));
  const others = await rightsInTheWay(db, siren, files.slice(0, 1), asked, today);
  if (others.length > 0)
    throw new BrokerError('M-FILE-061', {
      detail: `${act.lot}, ${siren}: ${others.map(({ id, status }) => `${id} ${status}`).join(', ')}`,
    });
  const [former] = files;
  const held = former === undefined ? [] : (await approvalsOf(db, siren)).filter(isOf(former));
  const less = act.services.filter(({ service, terms }) =>
    held.some((one) => one.service === service && isLess(terms, one)),
  );
  if (less.length > 0)
    throw new BrokerError('M-FILE-073', {
      detail: `${act.lot}, ${siren}: ${less.map(({ service }) => service).join(', ')} of ${former ?? ''}`,
    });
  return former;
}

const isOf =
  (file: string) =>
  ({ id }: ApprovalHeld): boolean =>
    id.startsWith(`${file.toLowerCase()}-`);

/**
 * Opens a file on the administration's own initiative and approves it, in one transaction. The same organization of the
 * same lot again is the same file: whoever was interrupted begins again.
 *
 * @throws BrokerError as `previewGrant` says; M-FILE-074 for what was decided, or is examined, since the lot was decided
 */
export async function grant(needs: RegistrationsNeeds, request: GrantRequest): Promise<Performed> {
  const granting = await read(needs, request);
  const { actor, act, organization } = granting;
  return needs.db.transaction().execute(async (trx) => {
    await oneAtATime(trx, `lot ${act.lot} ${organization.id}`);
    const there = await trx
      .selectFrom('registration')
      .select('id')
      .where('lot', '=', act.lot)
      .where('organization', '=', organization.id)
      .executeTakeFirst();
    const known = there === undefined ? undefined : await readRow(trx, there.id);
    if (known !== undefined) return { file: await readFile(trx, known), rights: [], audit: [] };
    const renews = await formerOf(trx, granting, parisDate(needs.clock()));
    const id = await insertDraft(needs, trx, {
      accountId: undefined,
      content: { ...emptyContent, organization: organization.id },
      organization,
      renews,
      lot: act.lot,
    });
    const row = await readRow(trx, id, 'wait');
    if (row === undefined) throw new Error(`${id}: a file that was just written is not there`);
    const file = fold({ id, accountId: undefined }, []);
    const done = await apply(needs, trx, { row, file, actor, act, organization, ofLot: true });
    // By now this transaction alone gives rights to these services, and holds the former file: nothing comes in between.
    await checkSince(trx, { ...organization, file: id, act }, request);
    await appendAudit(trx, lastAt(done.file), done.audit);
    return done;
  });
}

export interface GrantPreviewed {
  /** What `grant` would refuse it with. */
  readonly refused?: ErrorCode | undefined;
  /** The letter; where the number of the file will stand, that of the lot. */
  readonly letter?: LetterDocument | undefined;
  /** What the organization holds of these services, or held. */
  readonly before: readonly ApprovalHeld[];
}

/** The same without doing it: only what somebody else does meanwhile makes a difference. */
export async function previewGrant(
  needs: RegistrationsNeeds,
  request: GrantRequest,
): Promise<GrantPreviewed> {
  const organization = request.newcomer ?? (await needs.organization(request.organization));
  const services = new Set(request.services.map(({ service }) => service));
  const before = (await approvalsOf(needs.db, organization?.siren)).filter(({ service }) =>
    services.has(service),
  );
  try {
    return { letter: await letterOfGrant(needs, request), before };
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    return { refused: error.code, before };
  }
}

async function letterOfGrant(
  needs: RegistrationsNeeds,
  request: GrantRequest,
): Promise<LetterDocument | undefined> {
  const granting = await read(needs, request, request.newcomer);
  const { actor, act, organization } = granting;
  const at = needs.clock();
  const draft = fold({ id: act.lot, accountId: undefined }, []);
  const circumstances = {
    silence: needs.silence,
    organizationSiren: organization.siren,
    filers: await filersOf(needs.db, { organization: organization.id, siren: organization.siren }),
    members: await membersAmong(needs.db, needs, organization.siren),
  };
  const outcome = transition(draft, { actor, act, at }, circumstances);
  if (outcome.kind === 'refused') throw refusal(outcome.because, act.lot, act.act);
  checkService(needs, act.lot, act);
  const renews = await formerOf(needs.db, granting, parisDate(at));
  await checkFormer(needs.db, renews, outcome.file, act);
  await checkSince(needs.db, { ...organization, file: act.lot, act }, request);
  const letter = letterOf(needs, {
    before: draft,
    file: outcome.file,
    actor,
    act,
    content: emptyContent,
    organization: organizationFacts(organization, {
      organizationName: undefined,
      organization: organization.id,
      siren: organization.siren,
    }),
    evidence: [],
  });
  return letter?.document;
}
