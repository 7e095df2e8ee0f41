import type { Context } from 'koa';
import { canonicalJson } from '../config/config.ts';
import type { CorrectionAnswer, CorrectionProposal, CorrectionShown } from '../corrections/corrections.ts';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import type { OperatorExceptionPages } from '../http/http.ts';
import { isForAllServices } from './corrector.ts';
import {
  authorName,
  effectShown,
  exceptionFact,
  exceptionLine,
  exceptionPath,
  factSaid,
} from './exception-words.ts';
import { form, list as listOf, page, parameter, whereItLies } from './route.ts';
import type { Asked, AskedOfOrganization, Route } from './route.ts';
import type { Action } from './roles.ts';

type Page = OperatorExceptionPages['operator-exception'];
const longestReason = 2000;

/** @throws BrokerError M-FILE-006 beyond the roles, and for who decides on some services only */
export async function assertForAll(asked: Asked, action: Action): Promise<Asked> {
  await listOf(asked, action);
  if (!isForAllServices(asked.me.operator))
    throw new BrokerError('M-FILE-006', {
      detail: `${asked.me.operator.id}: ${action} within some services`,
    });
  return asked;
}

/** Those that lie within, each with what the register calls the organization, and whether this person may confirm it. */
async function visible({ me, needs }: Pick<Asked, 'me' | 'needs'>) {
  const all = await needs.corrections.list();
  const places = await needs.places(all.map(({ organization }) => organization));
  const services = [...needs.snapshot().services.keys()];
  const found = all.flatMap((proposal) => {
    const place = places.get(proposal.organization);
    const lies = place === undefined ? {} : { ...place, services };
    return me.may('fact.correct', lies) ? [{ proposal, name: place?.name ?? proposal.organization }] : [];
  });
  const mine = await needs.corrections.confirmable(
    found.map(({ proposal }) => proposal),
    me,
  );
  return found.map((one) => ({ ...one, mine: mine.has(one.proposal.id) }));
}

/** How many wait for this very person to confirm them; undefined for whoever decides on none. */
export async function waitingExceptions(asked: Pick<Asked, 'me' | 'needs'>): Promise<number | undefined> {
  const { me } = asked;
  if (!me.mayAnywhere('fact.correct') || !isForAllServices(me.operator)) return undefined;
  return (await visible(asked)).filter(({ mine }) => mine).length;
}

/** `/operateur/exceptions`: what waits for a second person. */
async function list(asked: Asked): Promise<void> {
  const { ctx, me, needs } = asked;
  const given = new URLSearchParams(ctx.querystring);
  const told = given.get('fait');
  const proposals = (await visible(asked)).map(({ proposal, name, mine }) => ({
    ...exceptionLine(proposal, name, needs.basePath),
    mine,
  }));
  needs.http.renderPage(
    ctx,
    'operator-exceptions',
    {
      console: needs.frame(me, 'organizations'),
      done: doneWords.find(([slug]) => slug === told)?.[1],
      organization: await answeredAbout(asked, given.get('sur')),
      proposals,
    },
    { formsStayHere: true },
  );
}

/** The organization that an answer was just given about; nothing of one that this person may not read. */
async function answeredAbout(
  { me, needs }: Asked,
  id: string | null,
): Promise<{ readonly name: string; readonly href: string } | undefined> {
  const found = id === null ? undefined : await needs.organization(id);
  if (found === undefined || !me.may('organization.read', await whereItLies(found, needs))) return undefined;
  return {
    name: found.name,
    href: `${needs.basePath}/operateur/organisations/${encodeURIComponent(found.id)}`,
  };
}

const doneWords = [
  ['confirmer', 'confirmed'],
  ['decliner', 'declined'],
  ['reprendre', 'withdrawn'],
] as const;

interface AskedOfException extends AskedOfOrganization {
  readonly proposal: CorrectionProposal;
}

/** The right first, then the perimeter: what lies out of it is answered like what nobody proposed. */
async function exceptionOf(asked: Asked, action: Action): Promise<AskedOfException> {
  const { ctx, me, needs } = await assertForAll(asked, action);
  const proposal = await needs.corrections.get(parameter(ctx, 'exception'));
  const organization = await needs.organization(proposal.organization);
  if (organization === undefined)
    throw new BrokerError('M-FILE-001', { detail: `${proposal.organization} is in the register no more` });
  me.assert(action, await whereItLies(organization, needs));
  await needs.recordRead(me.actor, {
    act: 'organization.read',
    subject: `organization:${organization.id}`,
  });
  return { ...asked, organization, proposal };
}

