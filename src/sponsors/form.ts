import type { Context } from 'koa';
import { readForm } from '../http/http.ts';
import { latestEnd, notThere } from '../invitations/invitations.ts';
import type { InvitationProblem, Proposal } from '../invitations/invitations.ts';
import type { SponsorNeeds } from './needs.ts';
import { choicesOf, languageHref, seeOther, serviceName, todayOf, whoIsThere } from './visit.ts';
import type { Choices, Visit } from './visit.ts';

interface Inside {
  readonly visit: Visit;
  readonly choices: Choices;
}

/** Who may invite, and to what. @throws BrokerError M-GUES-002 when it is to nothing */
async function inside(ctx: Context, needs: SponsorNeeds): Promise<Inside | undefined> {
  const page = `${needs.basePath}/invitations/nouvelle`;
  const visit = await whoIsThere(ctx, needs, page);
  if (visit === undefined) return undefined;
  const choices = await choicesOf(visit, needs);
  if (choices.services.length > 0) return { visit, choices };
  if (!choices.stronger) throw notThere('any service');
  seeOther(ctx, needs.visitors.signInHref(page, { mfa: true }));
  return undefined;
}

export async function showForm(ctx: Context, needs: SponsorNeeds): Promise<void> {
  const here = await inside(ctx, needs);
  if (here === undefined) return;
  const [only, ...others] = here.choices.services;
  const service = others.length === 0 ? (only?.service ?? '') : '';
  show(ctx, here, needs, { proposal: { address: '', service, reason: '', endsOn: '' } });
}

/** Everything as it would be sent; or the form again, with what has to be put right or with what was typed. */
export async function reviewInvitation(ctx: Context, needs: SponsorNeeds): Promise<void> {
  const here = await inside(ctx, needs);
  if (here === undefined) return;
  const form = await readForm(ctx);
  const proposal = proposalIn(form);
  if (form.get('etape') === 'modifier') {
    show(ctx, here, needs, { proposal });
    return;
  }
  const { sponsor } = here.visit;
  const judged = await needs.inviting.check(sponsor, proposal, here.choices.services);
  if (judged.kind === 'problems') {
    show(ctx, here, needs, { proposal, problems: judged.problems });
    return;
  }
  const { terms } = judged;
  const page = `${needs.basePath}/invitations`;
  needs.http.renderPage(
    ctx,
    'sponsors/review',
    {
      sendAction: page,
      changeAction: `${page}/nouvelle`,
      hidden: {
        email: terms.writtenAddress,
        service: terms.service,
        reason: terms.reason,
        until: terms.endsOn,
      },
      address: terms.writtenAddress,
      service: serviceName(ctx, terms.service, needs),
      organization:
        here.choices.services.find(({ service }) => service === terms.service)?.organization ?? '',
      reason: terms.reason,
      endsOn: terms.endsOn,
      sponsorEmail: sponsor.email,
    },
    { formsStayHere: true, languageHref: languageHref(ctx, `${page}/nouvelle`) },
  );
}

/** Judged again: between the review and now a day, a right or another invitation may have come. */
export async function sendInvitation(ctx: Context, needs: SponsorNeeds): Promise<void> {
  const here = await inside(ctx, needs);
  if (here === undefined) return;
  const proposal = proposalIn(await readForm(ctx));
  const { sponsor } = here.visit;
  const { services } = here.choices;
  // A service that the form never offered, or no longer would.
  if (!services.some(({ service }) => service === proposal.service)) throw notThere(proposal.service);
  const invited = await needs.inviting.invite(sponsor, proposal, services);
  if (invited.kind === 'problems') {
    show(ctx, here, needs, { proposal, problems: invited.problems });
    return;
  }
  needs.logger.info(
    {
      event: 'invitation.sent',
      account: sponsor.accountId,
      invitation: invited.id,
      service: proposal.service,
    },
    'an agent invited somebody',
  );
  seeOther(ctx, `${needs.basePath}/invitations?fait=invite`);
}

const proposalIn = (form: URLSearchParams): Proposal => ({
  address: form.get('email') ?? '',
  service: form.get('service') ?? '',
  reason: form.get('reason') ?? '',
  endsOn: form.get('until') ?? '',
});

function show(
  ctx: Context,
  { choices }: Inside,
  needs: SponsorNeeds,
  {
    proposal,
    problems = [],
  }: { readonly proposal: Proposal; readonly problems?: readonly InvitationProblem[] },
): void {
  const list = `${needs.basePath}/invitations`;
  const today = todayOf(needs);
  needs.http.renderPage(
    ctx,
    'sponsors/form',
    {
      action: `${list}/nouvelle`,
      backHref: list,
      errors: problems,
      email: proposal.address,
      service: proposal.service,
      reason: proposal.reason,
      until: proposal.endsOn,
      services: choices.services.map(({ service, organization }) => ({
        id: service,
        name: serviceName(ctx, service, needs),
        organization,
      })),
      today,
      latest: latestEnd(today),
    },
    {
      status: problems.length > 0 ? 422 : 200,
      formsStayHere: true,
      languageHref: languageHref(ctx, `${list}/nouvelle`),
    },
  );
}
