import type { Context } from 'koa';
import { possibleAnswers, isOneself } from '../appointments/appointments.ts';
import type { Answer, Proposal } from '../appointments/appointments.ts';
import type { Operator } from '../declarations/declarations.ts';
import { formatDate, language } from '../http/http.ts';
import type { OperatorAppointmentPages } from '../http/http.ts';
import { operatorName, proposalPath } from './appointed-words.ts';
import { personName } from './file-words.ts';
import { perimeterWords } from './perimeter-words.ts';
import { listForm, listPage, parameter } from './route.ts';
import type { Asked, Route } from './route.ts';

type Page = OperatorAppointmentPages['operator-proposal'];
const longestReason = 2000;

/** `/operateur/operateurs/propositions/:id`. @param missing the reason that the form sent here lacks */
async function show(asked: Asked, missing = false): Promise<void> {
  const { ctx, me, needs, form } = asked;
  const { appointments, basePath } = needs;
  const proposal = await appointments.proposal(parameter(ctx, 'id'));
  const { kind, state, operator, before, base, authorId } = proposal;
  const standing = { state, authorId, about: operator };
  const possible = possibleAnswers(standing, me.operator);
  const kept = await appointments.list();
  const stale =
    state === 'proposed' &&
    kind === 'change' &&
    kept.find((one) => one.operator.id === operator.id)?.digest !== base;
  const here = `${basePath}${proposalPath(proposal.id)}`;
  const href = (answer: Answer): string | undefined =>
    possible.includes(answer) && !(stale && answer === 'confirm') ? `${here}/${slugs[answer]}` : undefined;
  const idp = needs.snapshot().identityProviders.get(operator.idp);
  const isSelf = isOneself(me.operator, operator);
  const model: Page = {
    console: needs.frame(me, 'operators'),
    backHref: `${basePath}/operateur/operateurs`,
    done: new URLSearchParams(ctx.querystring).get('fait') === 'proposer',
    kind,
    status: state,
    name: operatorName(operator),
    by: personName(proposal.author),
    createdAt: proposal.createdAt,
    reason: proposal.reason,
    second: proposal.second && personName(proposal.second),
    updatedAt: proposal.answeredAt,
    answered: proposal.answer,
    facts: await facts(asked, proposal),
    roles: { before: before?.roles, after: operator.roles },
    stale,
    lastAt: idp && (await appointments.lastSeen({ issuer: idp.issuer, subject: operator.subject })),
    actions: { confirm: href('confirm'), decline: href('decline'), withdraw: href('withdraw') },
    declined: { reason: (form.get('motif') ?? '').slice(0, longestReason), missing },
    state:
      state !== 'proposed' ? undefined : isSelf ? 'self' : authorId === me.operator.id ? 'second' : undefined,
  };
  needs.http.renderPage(ctx, 'operator-proposal', model, {
    formsStayHere: true,
    ...(missing && { status: 422, languageHref: '' }),
  });
}

/** Side by side: what is as it was is there too, or nobody would know what they confirm. */
async function facts({ ctx, needs }: Asked, { operator, before }: Proposal): Promise<Page['facts']> {
  const lang = language(ctx);
  const words = async (one: Operator | undefined): Promise<readonly (readonly [Words, string])[]> => {
    if (one === undefined) return [];
    const { delegation, perimeter } = one;
    const bounds = perimeter && (await perimeterWords(perimeter, needs, lang));
    const idp = needs.snapshot().identityProviders.get(one.idp)?.name ?? one.idp;
    const days = delegation && [formatDate(delegation.from, lang), formatDate(delegation.to, lang)];
    return [
      ['name', operatorName(one)],
      ['identity', `${idp} · ${one.subject}`],
      ['capacity', one.capacity],
      ['organization', one.organization],
      ['siren', one.organization_siren],
      ['email', one.email],
      ['departments', (bounds?.departments ?? []).join(', ')],
      ['federations', (bounds?.federations ?? []).join(', ')],
      ['services', (bounds?.services ?? []).join(', ')],
      ['delegation', (days ?? []).join(' – ')],
    ];
  };
  const was = new Map(await words(before));
  return (await words(operator)).map(([name, after]) => ({
    words: name,
    before: was.get(name) ?? '',
    after,
  }));
}
type Words = Page['facts'][number]['words'];

const slugs = { confirm: 'confirmer', decline: 'decliner', withdraw: 'reprendre' } as const;
const confirmed = { appoint: 'nommer', change: 'modifier', readmit: 'lever' } as const;

const answering =
  (answer: Answer) =>
  async (asked: Asked): Promise<void> => {
    const { ctx, me, needs, form } = asked;
    const { id, kind } = await needs.appointments.proposal(parameter(ctx, 'id'));
    const reason = (form.get('motif') ?? '').replaceAll('\r\n', '\n').trim();
    if (answer === 'decline' && (reason === '' || reason.length > longestReason)) {
      await show(asked, true);
      return;
    }
    await needs.appointments.answer({ id, answer, person: me, ...(answer === 'decline' && { reason }) });
    const told = answer === 'confirm' ? confirmed[kind] : slugs[answer];
    ctx.status = 303;
    ctx.redirect(`${needs.basePath}/operateur/operateurs?fait=${told}`);
  };

const path = '/operateur/operateurs/propositions/:id';
const ofProposal = (ctx: Context): string => proposalPath(encodeURIComponent(parameter(ctx, 'id')));

export const proposalRoutes: readonly Route[] = [
  listPage({ path, action: 'operator.manage', answer: (asked) => show(asked) }),
  ...(['confirm', 'decline', 'withdraw'] as const).map((answer) =>
    listForm({
      path: `${path}/${slugs[answer]}`,
      action: 'operator.manage',
      sensitive: true,
      formPage: ofProposal,
      answer: answering(answer),
    }),
  ),
];
