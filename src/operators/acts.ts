import {
  actSchema,
  contestedBy,
  motiveTexts,
  motives,
  seenFindingsSchema,
} from '../registrations/registrations.ts';
import type { Act, Motive, Opened, Request, SeenFinding, Terms } from '../registrations/registrations.ts';
import type { ActField, ActForm } from './act-forms.ts';

export interface FieldProblem {
  readonly field: ActField;
  readonly code:
    'missing' | 'invalid' | 'long' | 'past' | 'future' | 'before' | 'order' | 'far' | 'agreement' | 'over';
}
export type ActRead =
  | { readonly kind: 'act'; readonly act: Act }
  | { readonly kind: 'problems'; readonly problems: readonly FieldProblem[] };

/** What the days of a right may not exceed. */
export interface Bounds {
  /** Civil day in Paris. */
  readonly today: string;
  /** Last day of the agreement that the right rests on, when there is one. */
  readonly agreementEndsOn?: string | undefined;
  /** Requests of the file: what is received on paper comes after what it is about. */
  readonly requests?: readonly Request[] | undefined;
}

/** Beyond, nobody has looked at the organization again. */
const longestYears = 5;

export const boundsOf = ({ content, file }: Pick<Opened, 'content' | 'file'>, today: string): Bounds => ({
  today,
  requests: file.requests,
  agreementEndsOn: /^\d{4}-\d{2}-\d{2}$/u.test(content.agreement.endsOn)
    ? content.agreement.endsOn
    : undefined,
});

/** What the form says, as the act that it asks for. */
export function readAct(form: ActForm, sent: URLSearchParams, bounds: Bounds): ActRead {
  const read = actSchema.safeParse(writtenAct(form, sent));
  if (!read.success) {
    const problems = new Map<ActField, FieldProblem>();
    for (const { path, code } of read.error.issues) {
      const field = fieldOf(path, form);
      if (problems.has(field)) continue;
      problems.set(field, {
        field,
        code: isMissing(sent, field) ? 'missing' : code === 'too_big' ? 'long' : 'invalid',
      });
    }
    // The rule follows from the motive: only the motive is missing.
    if (problems.has('motif')) problems.delete('regle');
    // Days that can be read are judged with the rest: nobody is told of them one round later.
    for (const problem of daysProblems(readableDays(form, sent, problems), bounds))
      problems.set(problem.field, problem);
    return { kind: 'problems', problems: inOrder(problems.values(), form) };
  }
  const act = read.data;
  const given = act.act === 'approve' || act.act === 'decide_appeal' ? act.terms : undefined;
  const problems = given === undefined ? receivedProblems(act, bounds) : daysProblems(given, bounds);
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'act', act };
}

type Days = Partial<Pick<Terms, 'startsOn' | 'endsOn'>>;

/** The days of a right that a form gives, without those in which something is wrong already. */
function readableDays(
  { act }: ActForm,
  sent: URLSearchParams,
  problems: ReadonlyMap<ActField, FieldProblem>,
): Days {
  if (act !== 'approve' && !(act === 'decide_appeal' && sent.get('issue') === 'reversed')) return {};
  const day = (field: 'du' | 'au') => (problems.has(field) ? '' : (sent.get(field) ?? '').trim());
  const [startsOn, endsOn] = [day('du'), day('au')];
  return { ...(startsOn !== '' && { startsOn }), ...(endsOn !== '' && { endsOn }) };
}

function daysProblems(
  { startsOn, endsOn }: Days,
  { today, agreementEndsOn }: Bounds,
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (startsOn !== undefined && startsOn < today) problems.push({ field: 'du', code: 'past' });
  if (startsOn === undefined || endsOn === undefined) return problems;
  // The same day of the fifth year, as text: every date is of ten characters.
  const longest = `${String(Number(startsOn.slice(0, 4)) + longestYears)}${startsOn.slice(4)}`;
  if (endsOn < startsOn) problems.push({ field: 'au', code: 'order' });
  else if (endsOn > longest) problems.push({ field: 'au', code: 'far' });
  else if (agreementEndsOn !== undefined && endsOn > agreementEndsOn)
    problems.push({ field: 'au', code: 'agreement' });
  return problems;
}

/** The law counts from this day: neither in the future, nor before the decision or the notice that is answered. */
function receivedProblems(act: Act, { today, requests = [] }: Bounds): readonly FieldProblem[] {
  const proposal = act.act === 'propose' && act.proposal.decision === 'renounce' ? act.proposal : undefined;
  if (act.act !== 'appeal' && act.act !== 'answer_notice' && proposal === undefined) return [];
  const service = 'service' in act ? act.service : undefined;
  const request = requests.find((one) => one.service === service);
  const receivedOn = proposal?.receivedOn ?? ('receivedOn' in act ? act.receivedOn : undefined);
  const received = receiptProblems(receivedOn, aboutOf(act, request), today);
  if (proposal === undefined) return received;
  const { from } = proposal;
  const last = request?.terms?.endsOn;
  if (from < today) return [...received, { field: 'cesse', code: 'past' }];
  return last !== undefined && from > last ? [...received, { field: 'cesse', code: 'over' }] : received;
}

