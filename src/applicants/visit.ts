import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { readNumber } from '../registrations/registrations.ts';
import type { ApplicantActor, Opened } from '../registrations/registrations.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { addresses } from './addresses.ts';
import type { ApplicantNeeds } from './needs.ts';

/** Somebody signed in, on a page about a file that is theirs, or that the administration opened for their organization. */
export interface Visit {
  readonly visitor: Visitor;
  readonly actor: ApplicantActor;
  readonly opened: Opened;
}

export const actorOf = ({
  accountId,
  givenName,
  usualName,
  email,
  isEmailVouchedFor,
  memberships,
  idp,
}: Visitor): ApplicantActor => ({
  kind: 'applicant',
  accountId,
  givenName,
  usualName,
  email,
  // Whoever decides sees for whom this person really signed in.
  sirets: memberships.map(({ siret }) => siret),
  idp,
  ...(isEmailVouchedFor ? {} : { emailVerified: false }),
});

/** SIRENs of the organizations for which somebody else than they vouches. */
export const vouchedFor = ({ memberships }: Pick<Visitor, 'memberships'>): readonly string[] =>
  memberships.filter(({ level }) => level !== 'declared').map(({ siret }) => siret.slice(0, 9));

export function seeOther(ctx: Context, href: string): void {
  ctx.status = 303;
  ctx.redirect(href);
}

const lost = 'saisie=perdue';

/** They were signed out while they wrote, and have signed in again. */
export const wasLost = (ctx: Context): boolean => ctx.querystring === lost;

/** Who is there; nobody is sent to sign in, and comes back to `returnTo`. */
export async function whoIsThere(
  ctx: Context,
  { visitors, basePath }: ApplicantNeeds,
  returnTo = `${basePath}${ctx.path}${ctx.search}`,
): Promise<Visitor | undefined> {
  const visitor = await visitors.of(ctx);
  // What was posted is not kept for somebody who is not known: the page that comes after the sign-in says so.
  const back = ctx.method === 'POST' ? `${returnTo}?${lost}` : returnTo;
  if (visitor === undefined) seeOther(ctx, visitors.signInHref(back));
  return visitor;
}

/**
 * The file of this address. That of somebody else and one that does not exist have the same answer.
 *
 * @param returnTo for forms: the page to come back to, since what was posted cannot be asked for again
 * @returns undefined when nobody is signed in: the answer is made
 * @throws BrokerError M-FILE-001
 */
export async function visit(
  ctx: Context,
  needs: ApplicantNeeds,
  written: string | undefined,
  returnTo?: string,
): Promise<Visit | undefined> {
  const visitor = await whoIsThere(ctx, needs, returnTo);
  if (visitor === undefined) return undefined;
  const id = readNumber(written ?? '');
  const { registrations } = needs;
  const opened =
    id === undefined
      ? undefined
      : ((await registrations.forApplicant(id, visitor.accountId)) ??
        (await registrations.forOrganization(id, vouchedFor(visitor))));
  if (opened === undefined) {
    throw new BrokerError('M-FILE-001', {
      detail: `no file ${(written ?? '').slice(0, 40)} for this account`,
    });
  }
  return { visitor, actor: actorOf(visitor), opened };
}

/** A draft: what was sent is followed elsewhere. */
export async function visitDraft(
  ctx: Context,
  needs: ApplicantNeeds,
  written: string | undefined,
  returnTo?: string,
): Promise<Visit | undefined> {
  const found = await visit(ctx, needs, written, returnTo);
  if (found === undefined || found.opened.file.version === 0) return found;
  seeOther(ctx, addresses(needs.basePath).file(found.opened.file.id));
  return undefined;
}
