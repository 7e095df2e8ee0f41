import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import type { ActName } from './act.ts';
import { among, suspended } from './file.ts';
import type { RegistrationFile, Request } from './file.ts';
import { readFile, readRow } from './open.ts';

/** Why a renewal that was granted does not open the right that it goes on from. */
export interface HeldBack {
  /** `ended`: with its days, or by a decision, while nobody had said that the right may go on. */
  readonly because: 'suspended' | 'notified' | 'ended';
  /** Last day of the former right. */
  readonly endsOn: string;
}

/**
 * What the former file holds back of its renewal, service by service: what was taken away, or is about to be, does not
 * come back because a later file was granted before. A decision taken on the renewal since then is a new one, and stands.
 *
 * @param renews the former file; the caller holds its lock, when what it reads is to be written
 */
export async function heldBackOf(
  db: Kysely<Database>,
  renews: string | undefined,
  file: RegistrationFile,
): Promise<ReadonlyMap<string, HeldBack>> {
  const row = renews === undefined ? undefined : await readRow(db, renews);
  if (row === undefined) return new Map();
  const former = await readFile(db, row);
  const above = await heldBackOf(db, row.renews, former);
  const held = former.requests.flatMap((request): [string, HeldBack][] => {
    const found = holds(former, request, file) ?? above.get(request.service);
    return found === undefined ? [] : [[request.service, found]];
  });
  return new Map(held);
}

function holds(former: RegistrationFile, request: Request, file: RegistrationFile): HeldBack | undefined {
  const because = trouble(request);
  if (because === undefined || request.terms === undefined) return undefined;
  const settled = because === 'ended' && isDecidedSince(file, former, request.service);
  return settled ? undefined : { because, endsOn: request.terms.endsOn };
}

/** What stands in the way of a right that was granted. An appeal suspends nothing (CJA art. L4). */
export function trouble({
  state,
  granted,
  decided,
  notice,
  appeal,
}: Request): HeldBack['because'] | undefined {
  if (granted === undefined) return undefined;
  const standing = state === 'appealed' ? (appeal?.against.as ?? state) : state;
  if (among(suspended, standing)) return 'suspended';
  switch (standing) {
    case 'suspension_notified':
      return 'notified';
    case 'abrogated':
    case 'withdrawn_by_authority':
    case 'upheld':
    case 'implicitly_upheld':
      return 'ended';
    case 'expired':
    case 'renounced':
      return notice !== undefined || (decided !== undefined && among(suspended, decided.as))
        ? 'ended'
        : undefined;
    default:
      return undefined;
  }
}

const takingAway: readonly ActName[] = ['notify_suspension', 'suspend', 'suspend_urgently', 'confirm'];
const giving: readonly ActName[] = ['approve', 'reinstate', 'decide_appeal'];

function isDecidedSince(file: RegistrationFile, former: RegistrationFile, service: string): boolean {
  const last = (of: RegistrationFile, names: readonly ActName[]) =>
    of.events.findLast(({ act }) => names.includes(act.act) && 'service' in act && act.service === service);
  const taken = last(former, takingAway);
  const given = last(file, giving);
  return given !== undefined && taken !== undefined && given.at > taken.at;
}
