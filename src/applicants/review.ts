import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { canonicalJson } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import { formatDate, language, readForm } from '../http/http.ts';
import type { DraftReviewPage, FieldProblem } from '../http/http.ts';
import { changedContent } from '../registrations/registrations.ts';
import type { ContentProblem, Opened } from '../registrations/registrations.ts';
import { addresses } from './addresses.ts';
import { fieldProblems, frameOf } from './draft-page.ts';
import type { ApplicantNeeds } from './needs.ts';
import { membersShown, organizationShown, pieceShown } from './shown.ts';
import { incomplete, problemsIn } from './steps.ts';
import { dayShown, isDay } from './typed-day.ts';
import { seeOther, visitDraft } from './visit.ts';
import type { Visit } from './visit.ts';

const step = 'relire';

/** What the page shows, in one value: what is sent is what was read (RGAA 11.12). */
export function digestOf({ content, evidence }: Pick<Opened, 'content' | 'evidence'>): string {
  const said = { ...content, declaredAt: undefined };
  const shown: unknown = JSON.parse(JSON.stringify({ said, pieces: evidence.map(({ id }) => id) }));
  return createHash('sha256').update(canonicalJson(shown)).digest('base64url');
}

export async function showReview(ctx: Context, id: string | undefined, needs: ApplicantNeeds): Promise<void> {
  const here = await visitDraft(ctx, needs, id);
  if (here === undefined) return;
  const problems = await needs.registrations.problems(here.opened);
  await show(ctx, here, needs, { problems, errors: [] });
}

/** Sends the request: from here on it is received, and the clock of the law runs (CRPA art. L112-3, R112-5). */
export async function send(ctx: Context, id: string | undefined, needs: ApplicantNeeds): Promise<void> {
  const { registrations, clock } = needs;
  const { page } = addresses(needs.basePath);
  const here = await visitDraft(ctx, needs, id, page(id ?? '', step));
  if (here === undefined) return;
  const form = await readForm(ctx);
  const { file, content: before } = here.opened;
  if (form.get('seen') !== digestOf(here.opened)) {
    await showStale(ctx, here, needs);
    return;
  }
  const declared = form.get('declaredAt') === 'oui';
  const content = changedContent(before, declared ? { declaredAt: clock().toISOString() } : {});
  const now: Visit = { ...here, opened: { ...here.opened, content } };
  const problems = await registrations.problems(now.opened);
  if (problems.length > 0) {
    const errors = fieldProblems(problemsIn(step, problems), now, needs, ctx);
    await show(ctx, now, needs, { problems, errors, status: 422 });
    return;
  }
  try {
    await registrations.saveDraft(file.id, here.visitor.accountId, content, before);
    // What is sent is what was read here: what another tab writes from now on makes the sending stop.
    await registrations.act({
      id: file.id,
      seen: 0,
      actor: here.actor,
      act: { act: 'submit', content, services: content.services.map((one) => one.id) },
    });
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'M-FILE-002') {
      // Sent twice, or changed in another tab between the two: both are shown as they are now.
      const after = await visitDraft(ctx, needs, file.id);
      if (after !== undefined) await showStale(ctx, after, needs);
      return;
    }
    if (error instanceof BrokerError && error.code === 'M-FILE-018') {
      const errors = [{ field: 'organization', words: 'organization_closed' }];
      await show(ctx, now, needs, { problems, errors, status: 409 });
      return;
    }
    throw error;
  }
  needs.logger.info({ event: 'registration.submitted', registration: file.id }, 'a request was received');
  seeOther(ctx, page(file.id, 'envoyee'));
}

async function showStale(ctx: Context, here: Visit, needs: ApplicantNeeds): Promise<void> {
  const problems = await needs.registrations.problems(here.opened);
  await show(ctx, here, needs, { problems, errors: [], stale: true, status: 409 });
}

async function show(
  ctx: Context,
  here: Visit,
  needs: ApplicantNeeds,
  about: {
    readonly problems: readonly ContentProblem[];
    readonly errors: readonly FieldProblem[];
    readonly stale?: boolean;
    readonly status?: number;
  },
): Promise<void> {
  const lang = language(ctx);
  const { visitor, opened } = here;
  const { file, content, evidence, organization } = opened;
  const at = addresses(needs.basePath);
  const { acting, services, purpose, ground, agreement, publicShare, notes } = content;
  const { dataProtection, security, domains, members } = content;
  const { problems, errors, stale } = about;
  // A draft holds what was typed: a day of no calendar is shown as it stands.
  const day = (written: string) => (isDay(written) ? formatDate(written, lang) : dayShown(written));
  const model: DraftReviewPage = {
    ...frameOf(here, step, needs, { problems, errors }),
    organization: organization === undefined ? undefined : organizationShown(organization, lang),
    you: {
      name: `${visitor.givenName} ${visitor.usualName}`.trim(),
      email: visitor.email,
      capacity: acting.capacity,
      mandateUntil: day(acting.mandateUntil),
    },
    services: services.map(({ id, why, users }) => ({
      name: needs.snapshot().services.get(id)?.name[lang] ?? id,
      why,
      users,
    })),
    purpose,
    ground,
    agreement: {
      reference: agreement.reference,
      startsOn: day(agreement.startsOn),
      endsOn: day(agreement.endsOn),
    },
    publicShare,
    notes,
    pieces: evidence.map((piece) => pieceShown(piece, at.piece(file.id, piece.id))),
    members: members === undefined ? undefined : membersShown(members),
    dataProtection,
    security,
    domains,
    seen: digestOf(opened),
    stale,
    incomplete: incomplete(problems).map((one) => ({
      step: one,
      href: `${at.page(file.id, one)}?relire=1`,
    })),
    deleteHref: at.page(file.id, 'supprimer'),
  };
  needs.http.renderPage(ctx, 'applicants/review', model, {
    status: about.status ?? 200,
    formsStayHere: true,
  });
}
