import type { Context } from 'koa';
import type { GuestListPage } from '../http/http.ts';
import { mostInvitations } from '../invitations/invitations.ts';
import type { SponsorNeeds } from './needs.ts';
import { choicesOf, guestShown, serviceName } from './visit.ts';

const done = { invite: 'invited', prolonge: 'renewed', retire: 'revoked' } as const;

/** One's guests, and what inviting is. */
export async function showList(ctx: Context, needs: SponsorNeeds): Promise<void> {
  const { http, visitors, basePath, inviting } = needs;
  const here = `${basePath}/invitations`;
  const visitor = await visitors.of(ctx);
  if (visitor === undefined) {
    const nobody = { guests: [], services: [], most: mostInvitations, signInHref: visitors.signInHref(here) };
    http.renderPage(ctx, 'sponsors/list', nobody, { formsStayHere: true });
    return;
  }
  const { accountId, givenName, usualName, email } = visitor;
  const visit = { visitor, sponsor: { accountId, givenName, usualName, email } };
  const [kept, { services, stronger }] = await Promise.all([
    inviting.ofSponsor(accountId),
    choicesOf(visit, needs),
  ]);
  const openings = await inviting.openings(kept);
  const model: GuestListPage = {
    email,
    done: doneOf(ctx.query['fait']),
    guests: kept.map((one, index) => ({
      ...guestShown(ctx, one, needs),
      id: one.id,
      lastAt: openings[index]?.lastAt,
      renewHref:
        (one.state === 'open' || one.state === 'over') &&
        services.some(({ service }) => service === one.service)
          ? `${here}/${one.id}/prolonger`
          : undefined,
      revokeHref: one.state === 'open' || one.state === 'halted' ? `${here}/${one.id}/retirer` : undefined,
    })),
    services: services.map(({ service }) => serviceName(ctx, service, needs)),
    newHref: services.length > 0 ? `${here}/nouvelle` : undefined,
    strongerHref: stronger ? visitors.signInHref(here, { mfa: true }) : undefined,
    most: mostInvitations,
  };
  http.renderPage(ctx, 'sponsors/list', model, { formsStayHere: true });
}

const doneOf = (asked: unknown): GuestListPage['done'] =>
  asked === 'invite' || asked === 'prolonge' || asked === 'retire' ? done[asked] : undefined;
