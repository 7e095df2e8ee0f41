import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { parisDate } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import type { DraftContent } from './content.ts';
import { among, inForce } from './file.ts';
import type { RegistrationFile } from './file.ts';
import { readFile, readRow } from './open.ts';

/** Who represents an organization here, and on what that rests. */
export interface Representative {
  readonly accountId: string;
  readonly siren: string;
  readonly givenName: string;
  readonly usualName: string;
  readonly email: string;
  /** « présidente », as declared and examined. */
  readonly capacity: string;
  /** Number of the file. */
  readonly file: string;
  /** Last civil day in Paris, if nothing ends it before. */
  readonly until: string;
}

/**
 * Who represents an organization: whoever sent the file that an operator approved for it, with capacity and mandate among
 * what was examined (domain reference §5.4: the mandate of the representative is checked by an operator), on the days on
 * which a right of that file is in force and the mandate has not ended.
 *
 * Signing in with the SIRET proves that somebody works there, not that they speak for it. What silence accepted has
 * examined no mandate, a suspended right is in doubt, a file that the administration opened on its own initiative has no
 * sender: none of them makes a representative. Pure.
 */
export function representation(
  file: Pick<RegistrationFile, 'id' | 'events' | 'requests'>,
  { siren, content }: { readonly siren: string | undefined; readonly content: Pick<DraftContent, 'acting'> },
  today: string,
): Representative | undefined {
  const sender = file.events.findLast(({ act }) => act.act === 'submit')?.actor;
  const { capacity, mandateUntil } = content.acting;
  if (siren === undefined || sender?.kind !== 'applicant' || capacity.trim() === '') return undefined;
  const ends = file.requests.flatMap(({ state, granted, terms }) =>
    among(inForce, state) &&
    granted?.author !== undefined &&
    terms !== undefined &&
    terms.startsOn <= today &&
    today <= terms.endsOn
      ? [terms.endsOn]
      : [],
  );
  const last = ends.toSorted().at(-1);
  if (last === undefined) return undefined;
  const until = mandateUntil !== '' && mandateUntil < last ? mandateUntil : last;
  if (until < today) return undefined;
  const { accountId, givenName, usualName, email } = sender;
  return { accountId, siren, givenName, usualName, email, capacity: capacity.trim(), file: file.id, until };
}

const idsSchema = z.array(z.object({ id: z.string() }));

/** A file within a perimeter that names services is for one of them at least (operators/perimeter.ts). */
const asksFor = (services: readonly string[]) => sql` and exists (
  select 1 from registration_request as asked
  where asked.registration_id = registration.id and asked.service_id = any(${services}::text[]))`;

/**
 * The representatives of a legal unit, or what one account represents: one for each person and unit, by the file that
 * lasts longest. Nobody whose account is blocked, or whose membership there was revoked.
 */
export async function representatives(
  db: Kysely<Database>,
  now: Date,
  of:
    | { readonly siren: string; readonly services?: readonly string[] | undefined }
    | { readonly accountId: string },
): Promise<readonly Representative[]> {
  const whose =
    'siren' in of
      ? sql`registration.siren = ${of.siren}${of.services === undefined ? sql`` : asksFor(of.services)}`
      : sql`registration.account_id = ${of.accountId}::uuid and registration.siren is not null`;
  const { rows } = await sql`
    select distinct registration.id from registration
    join registration_request on registration_request.registration_id = registration.id
    join account on account.id = registration.account_id and account.blocked_at is null
    where ${whose} and registration.stage <> 'draft' and registration_request.state = any(${[...inForce]}::text[])
      and not exists (
        select 1 from membership where membership.account_id = registration.account_id
          and membership.siren = registration.siren and membership.revoked_at is not null)
    order by registration.id limit 100`.execute(db);
  const found = new Map<string, Representative>();
  for (const { id } of idsSchema.parse(rows)) {
    const row = await readRow(db, id);
    if (row === undefined) continue;
    const one = representation(await readFile(db, row), row, parisDate(now));
    if (one === undefined) continue;
    const key = `${one.accountId} ${one.siren}`;
    const held = found.get(key);
    if (held === undefined || held.until < one.until) found.set(key, one);
  }
  return [...found.values()];
}
