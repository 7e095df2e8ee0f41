import type { Context } from 'koa';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm } from '../http/http.ts';
import type { FieldProblem, RenouncePage } from '../http/http.ts';
import { approvalId, possible, refusal, transition } from '../registrations/registrations.ts';
import type { Act, Opened } from '../registrations/registrations.ts';
import { longestText } from './act-page.ts';
import { addresses } from './addresses.ts';
import { renouncePage } from './file-acts.ts';
import type { ApplicantNeeds } from './needs.ts';
import { seenIn, whatHappened } from './seen.ts';
import { dayShown, dayTyped, isDay } from './typed-day.ts';
import { seeOther, visit, wasLost } from './visit.ts';
import type { Visit } from './visit.ts';

/*
 * An organization gives up a right: the page says who uses it now and what else stays, asks for the first day without it,
 * and sends it. Nobody has to agree.
 */

interface Where {
  readonly id: string | undefined;
  readonly service: string | undefined;
}

interface Told {
  readonly from: string;
  readonly text: string;
  readonly errors: readonly FieldProblem[];
  readonly meanwhile?: RenouncePage['meanwhile'];
  readonly status: number;
}

const pathOf = (service: string): string => `${renouncePage}/${encodeURIComponent(service)}`;

export async function askToRenounce(
  ctx: Context,
  { id, service = '' }: Where,
  needs: ApplicantNeeds,
): Promise<void> {
  const here = await visit(ctx, needs, id);
  if (here === undefined) return;
  assertPossible(here, service, needs);
  const today = parisDate(needs.clock());
  await show(ctx, here, service, needs, { from: today, text: '', errors: [], status: 200 });
}

/** @throws BrokerError what the lifecycle would refuse (M-FILE-003); 075 for who acts for the organization no more */
function assertPossible({ opened, actor }: Visit, service: string, { clock }: ApplicantNeeds): void {
  const { file, circumstances, senderRevoked } = opened;
  if (senderRevoked === true) throw new BrokerError('M-FILE-075', { detail: file.id });
  const at = clock();
  const offered = possible(file, actor, at, circumstances);
  if (offered.some((one) => one.act === 'renounce' && one.service === service)) return;
  const act: Act = { act: 'renounce', service, from: parisDate(at), text: '' };
  const outcome = transition(file, { actor, act, at }, circumstances);
  throw refusal(outcome.kind === 'refused' ? outcome.because : 'not_possible', file.id, 'renounce');
}

/** Does it. A page that is out of date comes back as it is now, with what was written in it. */
export async function renounce(
  ctx: Context,
  { id: written, service = '' }: Where,
  needs: ApplicantNeeds,
): Promise<void> {
  const at = addresses(needs.basePath);
  const here = await visit(ctx, needs, written, at.page(written ?? '', pathOf(service)));
  if (here === undefined) return;
  assertPossible(here, service, needs);
  const form = await readForm(ctx, '512kb');
  const from = dayTyped(form.get('from') ?? '');
  const text = (form.get('text') ?? '').trim();
  const again = (now: Visit, told: Omit<Told, 'from' | 'text'>) =>
    show(ctx, now, service, needs, { from, text, ...told });
  const { id, version } = here.opened.file;
  const meanwhile = whatHappened(here.opened, seenIn(form));
  if (meanwhile.length > 0) {
    await again(here, { errors: [], meanwhile, status: 409 });
    return;
  }
  const errors = problemsOf(from, text, {
    today: parisDate(needs.clock()),
    endsOn: lastDayOf(here.opened, service),
  });
  if (errors.length > 0) {
    await again(here, { errors, status: 422 });
    return;
  }
  try {
    await needs.registrations.act({
      id,
      seen: version,
      actor: here.actor,
      act: { act: 'renounce', service, from, text },
    });
  } catch (error) {
    const now =
      error instanceof BrokerError && error.code === 'M-FILE-002' ? await visit(ctx, needs, id) : undefined;
    if (now === undefined) throw error;
    assertPossible(now, service, needs);
    await again(now, { errors: [], meanwhile: whatHappened(now.opened, version), status: 409 });
    return;
  }
  seeOther(ctx, `${at.file(id)}?fait=renonciation`);
}

/** A right is given up for the future, while there is one. */
export function problemsOf(
  from: string,
  text: string,
  { today, endsOn }: { readonly today: string; readonly endsOn: string },
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (from === '') problems.push({ field: 'from', words: 'from_missing' });
  else if (!isDay(from)) problems.push({ field: 'from', words: 'from_day_shape' });
  else if (from < today) problems.push({ field: 'from', words: 'from_past' });
  else if (from > endsOn) problems.push({ field: 'from', words: 'from_over', about: endsOn });
  if (text.length > longestText) problems.push({ field: 'text', words: 'text_too_long' });
  return problems;
}

const termsOf = ({ file }: Opened, service: string) =>
  file.requests.find((request) => request.service === service)?.terms;

const lastDayOf = (opened: Opened, service: string): string => termsOf(opened, service)?.endsOn ?? '';

async function show(
  ctx: Context,
  { opened }: Visit,
  service: string,
  needs: ApplicantNeeds,
  { from, text, errors, meanwhile, status }: Told,
): Promise<void> {
  const { http, basePath, registrations, snapshot } = needs;
  const { file, organization, held } = opened;
  const at = addresses(basePath);
  const siren = organization?.siren ?? held.siren;
  const today = parisDate(needs.clock());
  const [impact, approvals] = await Promise.all([
    registrations.impact(siren, [service]),
    registrations.organizationApprovals(siren),
  ]);
  const own = approvalId(file.id, service);
  http.renderPage(
    ctx,
    'applicants/renounce',
    {
      number: file.id,
      action: at.page(file.id, pathOf(service)),
      seen: String(file.version),
      lost: wasLost(ctx),
      meanwhile,
      errors,
      text,
      from: dayShown(from),
      backHref: at.file(file.id),
      service: snapshot().services.get(service)?.name[language(ctx)] ?? service,
      endsOn: lastDayOf(opened, service),
      impact: {
        people: impact.people,
        sessions: impact.sessions,
        grants: impact.grants,
        tools: impact.clients.map((id) => snapshot().clients.get(id)?.client_name ?? id),
        more: impact.more,
      },
      others: approvals
        .filter(
          (one) =>
            one.id !== own && one.service === service && one.status === 'active' && one.endsOn >= today,
        )
        .map(({ startsOn, endsOn }) => ({ startsOn, endsOn })),
    },
    { status, formsStayHere: true },
  );
}
