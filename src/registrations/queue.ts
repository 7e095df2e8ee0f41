import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import { addDays, parisDate, startOfParisDay } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import { examined, inForce } from './file.ts';
import type { RequestState } from './file.ts';
import { summaries } from './file-lists.ts';
import { readNumber } from './number.ts';
import type { FileSummary } from './opened.ts';
import { filesPerPage, queueFilterSchema } from './queue-filter.ts';
import type { Perimeter, QueueFilter, Viewer } from './queue-filter.ts';
import { withinPerimeter, withRequest, withoutRequest } from './within-perimeter.ts';
import type { Query, Which } from './within-perimeter.ts';

export interface QueuePage {
  readonly filter: QueueFilter;
  readonly files: readonly FileSummary[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  /** Civil day in Paris: what ages and delays are measured from. */
  readonly today: string;
  readonly targetDays: number;
}

/** What the home page of the console counts. */
export interface QueueCounts {
  readonly toDecide: number;
  /** For what was asked of the organization. */
  readonly waiting: number;
  readonly mine: number;
  readonly overdue: number;
  readonly beyondTarget: number;
  readonly expiring: number;
  readonly proposed: number;
  readonly toReview: number;
  readonly toPost: number;
}

/** Days before the end of a right from which it is shown as about to end. */
const expiringDays = 30;

interface Needs {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly examinationTargetDays: number;
}

/** What days are measured from, and against. */
interface Now {
  readonly today: string;
  readonly targetDays: number;
}

/**
 * The files that an operator may see, drafts never among them.
 *
 * @throws ZodError when the filter is none: pages read the address with `queueFilterSchema` before
 */
export async function readQueue(
  { db, clock, examinationTargetDays: targetDays }: Needs,
  given: unknown,
  viewer: Viewer,
): Promise<QueuePage> {
  const filter = queueFilterSchema.parse(given);
  const today = parisDate(clock());
  const seen = await withinPerimeter(db, viewer.perimeter);
  const all = matching(seen(db.selectFrom('registration')), filter, viewer, { today, targetDays });
  const counted: unknown = await all.select(sql<number>`count(*)`.as('count')).executeTakeFirst();
  const total = countOf(counted);
  const pages = Math.max(1, Math.ceil(total / filesPerPage));
  const page = Math.min(filter.page, pages);
  const files = await summaries(
    db,
    sorted(all, filter)
      .limit(filesPerPage)
      .offset((page - 1) * filesPerPage),
  );
  return { filter, files, total, page, pages, today, targetDays };
}

const countOf = (row: unknown): number => z.object({ count: z.coerce.number() }).parse(row).count;

export async function countQueue(
  { db, clock, examinationTargetDays: targetDays }: Needs,
  viewer: Viewer,
): Promise<QueueCounts> {
  const today = parisDate(clock());
  const seen = await withinPerimeter(db, viewer.perimeter);
  const count = async (given: Partial<QueueFilter>): Promise<number> => {
    const filter = queueFilterSchema.parse(given);
    const query = matching(seen(db.selectFrom('registration')), filter, viewer, { today, targetDays });
    return countOf(await query.select(sql<number>`count(*)`.as('count')).executeTakeFirst());
  };
  return {
    toDecide: await count({
      stage: 'examination',
      except: { states: ['info_requested'], services: [], types: [], departments: [] },
    }),
    waiting: await count({ state: 'info_requested' }),
    mine: await count({ taken: 'me', stage: 'examination' }),
    overdue: await count({ overdue: true }),
    beyondTarget: await count({ beyondTarget: true }),
    expiring: await count({ expiring: true }),
    proposed: await count({ proposed: true }),
    toReview: await count({ review: true }),
    toPost: await count({ toPost: true }),
  };
}

function matching(query: Query, filter: QueueFilter, viewer: Viewer, { today, targetDays }: Now): Query {
  const { stage, state, service, type, department, taken, overdue, expiring, proposed, review } = filter;
  const { beyondTarget, toPost } = filter;
  let found = withText(query, filter.text);
  if (stage !== undefined) found = found.where('stage', '=', stage);
  if (department !== undefined) found = found.where('department', '=', department);
  if (type !== undefined) found = found.where(ofType([type]));
  if (taken === 'me') found = found.where('taken_by', '=', viewer.operatorId);
  if (taken === 'nobody') found = found.where('taken_by', 'is', null);
  if (taken === 'anyone') found = found.where('taken_by', 'is not', null);
  if (overdue === true) found = found.where('due_on', '<', today);
  if (overdue === false) found = found.where(sql<boolean>`(due_on is null or due_on >= ${today})`);
  if (beyondTarget !== undefined) {
    // Received on that day, it is as old today as it may be.
    const oldest = startOfParisDay(addDays(today, -targetDays));
    // An appeal has a delay of its own: what is counted is the first answer.
    found = withRequest(found.where('submitted_at', beyondTarget ? '<' : '>=', oldest), (one) =>
      one.where('state', 'in', [...examined]),
    );
  }
  if (state !== undefined || service !== undefined) {
    // One request that is both: a file approved for Docs and refused for Tchap is not "refused for Docs".
    found = withRequest(found, (one) => {
      const inState = state === undefined ? one : one.where(isIn(state));
      return service === undefined ? inState : inState.where('service_id', '=', service);
    });
  }
  const isProposed: Which = (one) => one.where('proposed', '=', true);
  const isExpiring: Which = (one) =>
    one
      .where('state', 'in', [...inForce])
      .where('ends_on', '>=', today)
      .where('ends_on', '<=', addDays(today, expiringDays))
      // Whoever gives a right up is asked nothing before its last day (due.ts): nobody is to renew it.
      .where(sql<boolean>`(state in ('renewal_due', 'suspension_notified') or due_on <= ${today})`);
  if (proposed !== undefined) found = (proposed ? withRequest : withoutRequest)(found, isProposed);
  if (expiring !== undefined) found = (expiring ? withRequest : withoutRequest)(found, isExpiring);
  if (review !== undefined) {
    const moved = hasMoved(viewer.perimeter);
    found = found.where(review ? moved : sql<boolean>`not ${moved}`);
  }
  if (toPost !== undefined) found = found.where(toPost ? hasToPost : sql<boolean>`not ${hasToPost}`);
  return filter.except === undefined ? found : without(found, filter.except);
}

/** An appeal that stands beside a right is one all the same. */
const isIn = (state: RequestState) =>
  state === 'appealed' ? sql<boolean>`(contested or state = 'appealed')` : sql<boolean>`state = ${state}`;

const ofType = (types: readonly string[]) =>
  sql<boolean>`(organization_type = any(${[...types]}::text[])
    or split_part(organization_type, '.', 1) = any(${[...types]}::text[]))`;

function without(
  query: Query,
  { states, services, types, departments }: NonNullable<QueueFilter['except']>,
): Query {
  let found = query;
  if (states.length > 0) found = withoutRequest(found, (one) => one.where('state', 'in', states));
  if (services.length > 0) found = withoutRequest(found, (one) => one.where('service_id', 'in', services));
  // What has no type, or no département, is not of these.
  if (types.length > 0) found = found.where(sql<boolean>`coalesce(not ${ofType(types)}, true)`);
  if (departments.length > 0) {
    found = found.where(sql<boolean>`coalesce(department <> all(${[...departments]}::text[]), true)`);
  }
  return found;
}

/** Ids of approvals are made of the number of the file (approval-id.ts). Settled ones are named: the index leaves them out. */
const hasMoved = ({ services }: Perimeter) => sql<boolean>`exists (
  select 1 from register_review
  join registration_request on register_review.approval_id = lower(registration.id) || '-' || registration_request.service_id
  where registration_request.registration_id = registration.id
    and register_review.settled_at is null and register_review.unseen
    ${services === undefined ? sql`` : sql`and registration_request.service_id = any(${[...services]}::text[])`})`;

const hasToPost = sql<boolean>`exists (
  select 1 from letter
  where letter.registration_id = registration.id and letter.posted_at is null
    and (letter.to_post or (letter.undelivered_at is not null and letter.read_at is null)))`;

function withText(query: Query, text: string | undefined): Query {
  if (text === undefined || text === '') return query;
  const number = readNumber(text);
  if (number !== undefined) return query.where('registration.id', '=', number);
  const identifier = text.replaceAll(/\s/gu, '').toUpperCase();
  const words = text.split(/\s+/u).map((word) => `%${word.replaceAll(/[\\%_]/gu, '\\$&')}%`);
  return query.where((eb) =>
    eb.or([
      eb('siren', '=', identifier.slice(0, 9)),
      eb('organization', '=', identifier),
      eb('register_number', '=', identifier),
      eb.and(
        words.map((word) =>
          eb(
            sql<string>`translate(lower(organization_name), ${accented}, ${plain})`,
            'like',
            unaccented(word),
          ),
        ),
      ),
    ]),
  );
}

const accented = 'àâäçéèêëîïôöùûüÿ';
const plain = 'aaaceeeeiioouuuy';
const unaccented = (text: string): string =>
  text.toLowerCase().replaceAll(/\P{ASCII}/gu, (letter) => plain[accented.indexOf(letter)] ?? letter);

/** What has no day, or no name, comes last both ways. */
function sorted(query: Query, { sort, order }: QueueFilter): Query {
  const column = (
    { due: 'due_on', received: 'submitted_at', name: 'organization_name', changed: 'updated_at' } as const
  )[sort];
  return query
    .orderBy(column, (by) => (order === 'up' ? by.asc() : by.desc()).nullsLast())
    .orderBy('registration.id');
}
