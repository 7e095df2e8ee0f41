import { parisDate } from '../eligibility/eligibility.ts';
import { isAppealPending } from './appeals.ts';
import { comingTo } from './due.ts';
import { among, examined, inForce } from './file.ts';
import type { RegistrationFile, Request, RequestState } from './file.ts';
import { appealSilenceDay, motivesDay } from './legal-clock.ts';
import { silenceDayOf } from './lifecycle.ts';
import type { Stage } from './opened.ts';
import type { Silence } from './needs.ts';

/** Columns that lists and searches read: nothing that the events do not say. */
export interface Projection {
  readonly stage: Stage;
  readonly version: number;
  /** Last day on which an answer of the operators is in time. */
  readonly dueOn: string | undefined;
  readonly takenBy: string | undefined;
  readonly takenAt: Date | undefined;
  readonly requests: readonly RequestProjection[];
}

export interface RequestProjection {
  readonly service: string;
  readonly state: RequestState;
  readonly proposed: boolean;
  /** An appeal waits for its answer, whatever the state. */
  readonly contested: boolean;
  /** The day on which time itself acts next on this request. */
  readonly dueOn: string | undefined;
  readonly startsOn: string | undefined;
  readonly endsOn: string | undefined;
}

export const isExamined = ({ state }: Pick<Request, 'state'>): boolean => among(examined, state);
export const isInForce = ({ state }: Pick<Request, 'state'>): boolean => among(inForce, state);

/** Nothing is left to decide about these. */
const over = [
  'withdrawn',
  'renewed',
  'expired',
  'renounced',
  'closed',
  'upheld',
  'implicitly_upheld',
  'withdrawn_by_authority',
] as const satisfies readonly RequestState[];

export function project(file: RegistrationFile, silence: Silence): Projection {
  return {
    stage: stageOf(file),
    version: file.version,
    dueOn: earliest(file.requests.map((request) => answerDueOn(file, request, silence))),
    takenBy: file.taken?.by.id,
    takenAt: file.taken?.at,
    requests: file.requests.map((request) => ({
      service: request.service,
      state: request.state,
      proposed: request.proposed !== undefined,
      contested: isAppealPending(request),
      dueOn: actsNextOn(file, request, silence),
      startsOn: request.terms?.startsOn,
      endsOn: request.terms?.endsOn,
    })),
  };
}

function stageOf({ receivedOn, requests }: RegistrationFile): Stage {
  if (receivedOn === undefined) return 'draft';
  if (requests.some((request) => isExamined(request) || isAppealPending(request))) return 'examination';
  return requests.every(({ state }) => among(over, state)) ? 'ended' : 'decided';
}

/** Until when somebody expects an answer of the operators: what the age of a file is measured against. */
function answerDueOn(file: RegistrationFile, request: Request, silence: Silence): string | undefined {
  if (isExamined(request)) return silenceDayOf(file, silence);
  const appealed = isAppealPending(request)
    ? request.appeal && appealSilenceDay(request.appeal.on)
    : undefined;
  if (request.state === 'implicitly_refused') {
    const asked = request.motivesGiven === undefined ? request.motivesAskedOn : undefined;
    return asked === undefined ? undefined : motivesDay(asked);
  }
  // Observations came, or the time for them is over: somebody has to decide now.
  const heard = request.state === 'suspension_notified' ? request.notice?.answerBy : undefined;
  return earliest([appealed, heard]);
}

function actsNextOn(file: RegistrationFile, request: Request, silence: Silence): string | undefined {
  const last = file.events.at(-1)?.at;
  if (last === undefined) return undefined;
  const today = parisDate(last);
  return earliest(
    comingTo(file, request, silence)
      // A reminder whose days have passed is never sent.
      .filter(({ until }) => until === undefined || until >= today)
      .map(({ from }) => from),
  );
}

export function earliest(days: readonly (string | undefined)[]): string | undefined {
  return days.filter((day) => day !== undefined).sort()[0];
}
