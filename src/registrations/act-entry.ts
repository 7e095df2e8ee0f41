import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { rowsNow } from '../audit/audit.ts';
import type { AuditEvent, RowKey } from '../audit/audit.ts';
import type { Database } from '../storage/storage.ts';
import type { Act, Actor, Proposal, Terms } from './act.ts';
import { approvalId } from './approval-id.ts';
import type { RegistrationFile } from './file.ts';
import type { RightConcerned } from './needs.ts';

/** What was written with an act, beside its event. */
export interface Written {
  readonly letter: { readonly id: string; readonly sha256: string } | undefined;
  /** Under which rights are written. */
  readonly siren: string | undefined;
  /** Rights that are not what they were, of this file or of another. */
  readonly rights: readonly RightConcerned[];
}

/**
 * The entry of an act: everything that it decided, as words and as the digests of what was written. A file is the sum of its
 * events and `decide()` reads rows of `approval`: neither is in the chain, so that the entry alone shows who rewrote them.
 */
export const actEntry = async (
  trx: Kysely<Database>,
  before: RegistrationFile,
  { file, actor, act }: { readonly file: RegistrationFile; readonly actor: Actor; readonly act: Act },
  written: Written,
): Promise<AuditEvent> => ({
  ...eventOf(before, file, actor, act, written),
  rows: await rowsNow(trx, [
    { table: 'registration', key: file.id },
    { table: 'registration_event', key: eventKey(file.id, file.version) },
    ...(written.letter === undefined ? [] : [{ table: 'letter' as const, key: written.letter.id }]),
    ...(await approvalsTouched(trx, file, written.rights)),
  ]),
});

export const eventKey = (id: string, version: number): string => `${id}/${version}`;

const idsSchema = z.array(z.object({ id: z.string() }));

/**
 * Those of the file, and those of the same organization and service that it holds back, renews or ended the grace of,
 * declared ones too.
 */
async function approvalsTouched(
  trx: Kysely<Database>,
  { id, requests }: RegistrationFile,
  rights: readonly RightConcerned[],
): Promise<readonly RowKey[]> {
  const own = requests.map(({ service }) => approvalId(id, service));
  const { rows } = await sql`
    select distinct approval.id from approval
    join unnest(${rights.map(({ siren }) => siren)}::text[], ${rights.map(({ service }) => service)}::text[])
      as changed (siren, service) on approval.siren = changed.siren and service_id = changed.service`.execute(
    trx,
  );
  const touched = idsSchema.parse(rows).map((row) => row.id);
  return [...new Set([...own, ...touched])].map((key) => ({ table: 'approval', key }));
}

function eventOf(
  before: RegistrationFile,
  file: RegistrationFile,
  actor: Actor,
  act: Act,
  { letter, siren }: Pick<Written, 'letter' | 'siren'>,
): AuditEvent {
  const { proposal, by } = proposedIn(before, act);
  const said = proposal?.text ?? ('text' in act ? act.text : '');
  return {
    act: `registration.${act.act}`,
    subject: `registration:${file.id}`,
    actor,
    ...(said === '' ? {} : { reason: said }),
    before: standOf(before),
    after: {
      ...standOf(file),
      ...(siren === undefined ? {} : { siren }),
      ...decidedBy(act),
      ...(proposal === undefined ? {} : decidedBy(proposal)),
      ...(by === undefined ? {} : { proposedBy: by }),
      ...(letter === undefined ? {} : { letter: letter.sha256 }),
    },
  };
}

/** What is proposed; or what is confirmed or declined, and who proposed it. */
function proposedIn(
  before: RegistrationFile,
  act: Act,
): { readonly proposal?: Proposal; readonly by?: string | undefined } {
  if (act.act === 'propose') return { proposal: act.proposal };
  if (act.act === 'grant') return { by: act.proposedBy?.id };
  if (act.act !== 'confirm' && act.act !== 'decline') return {};
  const proposed = before.requests.find(({ service }) => service === act.service)?.proposed;
  if (proposed === undefined) return {};
  const by = proposed.by.id;
  // Whoever declines says why in words of their own.
  return act.act === 'decline' ? { by } : { proposal: proposed.proposal, by };
}

const standOf = ({ version, requests }: RegistrationFile): object => {
  const terms = requests.flatMap((one): (readonly [string, Terms])[] =>
    one.terms === undefined ? [] : [[one.service, one.terms]],
  );
  return {
    version,
    states: Object.fromEntries(requests.map(({ service, state }) => [service, state])),
    ...(terms.length === 0 ? {} : { terms: Object.fromEntries(terms) }),
  };
};

/** Said by other members of the entry; `content` and `contact`: what an applicant sent, and how to reach them. */
const elsewhere = new Set([
  'act',
  'text',
  'proposal',
  'proposedBy',
  'terms',
  'services',
  'content',
  'contact',
]);

/** Everything else that it says, of an act of today or of later. */
const decidedBy = (act: Act | Proposal): object =>
  Object.fromEntries(
    Object.entries(act).filter(
      ([key, value]: [string, unknown]) => !elsewhere.has(key) && value !== undefined,
    ),
  );
