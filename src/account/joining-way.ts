import type Router from '@koa/router';
import type { Context } from 'koa';
import { readForm } from '../http/http.ts';
import type { JoiningWayPage } from '../http/http.ts';
import { longestMessage, maskedMailbox, unknownJoined } from '../joining/joining.ts';
import type { Considered, JoiningPerson, Way } from '../joining/joining.ts';
import { assertAllowed } from '../limits/limits.ts';
import type { LimitedAct } from '../limits/limits.ts';
import { placeOf } from '../register/register.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { mineHref, parameter, personOf, signedIn, withProvenMailbox } from './joining-needs.ts';
import type { JoiningPagesNeeds } from './joining-needs.ts';
import { seeOther } from './own-partner.ts';

/** By which way somebody joins one organization, why, and doing it. */
export function joiningWayRoutes(router: Router, needs: JoiningPagesNeeds): void {
  const path = '/compte/organisations/rejoindre/:numero';
  const here = (ctx: Context): string => `${mineHref(needs)}/rejoindre/${encodeURIComponent(numberIn(ctx))}`;
  router.get(
    path,
    signedIn(needs, here, (ctx, visitor) => show(ctx, visitor, needs)),
  );
  router.post(
    path,
    signedIn(needs, here, (ctx, visitor) => go(ctx, visitor, needs)),
  );
  router.post(
    `${path}/code`,
    signedIn(needs, here, (ctx, visitor) => tryCode(ctx, visitor, needs)),
  );
}

const numberIn = (ctx: Context): string => parameter(ctx, 'numero').slice(0, 60);

const attempt = async (
  act: LimitedAct,
  ctx: Context,
  visitor: Visitor,
  needs: JoiningPagesNeeds,
  address?: string,
): Promise<void> =>
  assertAllowed(
    await needs.limits.attempt(act, {
      ip: ctx.ip,
      account: visitor.accountId,
      ...(address === undefined ? {} : { address }),
    }),
  );

async function show(
  ctx: Context,
  visitor: Visitor,
  needs: JoiningPagesNeeds,
  more: Pick<JoiningWayPage, 'problem' | 'resendAt'> = {},
): Promise<void> {
  const number = numberIn(ctx);
  const considered = await needs.joining.consider(personOf(visitor), number);
  const { asked } = considered.facts;
  const siren = asked.found === 'one' ? asked.organization.siren : undefined;
  const page = await needs.organization(siren ?? number);
  const held =
    siren === undefined
      ? undefined
      : (await needs.joining.mine(visitor.accountId)).find(
          (one) => one.siren === siren && one.state === 'awaiting_code',
        );
  const action = `${mineHref(needs)}/rejoindre/${encodeURIComponent(number)}`;
  const { name, reasons, proof, route, otherwise } = considered.answer;
  const model: JoiningWayPage = {
    ...more,
    name: page?.name ?? number,
    siret: asked.found === 'one' ? asked.organization.siret : undefined,
    place: page === undefined ? undefined : placeOf(page),
    kind: held === undefined ? name : 'official_code',
    reasons: route === 'refused' ? [] : reasons.map((words) => ({ words })),
    email: proof?.address ?? visitor.email,
    action,
    proof: proof !== undefined,
    representative: route === 'representative' || otherwise === 'representative',
    operator: route === 'operator' || otherwise === 'operator',
    contacts:
      name === 'official_code' || held !== undefined
        ? considered.facts.contacts.map((one) => needs.joining.contactShown(one))
        : [],
    sentTo: held?.contact === undefined ? undefined : maskedMailbox(held.contact),
    codeAction: held === undefined ? undefined : `${action}/code`,
    requestHref: filesHref(considered, page?.id, needs),
    listHref: mineHref(needs),
    searchHref: `${mineHref(needs)}/rejoindre`,
  };
  needs.http.renderPage(ctx, 'joining/way', model, {
    formsStayHere: true,
    status: more.problem === undefined ? 200 : 422,
    languageHref:
      ctx.method === 'POST' ? `${action}?lang=${ctx.query['lang'] === 'en' ? 'fr' : 'en'}` : undefined,
  });
}

/** Whoever presides an association is confirmed by the file that an operator examines, with its pieces (registrations/). */
function filesHref(
  { answer }: Considered,
  organization: string | undefined,
  { basePath }: JoiningPagesNeeds,
): string | undefined {
  const isFirst =
    answer.name === 'no_siret' ||
    (answer.reasons.includes('no_representative') && [answer.route, answer.otherwise].includes('operator'));
  if (!isFirst) return undefined;
  const named =
    organization === undefined ? '' : `?${new URLSearchParams({ organisation: organization }).toString()}`;
  return `${basePath}/demandes${named}`;
}

const ways: readonly Way[] = ['proof', 'representative', 'operator'];

async function go(ctx: Context, visitor: Visitor, needs: JoiningPagesNeeds): Promise<void> {
  const form = await readForm(ctx);
  const typed = numberIn(ctx);
  const asked = form.get('voie');
  if (asked === 'code') {
    const { facts } = await needs.joining.consider(personOf(visitor), typed);
    const contact = needs.joining.contactNamed(facts.contacts, form.get('contact') ?? '');
    if (contact === undefined) return show(ctx, visitor, needs, { problem: 'contact' });
    // The mailbox of a town hall is nobody's to flood, however many accounts ask; what sends no mail uses up none of its codes.
    const { issued } = await needs.joining.sendCode(personOf(visitor), { typed, contact }, () =>
      attempt('official_code_sent', ctx, visitor, needs, contact),
    );
    if (issued.outcome === 'wait') return show(ctx, visitor, needs, { resendAt: issued.resendAt });
    seeOther(ctx, `${mineHref(needs)}/rejoindre/${encodeURIComponent(typed)}`);
    return;
  }
  const way = ways.find((one) => one === asked);
  if (way === undefined) return show(ctx, visitor, needs);
  const message = (form.get('message') ?? '').slice(0, longestMessage);
  const ask = async (person: JoiningPerson): Promise<void> => {
    await attempt('join_asked', ctx, visitor, needs);
    await needs.joining.ask(person, { typed, way, message });
    seeOther(ctx, `${mineHref(needs)}?fait=${way === 'proof' ? 'joined' : 'asked'}`);
  };
  const { answer } = await needs.joining.consider(personOf(visitor), typed);
  // What the rules refuse is said without a code.
  if (way !== 'proof' || answer.proof === undefined) return ask(personOf(visitor));
  const page = `/compte/organisations/rejoindre/${encodeURIComponent(typed)}`;
  await withProvenMailbox(ctx, visitor, needs, page, ask);
}

async function tryCode(ctx: Context, visitor: Visitor, needs: JoiningPagesNeeds): Promise<void> {
  const typed = (await readForm(ctx)).get('code') ?? '';
  await attempt('code_tried', ctx, visitor, needs);
  const { asked } = (await needs.joining.consider(personOf(visitor), numberIn(ctx))).facts;
  if (asked.found !== 'one') throw unknownJoined(numberIn(ctx));
  const { siren } = asked.organization;
  const { checked } = await needs.joining.tryCode(personOf(visitor), { siren, typed });
  if (checked !== 'right') return show(ctx, visitor, needs, { problem: checked });
  await needs.limits.succeeded('code_tried', { ip: ctx.ip, account: visitor.accountId });
  seeOther(ctx, `${mineHref(needs)}?fait=joined`);
}
