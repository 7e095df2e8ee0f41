import type { Context } from 'koa';
import type { Clock } from '../config/config.ts';
import type { Operator, Snapshot } from '../declarations/declarations.ts';
import { possibleAnswers } from '../domains/domains.ts';
import type { Handover, HandoverAnswer, OrganizationDomain } from '../domains/domains.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import type { OperatorDomainsPage, OperatorHandoverPage } from '../http/http.ts';
import { may } from './roles.ts';
import { listForm, listPage, parameter } from './route.ts';
import type { Asked, Route } from './route.ts';

/*
 * Domains that organizations have proven, and those that two of them ask for: two operators of neither decide.
 */

const listPath = '/operateur/domaines-verifies';
const path = `${listPath}/:passage`;
const action = 'domain.decide';
const mostShown = 500;
const longestReason = 2000;

/** Who may decide today: a mail tells them. */
export const domainDeciders =
  ({ snapshot, clock }: { readonly snapshot: () => Snapshot; readonly clock: Clock }) =>
  (): readonly Operator[] =>
    [...snapshot().operators.values()].filter((one) => may(one, action, undefined, parisDate(clock())));

interface Parties {
  readonly from: OrganizationDomain;
  readonly into: OrganizationDomain;
  readonly own: boolean;
}

async function partiesOf({ me, needs }: Asked, { fromId, toId }: Handover): Promise<Parties> {
  const [from, into] = await Promise.all([needs.domains.one(fromId), needs.domains.one(toId)]);
  const own = await Promise.all([from, into].map(({ siren }) => needs.corrections.isOwn(siren, me)));
  return { from, into, own: own.includes(true) };
}

const nameOf = async (siren: string, { needs }: Asked): Promise<string> =>
  (await needs.organizationName(siren)) ?? siren;

const organizationHref = (siren: string, { needs }: Asked): string =>
  `${needs.basePath}/operateur/organisations/${siren}`;

const doneWords = ['first', 'done', 'declined', 'gone'] as const;

/** `/operateur/domaines-verifies`. */
async function list(asked: Asked): Promise<void> {
  const { ctx, me, needs } = asked;
  const told = new URLSearchParams(ctx.querystring).get('fait');
  const [handovers, all] = await Promise.all([needs.domains.handovers(), needs.domains.all(mostShown + 1)]);
  const names = new Map<string, string>();
  for (const siren of new Set(all.map((one) => one.siren))) names.set(siren, await nameOf(siren, asked));
  const model: OperatorDomainsPage = {
    console: needs.frame(me, 'organizations'),
    done: doneWords.find((each) => each === told),
    handovers: await Promise.all(
      handovers.map(async (handover) => {
        const { from, into, own } = await partiesOf(asked, handover);
        const person = { id: me.operator.id, own };
        return {
          name: handover.domain,
          from: await nameOf(from.siren, asked),
          into: await nameOf(into.siren, asked),
          href: `${needs.basePath}${listPath}/${handover.id}`,
          askedAt: handover.toldAt,
          until: handover.objectionsUntil,
          mine: possibleAnswers(handover, person, needs.clock()).includes('confirm'),
        };
      }),
    ),
    domains: all.slice(0, mostShown).map((one) => ({
      name: one.domain,
      withSubdomains: one.withSubdomains,
      organization: names.get(one.siren) ?? one.siren,
      organizationHref: organizationHref(one.siren, asked),
      state: one.state,
      kind: one.method,
      since: one.state === 'verified' ? one.verifiedAt : undefined,
      lastAt: one.checkedAt,
      startedAt: one.failingSince,
      failures: one.failures,
    })),
    more: all.length > mostShown,
  };
  needs.http.renderPage(ctx, 'operator-domains', model, { formsStayHere: true });
}

/** @param missing the reason that the form sent here lacks */
async function show(asked: Asked, missing = false): Promise<void> {
  const { ctx, me, needs, form } = asked;
  const handover = await needs.domains.handover(parameter(ctx, 'passage'));
  const { from, into, own } = await partiesOf(asked, handover);
  const possible = possibleAnswers(handover, { id: me.operator.id, own }, needs.clock());
  const here = `${needs.basePath}${listPath}/${handover.id}`;
  const isOpen = handover.state === 'open';
  const { first } = handover;
  const model: OperatorHandoverPage = {
    console: needs.frame(me, 'organizations'),
    listHref: `${needs.basePath}${listPath}`,
    name: handover.domain,
    from: { name: await nameOf(from.siren, asked), href: organizationHref(from.siren, asked) },
    into: { name: await nameOf(into.siren, asked), href: organizationHref(into.siren, asked) },
    status: handover.state,
    kind: into.method,
    askedAt: handover.toldAt,
    until: handover.objectionsUntil,
    objection: handover.objection,
    first: first && {
      by: `${first.given_name} ${first.usual_name}`,
      reason: handover.reason ?? '',
    },
    confirmAction: possible.includes('confirm') ? `${here}/confirmer` : undefined,
    dropAction: possible.includes('decline') ? `${here}/refuser` : undefined,
    typed: { reason: (form.get('motif') ?? '').slice(0, longestReason), missing },
    state:
      !isOpen || possible.includes('confirm')
        ? undefined
        : own
          ? 'own'
          : handover.firstId === me.operator.id
            ? 'second'
            : 'early',
  };
  needs.http.renderPage(ctx, 'operator-handover', model, {
    formsStayHere: true,
    ...(missing && { status: 422, languageHref: '' }),
  });
}

const slugs = { confirm: 'confirmer', decline: 'refuser' } as const;

const answering =
  (answer: HandoverAnswer) =>
  async (asked: Asked): Promise<void> => {
    const { ctx, me, needs, form } = asked;
    const reason = (form.get('motif') ?? '').replaceAll('\r\n', '\n').trim();
    if (reason === '' || reason.length > longestReason) {
      await show(asked, true);
      return;
    }
    const { actor, operator } = me;
    const { outcome } = await needs.domains.answer({
      id: parameter(ctx, 'passage'),
      answer,
      reason,
      person: { actor, operator, isOwn: (siren) => needs.corrections.isOwn(siren, me) },
    });
    ctx.status = 303;
    ctx.redirect(`${needs.basePath}${listPath}?fait=${outcome}`);
  };

const formPage = (ctx: Context): string => `${listPath}/${encodeURIComponent(parameter(ctx, 'passage'))}`;

export const domainRoutes: readonly Route[] = [
  listPage({ path: listPath, action, answer: list }),
  listPage({ path, action, answer: (asked) => show(asked) }),
  ...(['confirm', 'decline'] as const).map((answer) =>
    listForm({
      path: `${path}/${slugs[answer]}`,
      action,
      sensitive: true,
      formPage,
      answer: answering(answer),
    }),
  ),
];
