import type Router from '@koa/router';
import type { Context } from 'koa';
import { language } from '../http/http.ts';
import type { JoiningMinePage, JoiningSearchPage } from '../http/http.ts';
import { isSilent } from '../joining/joining.ts';
import type { Joined } from '../joining/joining.ts';
import { foundLine } from '../register/register.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { joinedShown, mineHref, parameter, personOf, signedIn } from './joining-needs.ts';
import type { JoiningPagesNeeds } from './joining-needs.ts';
import { joiningRequestRoutes } from './joining-requests.ts';
import { joiningWayRoutes } from './joining-way.ts';
import { seeOther } from './own-partner.ts';

/** `/compte/organisations`: for whom somebody acts, how they join an organization, and what they answer to others. */
export function organizationRoutes(router: Router, needs: JoiningPagesNeeds): void {
  const here = mineHref(needs);
  router.get('/compte/organisations', (ctx) => showMine(ctx, needs));
  router.get(
    '/compte/organisations/rejoindre',
    signedIn(
      needs,
      (ctx) => ctx.originalUrl,
      (ctx) => showSearch(ctx, needs),
    ),
  );
  joiningRequestRoutes(router, needs);
  joiningWayRoutes(router, needs);
  const acts = [
    ['quitter', 'leave', 'left'],
    ['annuler', 'withdraw', 'withdrawn'],
    ['operateur', 'ask_operator', 'operator'],
  ] as const;
  for (const [slug, act, done] of acts) {
    router.post(
      `/compte/organisations/:siren/${slug}`,
      signedIn(
        needs,
        () => here,
        async (ctx, visitor) => {
          await needs.joining.goOn(personOf(visitor), { siren: sirenIn(ctx), act });
          seeOther(ctx, `${here}?fait=${done}`);
        },
      ),
    );
  }
}

const sirenIn = (ctx: Context): string => parameter(ctx, 'siren');

const doneWords = ['joined', 'asked', 'left', 'withdrawn', 'operator'] as const;
const links = ({ basePath }: JoiningPagesNeeds) => ({
  newHref: `${basePath}/compte/organisations/rejoindre`,
  backHref: `${basePath}/compte`,
});

async function showMine(ctx: Context, needs: JoiningPagesNeeds): Promise<void> {
  const { http, visitors, joining, members, organization } = needs;
  ctx.set('Cache-Control', 'no-store');
  const here = mineHref(needs);
  const visitor = await visitors.of(ctx);
  if (visitor === undefined) {
    const nobody = { ...links(needs), memberships: [], named: [], signInHref: visitors.signInHref(here) };
    http.renderPage(ctx, 'joining/mine', nobody, { formsStayHere: true });
    return;
  }
  const [mine, represented] = await Promise.all([
    joining.mine(visitor.accountId),
    members.representedBy(visitor.accountId),
  ]);
  const told = doneWords.find((word) => word === ctx.query['fait']);
  // What was joined is not in this session's sign-in yet.
  const gained = mine.some(
    ({ state, siret }) => state === 'active' && !visitor.memberships.some((one) => one.siret === siret),
  );
  const model: JoiningMinePage = {
    ...links(needs),
    email: visitor.email,
    done: told ?? (gained ? 'joined' : undefined),
    againHref: gained ? visitors.signInHref(here, { again: true }) : undefined,
    named: await Promise.all(
      visitor.memberships
        .filter(({ origin }) => origin === 'idp')
        .map(async ({ siret }) => ({ name: (await organization(siret.slice(0, 9)))?.name ?? siret, siret })),
    ),
    memberships: await Promise.all(latest(mine).map((one) => lineOf(one, visitor, needs))),
    requestsHref: represented.length === 0 ? undefined : `${here}/demandes`,
    inviteHref: represented.length === 0 ? undefined : `${here}/inviter`,
  };
  http.renderPage(ctx, 'joining/mine', model, { formsStayHere: true });
}

/** Of what has ended, the last word for each organization. */
function latest(mine: readonly Joined[]): readonly Joined[] {
  const seen = new Set<string>();
  return mine.filter(({ siren }) => !seen.has(siren) && seen.add(siren));
}

async function lineOf(
  one: Joined,
  visitor: Visitor,
  needs: JoiningPagesNeeds,
): Promise<JoiningMinePage['memberships'][number]> {
  const base = `${mineHref(needs)}/${one.siren}`;
  const waits = one.state !== 'active' && one.state !== 'ended';
  return {
    ...(await joinedShown(one, needs)),
    leaveAction: one.state === 'active' ? `${base}/quitter` : undefined,
    cancelAction: waits ? `${base}/annuler` : undefined,
    operatorAction: isSilent(one, needs.clock()) ? `${base}/operateur` : undefined,
    renewal: needs.joining.endsSoon(one) ? await renewalOf(one, visitor, needs) : undefined,
    codeHref: one.state === 'awaiting_code' ? `${mineHref(needs)}/rejoindre/${one.siret}` : undefined,
  };
}

/** By the mailbox of this sign-in: another one of theirs may do. */
async function renewalOf(
  { siret }: Joined,
  visitor: Visitor,
  needs: JoiningPagesNeeds,
): Promise<{ readonly href: string } | 'none'> {
  const { answer } = await needs.joining.consider(personOf(visitor), siret);
  return answer.proof === undefined ? 'none' : { href: `${mineHref(needs)}/rejoindre/${siret}` };
}

async function showSearch(ctx: Context, needs: JoiningPagesNeeds): Promise<void> {
  const given = new URLSearchParams(ctx.querystring);
  const [text, commune] = [given.get('q'), given.get('commune') ?? ''];
  const action = `${mineHref(needs)}/rejoindre`;
  const empty = {
    query: text ?? '',
    commune,
    found: [],
    more: false,
    communes: [],
    action,
    backHref: mineHref(needs),
  };
  const model = text === null ? empty : { ...empty, ...(await found(ctx, text, commune, needs)) };
  needs.http.renderPage(ctx, 'joining/search', model, {
    formsStayHere: true,
    status: 'problem' in model && model.problem !== undefined ? 422 : 200,
  });
}

/** The same search as the catalogue's: homonyms are told apart by type, place, state, number and day of creation. */
async function found(
  ctx: Context,
  text: string,
  commune: string,
  { search, ...needs }: JoiningPagesNeeds,
): Promise<Partial<JoiningSearchPage>> {
  if (text.trim() === '') return { problem: 'empty' };
  const answer = await search({ text, ...(commune.trim() === '' ? {} : { commune }) });
  const base = `${mineHref(needs)}/rejoindre`;
  if (answer.kind === 'none') return { problem: answer.reason === 'too_slow' ? 'slow' : 'none' };
  if (answer.kind === 'communes') {
    return {
      communes: answer.communes.map(({ name, code, department }) => ({
        name: `${name} (${department})`,
        href: `${base}?${new URLSearchParams({ q: text, commune: code }).toString()}`,
      })),
    };
  }
  if (answer.results.length === 0) return { problem: 'none' };
  return {
    more: answer.more || answer.pages > 1,
    found: answer.results.map((one) => ({
      href: `${base}/${encodeURIComponent(one.siret ?? one.id)}`,
      ...foundLine(one, language(ctx)),
    })),
  };
}
