import type { Kysely } from 'kysely';
import { canonicalJson } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { organizationCategory } from '../organizations/organizations.ts';
import type { OrganizationPage } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { Act } from './act.ts';
import { problemsOf } from './content-problems.ts';
import type { ContentProblem } from './content-problems.ts';
import type { DraftContent } from './content.ts';
import { examined } from './file.ts';
import type { RegistrationsNeeds } from './needs.ts';

/** Files of one account that are examined at once. */
const mostExamined = 10;

/**
 * Services that other files of the same person ask for, for this organization, and that nobody has decided yet. What
 * somebody else asked for keeps nobody from asking, and is shown to whoever decides (similar.ts).
 */
export async function pendingServices(
  db: Kysely<Database>,
  organization: Pick<OrganizationPage, 'id' | 'siren'>,
  { id, accountId }: { readonly id: string; readonly accountId: string },
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('registration')
    .innerJoin('registration_request', 'registration_request.registration_id', 'registration.id')
    .select('registration_request.service_id as service')
    .where('registration.id', '<>', id)
    .where('registration.account_id', '=', accountId)
    .where('registration_request.state', 'in', [...examined])
    .where((eb) =>
      eb.or([
        eb('registration.organization', '=', organization.id),
        ...(organization.siren === undefined ? [] : [eb('registration.siren', '=', organization.siren)]),
      ]),
    )
    .execute();
  return new Set(rows.map(({ service }) => service));
}

interface Draft {
  readonly id: string;
  readonly accountId: string;
  readonly content: DraftContent;
  readonly organization: OrganizationPage | undefined;
}

/** What has to be put right before this draft can be sent: what the review page shows. */
export async function draftProblems(
  needs: Pick<RegistrationsNeeds, 'snapshot' | 'clock'>,
  db: Kysely<Database>,
  draft: Draft,
): Promise<readonly ContentProblem[]> {
  const { content, organization } = draft;
  return problemsOf(content, {
    services: new Set(needs.snapshot().services.keys()),
    pending: organization === undefined ? new Set() : await pendingServices(db, organization, draft),
    organizationKnown: organization !== undefined,
    isAssociation: organization !== undefined && organizationCategory(organization.type) === 'association',
    today: parisDate(needs.clock()),
  });
}

/**
 * What is sent is what was reviewed, is complete, and asks for nothing that this person's files already ask for. The caller
 * holds the lock of the account: two files that ask for the same at once are one after the other.
 *
 * @throws BrokerError M-FILE-002 (another tab changed the draft), 013 (incomplete), 014 (already asked), 018 (ceased),
 * 063 (too many at once)
 */
export async function checkSubmission(
  needs: Pick<RegistrationsNeeds, 'snapshot' | 'clock'>,
  trx: Kysely<Database>,
  draft: Draft,
  { content, services }: Extract<Act, { act: 'submit' }>,
): Promise<void> {
  const { id, organization } = draft;
  if (!sameJson(content, draft.content)) {
    throw new BrokerError('M-FILE-002', { detail: `${id}: the draft is not the one that was reviewed` });
  }
  if (organization?.active !== true) {
    throw new BrokerError('M-FILE-018', { detail: `${id}: ${draft.content.organization || 'none'}` });
  }
  const problems = await draftProblems(needs, trx, draft);
  if (problems.length > 0) {
    const asked = problems.every(({ code }) => code === 'already_asked');
    throw new BrokerError(asked ? 'M-FILE-014' : 'M-FILE-013', {
      detail: `${id}: ${problems.map(({ field, code }) => `${field} ${code}`).join(', ')}`,
    });
  }
  const wanted = draft.content.services.map((one) => one.id);
  if (canonicalJson([...services].sort()) !== canonicalJson(wanted.sort())) {
    throw new BrokerError('M-FILE-002', { detail: `${id}: other services than those of the draft` });
  }
  const { count } = await trx
    .selectFrom('registration')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('account_id', '=', draft.accountId)
    .where('stage', '=', 'examination')
    .executeTakeFirstOrThrow();
  if (Number(count) >= mostExamined) {
    throw new BrokerError('M-FILE-063', { detail: `account ${draft.accountId} has ${count} files examined` });
  }
}

/** As JSON has them: a member that is undefined is not there. */
function sameJson(one: unknown, other: unknown): boolean {
  const text = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value ?? null)));
  return text(one) === text(other);
}
