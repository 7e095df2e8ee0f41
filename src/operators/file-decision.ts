import { addDays, grounds, levels } from '../eligibility/eligibility.ts';
import type { ActFieldShown, OperatorActForm, OperatorRequestShown } from '../http/http.ts';
import {
  evidenceKinds,
  isAppealPending,
  isOutOfCharge,
  mayReverse,
  motives,
  possible,
  proposals,
} from '../registrations/registrations.ts';
import type { Opened, Request } from '../registrations/registrations.ts';
import { fileHref } from './addresses.ts';
import { actForms, fieldWords } from './act-forms.ts';
import type { ActField, ActForm } from './act-forms.ts';
import type { FieldProblem } from './acts.ts';
import { personName, serviceName, toneOf } from './file-words.ts';
import type { SignedOperator } from './gate.ts';
import type { Target } from './perimeter.ts';
import type { ConsoleNeeds } from './section.ts';

/** One act that this person could do now. */
export interface Offered {
  readonly form: ActForm;
  readonly service?: string;
}

/** What the state of the file allows (lifecycle), of what this operator may do (roles). */
export function offeredTo(
  me: SignedOperator,
  { file, circumstances }: Opened,
  target: Target,
  now: Date,
): readonly Offered[] {
  return possible(file, me.actor, now, circumstances).flatMap(({ act, service }) => {
    const wanted =
      act === 'propose' && service !== undefined
        ? proposals(file, service, me.actor, now, circumstances)
        : [];
    const forms = actForms.filter(
      (form) => form.act === act && (form.decision === undefined || wanted.includes(form.decision)),
    );
    const at = service === undefined ? target : { ...target, services: [service] };
    return forms
      .filter(({ action }) => me.may(action, at))
      .map((form) => (service === undefined ? { form } : { form, service }));
  });
}

export interface Chosen {
  readonly slug: string | undefined;
  readonly service: string | undefined;
}

/** The act whose form is shown: the one asked for if it is possible, else an approval that is. */
export const chosenOf = (offered: readonly Offered[], { slug, service }: Chosen): Offered | undefined =>
  slug === undefined
    ? offered.find(({ form }) => form.slug === 'agreer')
    : offered.find((one) => one.form.slug === slug && (one.form.of === 'file' || one.service === service));

export function formShown(
  { form, service }: Offered,
  {
    opened,
    needs,
    me,
    sent,
    problems,
    lang,
  }: {
    readonly opened: Opened;
    readonly needs: ConsoleNeeds;
    readonly me: SignedOperator;
    /** What was typed; empty: what is proposed. */
    readonly sent: URLSearchParams;
    readonly problems: readonly FieldProblem[];
    readonly lang: 'fr' | 'en';
  },
): OperatorActForm {
  const usual = usualValues(opened, service, me.today);
  const isTyped = [...sent.keys()].some((name) => form.fields.some((field) => field === name));
  return {
    slug: form.slug,
    action: `${needs.basePath}/operateur/dossiers/${opened.file.id}/${form.previewed ? 'apercu' : 'actes'}/${form.slug}`,
    previewed: form.previewed,
    ...(form.previewed
      ? { liveHref: `${needs.basePath}/operateur/dossiers/${opened.file.id}/en-direct/${form.slug}` }
      : {}),
    ...(service === undefined
      ? {}
      : { service: { id: service, name: serviceName(needs.snapshot(), service, lang) } }),
    ...(form.act === 'see_changes' ? { findings: JSON.stringify(opened.circumstances.moved ?? []) } : {}),
    fields: form.fields.map((name): ActFieldShown => {
      const values = isTyped
        ? sent.getAll(name)
        : [usual[name] ?? (name === 'jours' ? (form.act === 'ask_pieces' ? '30' : '15') : '')];
      const list = name === 'issue' ? outcomesOf(opened, service) : lists[name];
      const problem = problems.find(({ field }) => field === name)?.code;
      return {
        name,
        words: fieldWords(form, name),
        value: values[0] ?? '',
        ...(list === undefined
          ? {}
          : { options: list.map((value) => ({ value, chosen: values.includes(value) })) }),
        ...(problem === undefined ? {} : { problem }),
      };
    }),
  };
}

const lists: Partial<Record<ActField, readonly string[]>> = {
  niveau: levels,
  fondement: grounds,
  motif: motives,
  cause: ['illegal', 'fraud'],
  pieces: evidenceKinds,
};

