import type { Context } from 'koa';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { inOneLine } from '../http/http.ts';
import type { JoiningRequestsPage } from '../http/http.ts';
import { externalDays, unknownJoined } from '../joining/joining.ts';
import type { Joined } from '../joining/joining.ts';
import { listForm, listPage, parameter, whereItLies } from './route.ts';
import type { Asked, Route } from './route.ts';

/*
 * Requests of people to act for an organization that nobody represents, or for which nobody has answered. One operator answers,
 * within the perimeter, never about an organization of theirs.
 */

const path = '/operateur/rattachements';
const most = 200;
const doneWords = ['accept', 'refuse'] as const;

/** Those that this operator may answer, by where the organization lies. */
export async function joiningWaiting({ me, needs }: Pick<Asked, 'me' | 'needs'>): Promise<readonly Joined[]> {
  if (!me.mayAnywhere('member.decide')) return [];
  const all = await needs.joining.forOperators(most);
  if (me.operator.perimeter === undefined) return all;
  const within = await Promise.all(
    all.map(async ({ siren }) => {
      const found = await needs.organization(siren);
      return found !== undefined && me.may('member.decide', await whereItLies(found, needs));
    }),
  );
  return all.filter((_one, at) => within[at] === true);
}

/** For the home of the console: nothing while nothing waits. */
export async function joiningCount(asked: Pick<Asked, 'me' | 'needs'>) {
  const count = (await joiningWaiting(asked)).length;
  const href = `${asked.needs.basePath}${path}`;
  return count === 0 ? [] : [{ words: 'joining' as const, count, href, late: false }];
}

async function show(asked: Asked, failed?: string): Promise<void> {
  const { ctx, me, needs } = asked;
  const today = parisDate(needs.clock());
  const found = await joiningWaiting(asked);
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
        reasons: [],
        seen: one.version,
        action: `${needs.basePath}${path}/${one.id}`,
        own: await isOwn(asked, one),
        failed: one.id === failed,
      })),
    ),
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
  const { ctx, me, needs, form } = asked;
  const id = parameter(ctx, 'id');
  const one = (await joiningWaiting(asked)).find((each) => each.id === id);
  const decision = doneWords.find((word) => word === form.get('decision'));
  if (one === undefined || decision === undefined) throw unknownJoined(id);
  const reason = inOneLine(form.get('raison') ?? '').slice(0, 500);
  if (reason === '') return show(asked, id);
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
