import type { Kysely } from 'kysely';
import { parisDate } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import { approvalId } from './approval-id.ts';
import { among, suspended } from './file.ts';
import type { RegistrationFile, Request } from './file.ts';

/**
 * A decision against the organization, or the silence that is worth one; an appeal against it suspends nothing. What the
 * organization gave up itself does not go on either.
 */
const against = [
  'refused',
  'implicitly_refused',
  'abrogated',
  'withdrawn_by_authority',
  'renounced',
  'closed',
  'appealed',
  'upheld',
  'implicitly_upheld',
  ...suspended,
] as const;

/**
 * A right that has ended by itself may go on for a while, where a policy says so, and no longer than nobody decides against
 * it: its renewal is refused, or a later right of the organization to the same service is taken away. That somebody else
 * asked for the same and was refused takes nothing away.
 *
 * @returns whether there was one
 */
export async function endGrace(
  trx: Kysely<Database>,
  {
    file,
    request,
    siren,
    renews,
    at,
  }: {
    readonly file: RegistrationFile;
    readonly request: Request;
    readonly siren: string;
    readonly renews: string | undefined;
    readonly at: Date;
  },
): Promise<boolean> {
  const { service, state, granted } = request;
  if (!among(against, state)) return false;
  const former = renews === undefined ? '' : approvalId(renews, service);
  const ended = await trx
    .updateTable('approval')
    .set({ lapses: false, updated_at: at })
    .where('siren', '=', siren)
    .where('service_id', '=', service)
    .where('lapses', '=', true)
    .where('id', '!=', approvalId(file.id, service))
    .where((eb) => {
      const isFormer = eb('id', '=', former);
      return granted === undefined ? isFormer : eb.or([isFormer, eb('ends_on', '<', parisDate(at))]);
    })
    .returning('id')
    .execute();
  return ended.length > 0;
}

/** Whether what would renew this was decided against. */
export async function isRenewalRefused(db: Kysely<Database>, id: string, service: string): Promise<boolean> {
  const found = await db
    .selectFrom('registration')
    .innerJoin('registration_request', 'registration_request.registration_id', 'registration.id')
    .select('registration.id')
    .where('registration.renews', '=', id)
    .where('registration_request.service_id', '=', service)
    .where('registration_request.state', 'in', against)
    .executeTakeFirst();
  return found !== undefined;
}