/** What it would do now; undefined when it can no longer be done. */
async function shownOf({ needs, proposal }: AskedOfException): Promise<CorrectionShown | undefined> {
  if (proposal.state !== 'proposed') return undefined;
  try {
    return await needs.corrections.show(proposal);
  } catch (error) {
    if (error instanceof BrokerError && error.code === 'M-REGI-001') return undefined;
    throw error;
  }
}

/** @param missing the reason that the form sent here lacks */
async function show(asked: AskedOfException, missing = false): Promise<void> {
  const { ctx, me, needs, form: sent, proposal, organization } = asked;
  const { corrections, basePath } = needs;
  const lang = language(ctx);
  const shown = await shownOf(asked);
  const isOpen = proposal.state === 'proposed';
  const stale = isOpen && (shown === undefined || !isAsThen(proposal, shown));
  const authorGone = isOpen && !(await corrections.stillInCharge(proposal));
  const possible = await corrections.answers(proposal, me);
  const here = `${basePath}${exceptionPath(proposal.id)}`;
  const href = (answer: CorrectionAnswer): string | undefined =>
    possible.includes(answer) && !((stale || authorGone) && answer === 'confirm')
      ? `${here}/${slugs[answer]}`
      : undefined;
  const isOwn = isOpen && (await corrections.isOwn(organization.id, me));
  const model: Page = {
    console: needs.frame(me, 'organizations'),
    listHref: `${basePath}/operateur/exceptions`,
    organizationHref: `${basePath}/operateur/organisations/${encodeURIComponent(organization.id)}`,
    organization: organization.name,
    done: new URLSearchParams(ctx.querystring).get('fait') === 'proposer',
    act: proposal.kind,
    fact: exceptionFact(proposal.fact),
    status: proposal.state,
    by: authorName(proposal),
    createdAt: proposal.createdAt,
    reason: proposal.reason,
    onServer: proposal.authorId === undefined,
    second: proposal.second && authorName({ author: proposal.second }),
    updatedAt: proposal.answeredAt,
    answered: proposal.answer,
    before: factSaid(proposal.fact, proposal.before, lang),
    after:
      proposal.kind === 'correct'
        ? factSaid(proposal.fact, { value: proposal.value, source: undefined }, lang)
        : { values: [{ t: 'op.fact.asRegistersSay' }] },
    stale,
    authorGone,
    effect: shown && (await effectShown(shown, needs, lang)),
    nobodyCan: shown !== undefined && shown.effect === undefined,
    seen: shown?.digest ?? '',
    actions: { confirm: href('confirm'), decline: href('decline'), withdraw: href('withdraw') },
    declined: { reason: (sent.get('motif') ?? '').slice(0, longestReason), missing },
    state: !isOpen || possible.includes('decline') ? undefined : isOwn ? 'own' : 'second',
  };
  needs.http.renderPage(ctx, 'operator-exception', model, {
    formsStayHere: true,
    ...(missing && { status: 422, languageHref: '' }),
  });
}

const isAsThen = ({ before }: CorrectionProposal, { foreseen }: CorrectionShown): boolean =>
  canonicalJson(before.value ?? null) === canonicalJson(foreseen.value ?? null);

const slugs = { confirm: 'confirmer', decline: 'decliner', withdraw: 'reprendre' } as const;

const answering =
  (answer: CorrectionAnswer) =>
  async (asked: AskedOfException): Promise<void> => {
    const { ctx, me, needs, form: sent, proposal, organization } = asked;
    const reason = (sent.get('motif') ?? '').replaceAll('\r\n', '\n').trim();
    if (answer === 'decline' && (reason === '' || reason.length > longestReason)) {
      await show(asked, true);
      return;
    }
    await needs.corrections.answer({
      id: proposal.id,
      answer,
      person: me,
      seen: sent.get('vu') ?? '',
      ...(answer === 'decline' && { reason }),
    });
    ctx.status = 303;
    const about = new URLSearchParams({ fait: slugs[answer], sur: organization.id });
    ctx.redirect(`${needs.basePath}/operateur/exceptions?${about.toString()}`);
  };

const path = '/operateur/exceptions/:exception';
const action = 'fact.correct';
const formPage = (ctx: Context): string => exceptionPath(parameter(ctx, 'exception'));

export const exceptionRoutes: readonly Route[] = [
  page('list', { path: '/operateur/exceptions', action, answer: list }, assertForAll),
  page('organization', { path, action, answer: (asked) => show(asked) }, exceptionOf),
  ...(['confirm', 'decline', 'withdraw'] as const).map((answer) =>
    form(
      'organization',
      {
        path: `${path}/${slugs[answer]}`,
        action,
        sensitive: true,
        formPage,
        answer: answering(answer),
      },
      exceptionOf,
    ),
  ),
];
