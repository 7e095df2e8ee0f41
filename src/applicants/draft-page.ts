import type { Context } from 'koa';
import { language, readForm } from '../http/http.ts';
import type { FieldProblem } from '../http/http.ts';
import { changedContent } from '../registrations/registrations.ts';
import type { ContentProblem, DraftContent } from '../registrations/registrations.ts';
import { addresses } from './addresses.ts';
import { fieldProblem } from './field-problems.ts';
import type { ApplicantNeeds } from './needs.ts';
import { keepPart } from './keep-part.ts';
import { digestOfStep, nextStep, problemsIn, steps } from './steps.ts';
import type { Step } from './steps.ts';
import { seeOther, visitDraft, wasLost } from './visit.ts';
import type { Visit } from './visit.ts';

/** What every page of a draft shows. */
export interface DraftFrame {
  readonly number: string;
  readonly steps: readonly {
    readonly step: Step;
    readonly href: string;
    readonly current: boolean;
    readonly complete: boolean;
  }[];
  readonly action: string;
  readonly errors: readonly FieldProblem[];
  readonly review: boolean;
  /** What is kept of this step, as the page shows it. */
  readonly seen: string;
  /** Another tab changed this step since. */
  readonly stale: boolean;
  /** What was typed was not kept: the session had ended. */
  readonly lost: boolean;
}

export interface Shown extends Visit {
  readonly frame: DraftFrame;
  readonly status: number;
}

/** One step that is a form of words: what it reads, and its page. */
export interface FormStep {
  readonly step: Step;
  /** The part of the content that the form holds, as typed. */
  readonly read: (
    form: URLSearchParams,
    here: Visit,
    needs: ApplicantNeeds,
  ) => Promise<Partial<DraftContent>>;
  /** What is wrong beside what the content itself says. */
  readonly beside?: (
    form: URLSearchParams,
    here: Visit,
    needs: ApplicantNeeds,
  ) => Promise<readonly FieldProblem[]>;
  readonly show: (ctx: Context, shown: Shown, needs: ApplicantNeeds) => Promise<void>;
}

export function frameOf(
  { opened }: Visit,
  step: Step,
  needs: ApplicantNeeds,
  about: {
    readonly problems: readonly ContentProblem[];
    readonly errors?: readonly FieldProblem[];
    readonly review?: boolean;
    /** What is kept, when the page shows something else. */
    readonly kept?: DraftContent;
    readonly stale?: boolean;
    readonly lost?: boolean;
  },
): DraftFrame {
  const { page } = addresses(needs.basePath);
  const { id } = opened.file;
  return {
    number: id,
    steps: steps.map((one) => ({
      step: one,
      href: page(id, one),
      current: one === step,
      complete: one !== 'relire' && problemsIn(one, about.problems).length === 0,
    })),
    action: page(id, step),
    errors: about.errors ?? [],
    review: about.review ?? false,
    seen: digestOfStep(about.kept ?? opened.content, step),
    stale: about.stale ?? false,
    lost: about.lost ?? false,
  };
}

/** In the words of the page. */
export function fieldProblems(
  problems: readonly ContentProblem[],
  { opened }: Pick<Visit, 'opened'>,
  { snapshot }: Pick<ApplicantNeeds, 'snapshot'>,
  ctx: Context,
): readonly FieldProblem[] {
  const lang = language(ctx);
  const serviceName = (id: string) => snapshot().services.get(id)?.name[lang] ?? id.slice(0, 80);
  return problems.map((problem) => fieldProblem(problem, opened.content, serviceName));
}

export const fromReview = (ctx: Context): boolean => ctx.query['relire'] === '1';

/** The page of a step. Whoever comes from the review is shown what is left to put right in it. */
export async function showStep(
  ctx: Context,
  id: string | undefined,
  form: FormStep,
  needs: ApplicantNeeds,
): Promise<void> {
  const here = await visitDraft(ctx, needs, id);
  if (here === undefined) return;
  const problems = await needs.registrations.problems(here.opened);
  const review = fromReview(ctx);
  const errors = review ? fieldProblems(problemsIn(form.step, problems), here, needs, ctx) : [];
  const frame = frameOf(here, form.step, needs, { problems, errors, review, lost: wasLost(ctx) });
  await form.show(ctx, { ...here, frame, status: 200 }, needs);
}

/**
 * Keeps what was typed, right or wrong, and goes on when it is right: whoever comes back another day finds it all. What
 * is longer than a draft may hold, or was typed over what another tab changed meanwhile, is shown again, and not kept.
 */
export async function keepStep(
  ctx: Context,
  id: string | undefined,
  step: FormStep,
  needs: ApplicantNeeds,
): Promise<void> {
  const { registrations, basePath } = needs;
  const { page, list } = addresses(basePath);
  const here = await visitDraft(ctx, needs, id, page(id ?? '', step.step));
  if (here === undefined) return;
  const { id: number } = here.opened.file;
  const form = await readForm(ctx, '512kb');
  const review = form.get('relire') === '1';
  const part = await step.read(form, here, needs);
  const { outcome, opened } = await keepPart(needs, here, { step: step.step, part, seen: form.get('seen') });
  const again = async (content: DraftContent, beside: readonly FieldProblem[], about: Again) => {
    const now: Visit = { ...here, opened: { ...opened, content } };
    const problems = await registrations.problems(now.opened);
    const errors = [...fieldProblems(problemsIn(step.step, problems), now, needs, ctx), ...beside];
    const kept = opened.content;
    const frame = frameOf(now, step.step, needs, { problems, errors, review, kept, stale: about.stale });
    await step.show(ctx, { ...now, frame, status: about.status }, needs);
  };
  if (outcome === 'stale') {
    await again(changedContent(opened.content, part), [], { stale: true, status: 409 });
    return;
  }
  if (outcome === 'kept' && form.get('then') === 'later') {
    seeOther(ctx, `${list}?fait=garde`);
    return;
  }
  const content = outcome === 'kept' ? opened.content : changedContent(opened.content, part);
  const now: Visit = { ...here, opened: { ...opened, content } };
  const beside = (await step.beside?.(form, now, needs)) ?? [];
  const problems = problemsIn(step.step, await registrations.problems(now.opened));
  if (problems.length === 0 && beside.length === 0) seeOther(ctx, page(number, nextStep(step.step, review)));
  else await again(content, beside, { stale: false, status: 422 });
}

interface Again {
  readonly stale: boolean;
  readonly status: number;
}
