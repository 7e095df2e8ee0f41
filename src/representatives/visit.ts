import type { Context } from 'koa';
import { language } from '../http/http.ts';
import { unknownMember } from '../members/members.ts';
import type { Member, MemberAuthor, Reader } from '../members/members.ts';
import type { Representative } from '../registrations/registrations.ts';
import type { Visitor } from '../visitor/visitor.ts';
import type { RepresentativeNeeds } from './needs.ts';

/** Seconds since the person authenticated: to open a page that takes something away, and to send its form. */
const recentEnough = { page: 15 * 60, form: 60 * 60 } as const;

/** A representative of the organization of this address. */
export interface Visit {
  readonly visitor: Visitor;
  readonly actor: MemberAuthor;
  readonly reader: Reader;
  readonly siren: string;
  readonly representatives: readonly Representative[];
}

export function seeOther(ctx: Context, href: string): void {
  ctx.status = 303;
  ctx.redirect(href);
}

export const listHref = (siren: string, { basePath }: Pick<RepresentativeNeeds, 'basePath'>): string =>
  `${basePath}/membres/${siren}`;

export const readerOf = (ctx: Context, { accountId }: Visitor): Reader => ({
  reference: `account:${accountId}`,
  accountId,
  lang: language(ctx),
});

/**
 * Who is there, as somebody who represents the organization of the address. Nobody, and who signed in too long ago for
 * what takes something away, is sent to sign in.
 *
 * @param returnTo the page to come back to: what was posted cannot be asked for again
 * @throws BrokerError M-MEMB-001 when they do not represent it: the same answer as for what does not exist
 */
export async function whoRepresents(
  ctx: Context,
  needs: RepresentativeNeeds,
  { siren, returnTo, sensitive }: { siren: string; returnTo: string; sensitive?: 'page' | 'form' },
): Promise<Visit | undefined> {
  const { visitors, members } = needs;
  const visitor = await visitors.of(ctx);
  if (visitor === undefined) {
    seeOther(ctx, visitors.signInHref(returnTo));
    return undefined;
  }
  const representatives = /^\d{9}$/u.test(siren) ? await members.representativesOf(siren) : [];
  if (!representatives.some(({ accountId }) => accountId === visitor.accountId)) throw unknownMember(siren);
  if (sensitive !== undefined && !visitors.isRecent(visitor, recentEnough[sensitive])) {
    seeOther(ctx, visitors.signInHref(returnTo, { maxAgeSeconds: recentEnough.page }));
    return undefined;
  }
  const { accountId, givenName, usualName, email } = visitor;
  const actor: MemberAuthor = { kind: 'applicant', accountId, givenName, usualName, email };
  return { visitor, actor, reader: readerOf(ctx, visitor), siren, representatives };
}

/** @throws BrokerError M-MEMB-001 */
export async function memberOf(
  id: string,
  { siren }: Visit,
  { members }: RepresentativeNeeds,
): Promise<Member> {
  const member = await members.one(id, siren);
  if (member === undefined) throw unknownMember(id);
  return member;
}

export const nameOf = async (siren: string, { organizationName }: RepresentativeNeeds): Promise<string> =>
  (await organizationName(siren)) ?? siren;
