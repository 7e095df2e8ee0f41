import type { Kysely } from 'kysely';
import { parisDate } from '../eligibility/eligibility.ts';
import { isMembershipRevoked } from '../identity/identity.ts';
import { numbersOf } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import { silenceOf } from './due.ts';
import type { RegistrationFile } from './file.ts';
import type { LetterKind } from './letters/facts.ts';
import type { Circumstances } from './lifecycle.ts';
import { withoutReceipt } from './lacking-receipt.ts';
import type { RegistrationsNeeds } from './needs.ts';
import { senderOf } from './nobody.ts';
import type { LetterSent } from './opened.ts';

/** Letters by which a decision reaches the organization. */
const notifications: readonly string[] = [
  'approval',
  'refusal',
  'suspension',
  'reinstatement',
  'abrogation',
  'withdrawal',
  'appeal_decision',
] satisfies LetterKind[];

/**
 * What the rules of the lifecycle have to know beside the file. The time to appeal runs from the notification (CJA
 * art. R421-1), which is proven by the opening of the letter: a letter that nobody has opened opposes no time at all. An
 * implicit decision is not notified.
 */
export function circumstancesOf(
  { silence, clock, snapshot }: Pick<RegistrationsNeeds, 'silence' | 'clock' | 'snapshot'>,
  {
    file,
    letters,
    siren,
    filers,
    operators,
    moved,
  }: {
    readonly file: RegistrationFile;
    readonly letters: readonly Pick<LetterSent, 'seq' | 'kind' | 'readAt' | 'postedAt' | 'undeliveredAt'>[];
    readonly siren: string | undefined;
    readonly filers: readonly string[];
    /** Absent: nobody decides here. */
    readonly operators?: Pick<Circumstances, 'members' | 'outOfCharge'> | undefined;
    readonly moved?: Circumstances['moved'];
  },
): Circumstances {
  const notifiedOn: Record<string, string> = {};
  for (const { service, decided } of file.requests) {
    const told = letters.findLast(({ seq, kind }) => {
      const act = file.events.find((event) => event.seq === seq)?.act;
      return act !== undefined && 'service' in act && act.service === service && notifications.includes(kind);
    });
    if (decided?.author !== undefined && told !== undefined) {
      notifiedOn[service] = parisDate(told.readAt ?? clock());
    }
  }
  const mode = silenceOf(file, silence);
  return {
    silence: mode,
    organizationSiren: siren,
    filers,
    ...operators,
    named: namedIn({ snapshot }, file),
    ...withoutReceipt(file, letters, mode, notifiedOn),
    moved,
  };
}

/**
 * Operators whose declared address is that of the sender. Only one for which somebody answers: whoever writes an address, as
 * their own or as one to write to, would choose who does not decide. By their account operators do not in any case.
 */
function namedIn(
  { snapshot }: Pick<RegistrationsNeeds, 'snapshot'>,
  { events }: RegistrationFile,
): readonly string[] {
  const senders = events.flatMap(({ actor }) =>
    actor.kind === 'applicant' && actor.emailVerified !== false ? [actor.email] : [],
  );
  const addresses = new Set(senders.map(inOneSpelling));
  return [...snapshot().operators.values()]
    .filter(({ email }) => addresses.has(inOneSpelling(email)))
    .map(({ id }) => id);
}

const inOneSpelling = (address: string): string => address.trim().toLowerCase();

/** Whoever sent it does not act for its organization any more (membership taken away by somebody who may). */
export const isSenderRevoked = (
  db: Kysely<Database>,
  { accountId, siren }: { readonly accountId: string | undefined; readonly siren: string | undefined },
): Promise<boolean> =>
  accountId === undefined || siren === undefined
    ? Promise.resolve(false)
    : isMembershipRevoked(db, accountId, siren);

/** Accounts that sent a file for this organization, by whichever of its numbers. */
export async function filersOf(
  db: Kysely<Database>,
  { organization, siren }: { readonly organization: string | undefined; readonly siren: string | undefined },
): Promise<readonly string[]> {
  const known = siren ?? organization;
  if (known === undefined) return [];
  const numbers = (await numbersOf(db, known))?.all ?? [];
  const ids = [...new Set([...numbers, known, organization ?? known])];
  const rows = await db
    .selectFrom('registration')
    .select('account_id')
    .distinct()
    .where('stage', '<>', 'draft')
    .where((eb) => eb.or([eb('organization', 'in', ids), eb('siren', 'in', ids)]))
    .execute();
  return rows.flatMap((row) => senderOf(row.account_id) ?? []);
}
