import type { Context } from 'koa';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { inOneLine } from '../http/http.ts';
import type { JoiningRequestsPage } from '../http/http.ts';
import { externalDays, knownOf, unknownJoined } from '../joining/joining.ts';
import type { Joined } from '../joining/joining.ts';
import { listForm, listPage, parameter } from './route.ts';
import type { Asked, Route } from './route.ts';

/*
 * Requests of people to act for an organization that nobody represents, or for which nobody has answered. One operator answers,
 * within the perimeter, never about an organization of theirs.
 */

const path = '/operateur/rattachements';
const onePage = 50;
const doneWords = ['accept', 'refuse'] as const;

/** A membership opens every service: it is not for who decides on some of them. As in members.ts. */
const isOfSomeServices = ({ me }: Pick<Asked, 'me'>): boolean =>
  me.operator.perimeter?.services !== undefined;

/** @throws BrokerError M-FILE-006 */
function assertOfAllServices(asked: Asked): void {
  if (isOfSomeServices(asked))
    throw new BrokerError('M-FILE-006', {
      detail: `${asked.me.operator.id}: member.decide within some services`,
    });
}

/** Of these legal units, those of which this operator may answer requests, by where they lie. */
async function within(
  { me, needs }: Pick<Asked, 'me' | 'needs'>,
  sirens: readonly string[],
): Promise<readonly string[]> {
  const places = await needs.places(sirens);
  const services = [...needs.snapshot().services.keys()];
  return sirens.filter((siren) =>
    me.may('member.decide', { ...(places.get(siren) ?? { organizations: [siren] }), services }),
  );
}

/** What waits for this operator, by legal unit; `sirens`: undefined when nothing bounds them. */
async function unitsWaiting(asked: Pick<Asked, 'me' | 'needs'>): Promise<{
  readonly waiting: readonly { readonly siren: string; readonly count: number }[];
  readonly sirens: readonly string[] | undefined;
}> {
  const waiting = await asked.needs.joining.unitsForOperators();
  if (asked.me.operator.perimeter === undefined) return { waiting, sirens: undefined };
  const sirens = await within(
    asked,
    waiting.map(({ siren }) => siren),
  );
  return { waiting: waiting.filter(({ siren }) => sirens.includes(siren)), sirens };
}

/** For the home of the console: nothing while nothing waits. */
export async function joiningCount(asked: Pick<Asked, 'me' | 'needs'>) {
  if (!asked.me.mayAnywhere('member.decide') || isOfSomeServices(asked)) return [];
  const count = (await unitsWaiting(asked)).waiting.reduce((sum, one) => sum + one.count, 0);
  const href = `${asked.needs.basePath}${path}`;
  return count === 0 ? [] : [{ words: 'joining' as const, count, href, late: false }];
}

/** A page of requests, the oldest first, and whether there are more. */
async function pageOf(asked: Asked): Promise<{ readonly found: readonly Joined[]; readonly more: boolean }> {
  const { ctx, needs } = asked;
  const { sirens } = await unitsWaiting(asked);
  const after = await needs.joining.one(new URLSearchParams(ctx.querystring).get('apres') ?? '');
  const found = await needs.joining.forOperators({ sirens, after, limit: onePage + 1 });
  return { found: found.slice(0, onePage), more: found.length > onePage };
}

/** @param failed the request of which the form sent here lacks its reason */
async function show(asked: Asked, failed?: Joined): Promise<void> {
  assertOfAllServices(asked);
  const { ctx, me, needs } = asked;
  const today = parisDate(needs.clock());
  const { found, more } = failed === undefined ? await pageOf(asked) : { found: [failed], more: false };
  const evidence = await needs.joining.evidence(found.map(({ id }) => id));
  const model: JoiningRequestsPage = {
    console: needs.frame(me, 'todo'),
    done: doneWords.find((word) => word === ctx.query['fait']),
    problem: failed === undefined ? undefined : 'reason',
    requests: await Promise.all(
      found.map(async (one) => ({
        id: one.id,
        name: (await needs.organizationName(one.siren)) ?? one.siren,
        siret: one.siret,
        state: one.state,
        external: one.external,
        person: one.name,
        email: one.address ?? '',
        message: one.message ?? '',
        askedAt: one.askedAt,
        ...knownOf(evidence.get(one.id)),
        seen: one.version,
        action: `${needs.basePath}${path}/${one.id}`,
        domain: needs.joining.refusableDomain(one),
        own: await isOwn(asked, one),
        failed: one === failed,
      })),
    ),
    nextHref: more ? `${needs.basePath}${path}?apres=${found.at(-1)?.id ?? ''}` : undefined,
    today,
    latest: addDays(today, externalDays),
    backHref: `${needs.basePath}/operateur`,
  };
  needs.http.renderPage(ctx, 'joining/requests', model, {
    formsStayHere: true,
    ...(failed === undefined ? {} : { status: 422, languageHref: '' }),
  });
}

const isOwn = async ({ me, needs }: Asked, { siren, accountId }: Joined): Promise<boolean> =>
  accountId === me.visitor.accountId || (await needs.corrections.isOwn(siren, me));

async function answer(asked: Asked): Promise<void> {
  assertOfAllServices(asked);
  const { ctx, me, needs, form } = asked;
  const id = parameter(ctx, 'id');
  const one = await needs.joining.one(id);
  const decision = doneWords.find((word) => word === form.get('decision'));
  if (one?.state !== 'awaiting_operator' || decision === undefined) throw unknownJoined(id);
  // One that lies elsewhere does not exist for this operator.
  if ((await within(asked, [one.siren])).length === 0) throw unknownJoined(id);
  const reason = inOneLine(form.get('raison') ?? '').slice(0, 500);
  if (reason === '') return show(asked, one);
  const method = form.get('preuve') === 'in_official_register' ? 'in_official_register' : 'proof_received';
  await needs.joining.answer({
    id,
    seen: Number(form.get('vu') ?? '-1'),
    author: me.actor,
    reason,
    own: await isOwn(asked, one),
    given:
      decision === 'accept'
        ? { act: decision, method }
        : { act: decision, domain: form.get('domaine') === 'oui' },
  });
  seeOther(ctx, `${needs.basePath}${path}?fait=${decision}`);
}

function seeOther(ctx: Context, href: string): void {
  ctx.status = 303;
  ctx.redirect(href);
}

export const joiningRoutes: readonly Route[] = [
  listPage({ path, action: 'member.decide', answer: (asked) => show(asked) }),
  listForm({ path: `${path}/:id`, action: 'member.decide', formPage: () => path, sensitive: true, answer }),
];
