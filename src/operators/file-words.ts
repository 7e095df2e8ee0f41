import type { Snapshot } from '../declarations/declarations.ts';
import { daysBetween } from '../eligibility/eligibility.ts';
import type { AgeShown, KnownFact, SaidTag } from '../http/http.ts';
import type { FactOrigin } from '../organizations/organizations.ts';
import { examined, inForce } from '../registrations/registrations.ts';
import type { Actor, ApprovalHeld, OperatorActor, RequestState } from '../registrations/registrations.ts';

/** « Hélène Marchand, cheffe du bureau ». Time and registers have no name: their words are in the locales. */
export function actorName(actor: Actor): string {
  return actor.kind === 'operator' || actor.kind === 'applicant' ? personName(actor) : '';
}

export const personName = ({
  givenName,
  usualName,
}: Pick<OperatorActor, 'givenName' | 'usualName'>): string => `${givenName} ${usualName}`.trim();

/** Of whom only the id is kept; whoever is no operator any more has no other name. */
export function operatorName(snapshot: Snapshot, id: string): string {
  const known = snapshot.operators.get(id);
  return known === undefined ? id : `${known.given_name} ${known.usual_name}`;
}

export const serviceName = (snapshot: Snapshot, id: string, lang: 'fr' | 'en'): string =>
  snapshot.services.get(id)?.name[lang] ?? id;

/** Somebody gave it: only then do its level, its ground and its days say something. */
export const isGiven = ({ status }: Pick<ApprovalHeld, 'status'>): boolean =>
  status === 'active' || status === 'suspended';

export const sourceOf = (
  origin: FactOrigin | undefined,
  otherwise: { readonly source: string; readonly sourceDate: string },
): KnownFact['source'] =>
  origin === undefined
    ? { label: otherwise.source, asOf: otherwise.sourceDate }
    : { label: origin.label, asOf: origin.asOf };

export const tag = (tone: SaidTag['tone'], t: string): SaidTag => ({ tone, t });

/** Whether somebody waits for a first answer. An appeal has a delay of its own. */
export const isExamined = ({
  requests,
}: {
  readonly requests: readonly { readonly state: RequestState }[];
}) => requests.some(({ state }) => examined.some((one) => one === state));

/** Civil days since the receipt, as whoever asked counts them: the time that they take to answer is in it. */
export const ageOf = (receivedOn: string | undefined, today: string, target: number): AgeShown | undefined =>
  receivedOn === undefined ? undefined : { days: Math.max(0, daysBetween(receivedOn, today)), target };

/** Never the only sign: the word stands in it. */
export function toneOf(state: RequestState): SaidTag['tone'] {
  if (state === 'submitted' || state === 'under_review' || state === 'renounced') return 'plain';
  const waits: readonly RequestState[] = [...examined, 'appealed', 'renewal_due', 'suspension_notified'];
  if (waits.includes(state)) return 'wait';
  return inForce.some((one) => one === state) ? 'yes' : 'no';
}
