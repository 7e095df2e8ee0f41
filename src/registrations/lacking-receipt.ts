import { parisDate } from '../eligibility/eligibility.ts';
import type { RegistrationFile, Request } from './file.ts';
import { silenceDay } from './legal-clock.ts';
import type { SilenceMode } from './legal-clock.ts';
import type { LetterSent } from './opened.ts';

type Letter = Pick<LetterSent, 'kind' | 'readAt' | 'postedAt' | 'undeliveredAt'>;

/** Since when the receipt of the request lacks: its mail was given up, nobody opened it on its page, nobody posted it. */
export const lackingReceipt = (letters: readonly Letter[]): Date | undefined => {
  const receipt = letters.find(({ kind }) => kind === 'receipt');
  return receipt?.readAt === undefined && receipt?.postedAt === undefined
    ? receipt?.undeliveredAt
    : undefined;
};

/** The day on which it came all the same. */
function cameOn(letters: readonly Letter[]): string | undefined {
  const receipt = letters.find(({ kind }) => kind === 'receipt');
  if (receipt?.undeliveredAt === undefined) return undefined;
  const [first] = [receipt.readAt, receipt.postedAt]
    .filter((at) => at !== undefined)
    .toSorted((one, other) => one.getTime() - other.getTime());
  return first && parisDate(first);
}

/**
 * What the lack of a receipt makes of the time to appeal: it runs against nobody who has none (CRPA art. L112-6), unless they
 * were notified of an answer before silence was one. It begins on the day on which the receipt comes, whose ways and times
 * of appeal are those of the decision of silence.
 */
export function withoutReceipt(
  file: RegistrationFile,
  letters: readonly Letter[],
  mode: SilenceMode,
  notifiedOn: Readonly<Record<string, string>>,
): { readonly unopposed: readonly string[]; readonly notifiedOn: Readonly<Record<string, string>> } {
  const concerned = file.requests.filter((request) =>
    isWithoutAnswerInTime(file, request, mode, notifiedOn[request.service]),
  );
  if (lackingReceipt(letters) !== undefined)
    return { unopposed: concerned.map(({ service }) => service), notifiedOn };
  const on = cameOn(letters);
  if (on === undefined) return { unopposed: [], notifiedOn };
  const since = concerned.map(({ service }) => [service, later(on, notifiedOn[service])] as const);
  return { unopposed: [], notifiedOn: { ...notifiedOn, ...Object.fromEntries(since) } };
}

const later = (one: string, other: string | undefined): string =>
  other !== undefined && other > one ? other : one;

function isWithoutAnswerInTime(
  { receivedOn, transferredOn, pauses }: RegistrationFile,
  { decided }: Request,
  mode: SilenceMode,
  notifiedOn: string | undefined,
): boolean {
  if (decided === undefined || receivedOn === undefined) return false;
  if (decided.as === 'implicitly_refused') return true;
  if (decided.as !== 'refused') return false;
  const last = silenceDay(mode === 'acceptance' ? (transferredOn ?? receivedOn) : receivedOn, pauses, mode);
  return last !== undefined && (notifiedOn ?? decided.on) > last;
}
