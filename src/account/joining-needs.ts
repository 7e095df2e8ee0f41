import type { Context } from 'koa';
import { z } from 'zod';
import { partnerProviderId } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import type { JoinedShown } from '../http/http.ts';
import type { Joined, Joining, JoiningPerson } from '../joining/joining.ts';
import type { Limits } from '../limits/limits.ts';
import type { Members } from '../members/members.ts';
import type { OrganizationPage, SearchAnswer, SearchRequest } from '../register/register.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { startCode } from './own-code.ts';
import { hasAddressProof, ownPartner, recentSeconds, seeOther } from './own-partner.ts';
import type { OwnPartnerNeeds } from './own-partner.ts';

export interface JoiningPagesNeeds extends OwnPartnerNeeds {
  readonly joining: Joining;
  readonly members: Pick<Members, 'representedBy'>;
  readonly search: (request: SearchRequest) => Promise<SearchAnswer>;
  readonly organization: (id: string) => Promise<OrganizationPage | undefined>;
  readonly limits: Limits;
}

export const mineHref = ({ basePath }: Pick<JoiningPagesNeeds, 'basePath'>): string =>
  `${basePath}/compte/organisations`;

const parameters = z.record(z.string(), z.string());

/** What stands in the address under this name; empty when nothing does. */
export const parameter = (ctx: Context, name: string): string =>
  parameters.safeParse(ctx['params']).data?.[name] ?? '';

/**
 * Whoever is signed in, for the rules. Their mailbox counts when it is theirs, as their identity provider says; what a
 * partner once proved counts for what is shown, and is proven again before anything rests on it (`withProvenMailbox`).
 */
export const personOf = (visitor: Visitor): JoiningPerson => ({
  accountId: visitor.accountId,
  givenName: visitor.givenName,
  usualName: visitor.usualName,
  mailboxes: visitor.isEmailVerified ? [visitor.email] : [],
  provenNow: visitor.isEmailVerified && visitor.idp !== partnerProviderId ? [visitor.email] : [],
  named: visitor.memberships.filter(({ origin }) => origin === 'idp').map(({ siret }) => siret.slice(0, 9)),
});

/**
 * Goes on with whoever has just read their mailbox, or whose identity provider answers for it; a partner who has not gets a code
 * there, and comes back to `page`. The mail of this sign-in may have gone to another address of theirs.
 *
 * @param page under the issuer
 * @throws BrokerError M-LIMI-001
 */
export async function withProvenMailbox(
  ctx: Context,
  visitor: Visitor,
  needs: JoiningPagesNeeds,
  page: string,
  work: (person: JoiningPerson) => Promise<void>,
): Promise<void> {
  const person = personOf(visitor);
  const me = visitor.idp === partnerProviderId ? await ownPartner(visitor, needs) : undefined;
  if (me === undefined) return work(person);
  const address = me.partner.addresses.find((one) => one.address === visitor.email)?.address;
  // It was taken off the account since they signed in: their next sign-in says another one.
  if (address === undefined) {
    seeOther(ctx, needs.visitors.signInHref(`${needs.basePath}${page}`, { again: true }));
    return;
  }
  if (await hasAddressProof(visitor, me.partner.id, address, needs))
    return work({ ...person, provenNow: [address] });
  await startCode(ctx, me, needs, { kind: 'join', page, address });
}

/** Seconds since the sign-in, at most: to open such a page, and to send its form. */
const recentEnough = { page: recentSeconds, form: 4 * recentSeconds } as const;

export type Handler = (ctx: Context, visitor: Visitor) => Promise<void>;

/**
 * Somebody who is signed in; anybody else signs in first, and comes back to a page. Whatever goes wrong leads back to the list.
 *
 * @param sensitive what is done there lets others in or takes them out: the sign-in is a recent one
 */
export const signedIn =
  (needs: JoiningPagesNeeds, returnTo: (ctx: Context) => string, handler: Handler, sensitive?: 'sensitive') =>
  async (ctx: Context): Promise<void> => {
    ctx.set('Cache-Control', 'no-store');
    try {
      if (ctx.originalUrl.includes('%00')) throw new BrokerError('M-JOIN-001', { detail: 'U+0000' });
      if (ctx.method === 'POST') needs.http.assertSameOrigin(ctx);
      const visitor = await needs.visitors.of(ctx);
      const recent = recentEnough[ctx.method === 'POST' ? 'form' : 'page'];
      if (visitor === undefined) seeOther(ctx, needs.visitors.signInHref(returnTo(ctx)));
      else if (sensitive !== undefined && !needs.visitors.isRecent(visitor, recent))
        seeOther(ctx, needs.visitors.signInHref(returnTo(ctx), { maxAgeSeconds: recentEnough.page }));
      else await handler(ctx, visitor);
    } catch (error) {
      needs.http.errorPage(ctx, error, {
        backHref: mineHref(needs),
        backLabel: language(ctx) === 'fr' ? 'Revenir à mes organisations' : 'Back to my organizations',
      });
    }
  };

export const joinedShown = async (
  one: Joined,
  { organization }: Pick<JoiningPagesNeeds, 'organization'>,
): Promise<JoinedShown> => ({
  id: one.id,
  name: (await organization(one.siren))?.name ?? one.siren,
  siret: one.siret,
  state: one.ended ?? one.state,
  verified: one.state === 'active' ? one.level : undefined,
  ground: one.state === 'active' ? one.method : undefined,
  since: one.since,
  until: one.until,
  external: one.external,
  reason: one.answer,
});