/** An answer gives nothing back that was taken away or given up since the appeal. */
const outcomesOf = ({ file }: Opened, service: string | undefined): readonly string[] =>
  file.requests.some((request) => request.service === service && mayReverse(request))
    ? ['upheld', 'reversed']
    : ['upheld'];

/** What is proposed before anybody types: never more than was asked for. */
function usualValues(
  { content, file }: Opened,
  service: string | undefined,
  today: string,
): { readonly [F in ActField]?: string | undefined } {
  const former = file.requests.find((request) => request.service === service)?.terms;
  const invoked =
    content.ground ?? (content.members?.allPublicLaw === 'yes' ? 'members_all_public_law' : undefined);
  // To the end of the year after next, or of what the right rests on.
  const longest = `${Number(today.slice(0, 4)) + 2}-12-31`;
  const bounds = [content.agreement.endsOn, content.acting.mandateUntil].filter(
    (day) => /^\d{4}-\d{2}-\d{2}$/u.test(day) && day > addDays(today, 30),
  );
  return {
    niveau: former?.level ?? 'guest',
    fondement: former?.ground ?? invoked,
    conditions: former?.conditions.join('\n'),
    du: today,
    cesse: today,
    au: former !== undefined && former.endsOn > today ? former.endsOn : [longest, ...bounds].toSorted()[0],
  };
}

export function requestShown(
  request: Request,
  offered: readonly Offered[],
  {
    opened,
    needs,
    me,
    query,
    current,
    lang,
  }: {
    readonly opened: Opened;
    readonly needs: ConsoleNeeds;
    readonly me: SignedOperator;
    readonly query: string;
    readonly current: Offered | undefined;
    readonly lang: 'fr' | 'en';
  },
): OperatorRequestShown {
  const { service, state, terms, decided, proposed, notice, appeal } = request;
  const asked = opened.content.services.find(({ id }) => id === service);
  const appealed = opened.file.events.findLast(
    ({ act }) => act.act === 'appeal' && act.service === service,
  )?.act;
  return {
    id: service,
    name: serviceName(needs.snapshot(), service, lang),
    state,
    tone: toneOf(state),
    why: asked?.why ?? '',
    users: asked?.users ?? '',
    ...(terms === undefined
      ? {}
      : {
          terms: {
            level: terms.level,
            ground: terms.ground,
            from: terms.startsOn,
            to: terms.endsOn,
            conditions: terms.conditions,
          },
        }),
    // What the register has closed, nobody has decided.
    ...(decided === undefined || decided.as === 'closed'
      ? {}
      : {
          decided: {
            on: decided.on,
            by: decided.author && personName(decided.author),
            second: decided.second && personName(decided.second),
            prepared: opened.file.opened !== undefined && decided.as === 'approved',
            text: decided.text,
          },
        }),
    ...(proposed === undefined
      ? {}
      : {
          proposed: {
            decision: proposed.proposal.decision,
            by: personName(proposed.by),
            on: proposed.on,
            ...('motive' in proposed.proposal
              ? { motive: proposed.proposal.motive, rule: proposed.proposal.rule }
              : { startsOn: proposed.proposal.from }),
            text: proposed.proposal.text,
            mine: proposed.by.id === me.actor.id,
            gone: isOutOfCharge(opened, request),
          },
        }),
    ...(notice === undefined ? {} : { notice }),
    ...(appeal === undefined || appealed?.act !== 'appeal'
      ? {}
      : {
          appeal: {
            on: appeal.on,
            text: appealed.text,
            signed:
              (isAppealPending(request) || state === 'implicitly_upheld') &&
              [appeal.against.author, appeal.against.second].some((one) => one?.id === me.actor.id),
          },
        }),
    ...(request.motivesAskedOn === undefined || request.motivesGiven !== undefined
      ? {}
      : { motivesAskedOn: request.motivesAskedOn }),
    ...(request.renounced === undefined
      ? {}
      : { renounced: { on: request.renounced.on, startsOn: request.renounced.from } }),
    acts: offered
      .filter((one) => one.service === service)
      .map(({ form }) => ({
        slug: form.slug,
        href: fileHref(needs.basePath, opened.file.id, query, { acte: form.slug, service }),
        current: current?.form.slug === form.slug && current.service === service,
      })),
  };
}
