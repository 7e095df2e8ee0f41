import {
  appealLimit,
  appealSilenceDay,
  isAppealPending,
  isOfFormerDecision,
  motivesDay,
  silenceDayOf,
  suspended,
} from '../registrations/registrations.ts';
import type { Circumstances, RegistrationFile, Request } from '../registrations/registrations.ts';
import { transferredTo } from './transferred.ts';

/** A sentence under `applicants.says`, with the day or the text that it needs. */
export interface Said {
  readonly words: SaidWords;
  readonly endsOn?: string | undefined;
  readonly text?: string | undefined;
}

export const saidWords = [
  'examined',
  'silence_refusal',
  'silence_acceptance',
  'transferred',
  'transferred_refusal',
  'transferred_acceptance',
  'paused',
  'info_requested',
  'withdrawn',
  'level_member',
  'level_guest',
  'no_siren',
  'starts',
  'until',
  'condition',
  'renewal',
  'reason',
  'appeal_until',
  'appeal_over',
  'appeal_later',
  'appeal_open',
  'motives_can',
  'motives_awaited',
  'motives_given',
  'notice',
  'notice_late',
  'notice_answered',
  'notice_recorded',
  'sender_revoked',
  'appealed',
  'expired',
  'renounced_from',
  'renounced',
  'renewed',
  'closed',
  'upheld',
  'implicitly_upheld',
] as const;
export type SaidWords = (typeof saidWords)[number];

/** What is to be known of one request today: the rights that it gives, what is awaited, and until when to complain. Pure. */
export function says(
  file: RegistrationFile,
  request: Request,
  circumstances: Circumstances,
  today: string,
): readonly Said[] {
  const said = saysOfState(file, request, circumstances, today);
  // Beside a right, or what was one: it changes nothing of it.
  return request.state !== 'appealed' && isAppealPending(request) ? [...said, ...appealedOf(request)] : said;
}

function saysOfState(
  file: RegistrationFile,
  request: Request,
  circumstances: Circumstances,
  today: string,
): readonly Said[] {
  const { silence, organizationSiren } = circumstances;
  switch (request.state) {
    case 'submitted':
    case 'under_review':
      return examinedOf(file, request, silence);
    case 'info_requested':
      return [
        { words: 'info_requested', endsOn: file.asked?.answerBy },
        ...examinedOf(file, request, silence).filter(({ words }) => words !== 'examined'),
      ];
    case 'withdrawn':
      return [{ words: 'withdrawn' }];
    case 'approved':
    case 'implicitly_accepted':
      return right(request, organizationSiren, today);
    case 'renewal_due':
      return [
        ...right(request, organizationSiren, today),
        { words: 'renewal', endsOn: request.terms?.endsOn },
      ];
    case 'suspension_notified':
      return [...right(request, organizationSiren, today), ...noticeOf(request, today)];
    case 'suspended':
    case 'suspended_urgent':
      return [
        ...reasonOf(request),
        ...noticeOf(request, today),
        ...appealOf(request, circumstances, today),
        ...renouncedFrom(request),
      ];
    case 'implicitly_refused':
      return [...motivesOf(request), ...appealOf(request, circumstances, today)];
    case 'refused':
    case 'abrogated':
    case 'withdrawn_by_authority':
      return [...reasonOf(request), ...appealOf(request, circumstances, today)];
    case 'appealed':
      return appealedOf(request);
    case 'renounced':
      return [{ words: 'renounced', endsOn: request.renounced?.from }];
    case 'upheld':
      return [{ words: 'upheld' }, ...reasonOf(request)];
    case 'expired':
      return [
        { words: 'expired' },
        ...(wasSuspended(request) ? appealOf(request, circumstances, today) : []),
      ];
    case 'implicitly_upheld':
    case 'renewed':
    case 'closed':
      return [{ words: request.state }];
    case 'draft':
      return [];
  }
}

/** Who answers, and until when: not we, once it was passed on to the administration that has to decide. */
function examinedOf(
  file: RegistrationFile,
  request: Request,
  mode: Circumstances['silence'],
): readonly Said[] {
  const text = transferredTo(file, [request]);
  if (text === undefined) return [{ words: 'examined' }, ...silenceOf(file, mode)];
  const endsOn = silenceDayOf(file, mode);
  return [
    { words: 'transferred', text },
    endsOn === undefined ? { words: 'paused' } : { words: `transferred_${mode}`, endsOn },
  ];
}

function silenceOf(file: RegistrationFile, mode: Circumstances['silence']): readonly Said[] {
  const endsOn = silenceDayOf(file, mode);
  return endsOn === undefined ? [{ words: 'paused' }] : [{ words: `silence_${mode}`, endsOn }];
}

/** Without a SIREN nobody can sign in for it: what was granted is not open yet. */
function right(request: Request, siren: string | undefined, today: string): readonly Said[] {
  const { terms } = request;
  if (terms === undefined) return [];
  return [
    ...(siren === undefined ? [{ words: 'no_siren' } as const] : []),
    { words: `level_${terms.level}` },
    ...(terms.startsOn > today ? [{ words: 'starts', endsOn: terms.startsOn } as const] : []),
    { words: 'until', endsOn: terms.endsOn },
    ...renouncedFrom(request),
    ...terms.conditions.map((text): Said => ({ words: 'condition', text })),
  ];
}

const renouncedFrom = ({ renounced }: Request): readonly Said[] =>
  renounced === undefined ? [] : [{ words: 'renounced_from', endsOn: renounced.from }];

const reasonOf = ({ decided }: Request): readonly Said[] =>
  decided === undefined || decided.text === '' ? [] : [{ words: 'reason', text: decided.text }];

function noticeOf({ notice }: Request, today: string): readonly Said[] {
  if (notice === undefined) return [];
  const { answer, answerBy, recordedBy } = notice;
  const isLate = today > answerBy;
  if (answer !== undefined)
    return recordedBy === undefined || isLate
      ? [{ words: 'notice_answered' }]
      : [{ words: 'notice_recorded', endsOn: answerBy }];
  return [{ words: isLate ? 'notice_late' : 'notice', endsOn: answerBy }];
}

/** Why silence was a refusal: told within a month of being asked (CRPA art. L232-4). */
function motivesOf({ motivesAskedOn, motivesGiven }: Request): readonly Said[] {
  if (motivesGiven !== undefined) return [{ words: 'motives_given', text: motivesGiven.text }];
  return motivesAskedOn === undefined
    ? [{ words: 'motives_can' }]
    : [{ words: 'motives_awaited', endsOn: motivesDay(motivesAskedOn) }];
}

const appealedOf = ({ appeal }: Request): readonly Said[] => [
  { words: 'appealed', endsOn: appeal === undefined ? undefined : appealSilenceDay(appeal.on) },
];

const wasSuspended = ({ decided }: Request): boolean => suspended.some((one) => one === decided?.as);

function appealOf(request: Request, circumstances: Circumstances, today: string): readonly Said[] {
  if (request.decided === undefined || (request.appeal !== undefined && !isOfFormerDecision(request)))
    return [];
  if (circumstances.unopposed?.includes(request.service) === true) return [{ words: 'appeal_open' }];
  const endsOn = appealLimit(request, circumstances);
  if (endsOn === undefined) return [{ words: 'appeal_later' }];
  return [{ words: today > endsOn ? 'appeal_over' : 'appeal_until', endsOn }];
}