/** The day of what is answered, contested or given up. */
function aboutOf({ act }: Act, request: Request | undefined): string | undefined {
  if (act === 'propose') return request?.granted?.on;
  return act === 'appeal' ? request && contestedBy(request)?.on : request?.notice?.on;
}

function receiptProblems(
  receivedOn: string | undefined,
  about: string | undefined,
  today: string,
): readonly FieldProblem[] {
  if (receivedOn === undefined) return [{ field: 'recu', code: 'missing' }];
  if (receivedOn > today) return [{ field: 'recu', code: 'future' }];
  return about !== undefined && receivedOn < about ? [{ field: 'recu', code: 'before' }] : [];
}

const isMissing = (sent: URLSearchParams, field: ActField): boolean => (sent.get(field) ?? '').trim() === '';

const inOrder = (problems: Iterable<FieldProblem>, { fields }: ActForm): readonly FieldProblem[] =>
  [...problems].toSorted((one, other) => fields.indexOf(one.field) - fields.indexOf(other.field));

function writtenAct({ act, decision }: ActForm, sent: URLSearchParams): unknown {
  const text = (field: ActField): string => (sent.get(field) ?? '').replaceAll('\r\n', '\n').trim();
  const service = sent.get('service') ?? '';
  const reason = {
    motive: text('motif'),
    text: text('texte'),
    rule: text('regle') || usualRule(text('motif')),
  };
  const granted = {
    level: text('niveau'),
    ground: text('fondement'),
    conditions: text('conditions')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    startsOn: text('du'),
    endsOn: text('au'),
  };
  switch (act) {
    case 'note':
      return { act, text: text('texte') };
    case 'check_evidence':
      return { act, evidence: text('piece'), verdict: text('verdict'), text: text('texte') };
    case 'see_changes':
      return { act, text: text('texte'), findings: findingsIn(sent.get('constats')) };
    case 'ask_pieces':
      return {
        act,
        pieces: [...new Set(sent.getAll('pieces'))],
        text: text('texte'),
        days: Number(text('jours') || '30'),
        blocking: sent.get('bloquant') === 'oui',
      };
    case 'transfer':
      return { act, to: text('autorite') };
    case 'appeal':
    case 'answer_notice':
      return { act, service, text: text('texte'), receivedOn: text('recu') };
    case 'approve':
      return { act, service, terms: granted, text: text('texte') };
    case 'propose':
      if (decision === 'renounce') {
        const said = { from: text('cesse'), text: text('texte'), receivedOn: text('recu') };
        return { act, service, proposal: { decision, ...said } };
      }
      return {
        act,
        service,
        proposal: { decision, ...reason, ...(decision === 'withdraw' ? { because: text('cause') } : {}) },
      };
    case 'decline':
    case 'reinstate':
      return { act, service, text: text('texte') };
    case 'communicate_motives':
    case 'suspend':
    case 'suspend_urgently':
      return { act, service, ...reason };
    case 'notify_suspension':
      return { act, service, ...reason, days: Number(text('jours') || '15') };
    case 'decide_appeal': {
      const outcome = text('issue');
      return {
        act,
        service,
        outcome,
        text: text('texte'),
        rule: text('regle'),
        ...(outcome === 'reversed' ? { terms: granted } : {}),
      };
    }
    default:
      return { act, service };
  }
}

/** What the page showed, as it comes back with the form. What cannot be read showed nothing: the lifecycle compares. */
function findingsIn(written: string | null): readonly SeenFinding[] {
  try {
    const parsed: unknown = JSON.parse(written ?? '[]');
    return seenFindingsSchema.safeParse(parsed).data ?? [];
  } catch {
    return [];
  }
}

const isMotive = (text: string): text is Motive => motives.some((one) => one === text);
const usualRule = (motive: string): string => (isMotive(motive) ? motiveTexts[motive].rule : '');

const fieldsOfPaths: Readonly<Record<string, ActField>> = {
  level: 'niveau',
  ground: 'fondement',
  conditions: 'conditions',
  startsOn: 'du',
  endsOn: 'au',
  motive: 'motif',
  rule: 'regle',
  text: 'texte',
  because: 'cause',
  outcome: 'issue',
  days: 'jours',
  pieces: 'pieces',
  evidence: 'piece',
  verdict: 'verdict',
  receivedOn: 'recu',
  from: 'cesse',
  to: 'autorite',
};

/** Of an act, the field that says what is wrong; the rule of a motive that nobody chose is not what is missing. */
function fieldOf(path: readonly PropertyKey[], { fields }: ActForm): ActField {
  const named = path.flatMap((part) => (typeof part === 'string' ? (fieldsOfPaths[part] ?? []) : []));
  return named.at(-1) ?? fields[0] ?? 'texte';
}
