import type { Context } from 'koa';
import type { Kysely } from 'kysely';
import type { AuditActor } from '../audit/audit.ts';
import type { OneTimeCodes } from '../codes/codes.ts';
import type { Clock, Seal } from '../config/config.ts';
import { partnerProviderId } from '../declarations/declarations.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import { language } from '../http/http.ts';
import type { Http } from '../http/http.ts';
import { subjectsOf } from '../identity/identity.ts';
import type { Limits } from '../limits/limits.ts';
import { lackingToAdd, lackingToChange } from '../partners/partners.ts';
import type { Authenticator, Lacking, Partner, Partners } from '../partners/partners.ts';
import type { AccessOf } from '../provider/provider.ts';
import type { Database, EphemeralStore } from '../storage/storage.ts';
import type { Visitor, Visitors } from '../visitor/visitor.ts';

/** What the pages of people without an identity provider are given. */
export interface OwnPartnerNeeds {
  readonly visitors: Visitors;
  readonly snapshot: () => Snapshot;
  readonly db: Kysely<Database>;
  readonly ephemeral: EphemeralStore;
  readonly clock: Clock;
  readonly accessOf: AccessOf;
  readonly partnerSignIn: {
    readonly partners: Partners;
    readonly codes: OneTimeCodes;
    readonly limits: Limits;
    /** For the challenges of passkeys, which travel in our own pages. */
    readonly challengeSeal: Seal;
  };
  /** After commits that may have queued mails. */
  readonly onCommit?: (() => void) | undefined;
  readonly http: Http;
  readonly basePath: string;
}

/** Seconds since the sign-in, at most, for whoever changes what they sign in with (`freshMinutes` of partners/). */
export const recentSeconds = 15 * 60;

/** Somebody signed in with an account kept here. */
export interface OwnPartner {
  readonly visitor: Visitor;
  readonly partner: Partner;
  readonly authenticators: readonly Authenticator[];
  readonly codesLeft: number;
  readonly actor: AuditActor;
}

export const seeOther = (ctx: Context, href: string): void => {
  ctx.status = 303;
  ctx.redirect(href);
};

const backLabels = { fr: 'Revenir à mon compte', en: 'Back to my account' } as const;

/** Answers, or shows what went wrong with the way back. Nothing of these pages is kept by a browser. */
export async function told(
  ctx: Context,
  { http, basePath }: Pick<OwnPartnerNeeds, 'http' | 'basePath'>,
  page: string,
  work: () => Promise<void>,
): Promise<void> {
  ctx.set('Cache-Control', 'no-store');
  try {
    await work();
  } catch (error) {
    http.errorPage(ctx, error, { backHref: `${basePath}${page}`, backLabel: backLabels[language(ctx)] });
  }
}

/** Undefined for people whom an identity provider knows: what is theirs is changed there. */
export async function ownPartner(
  visitor: Visitor,
  { db, snapshot, partnerSignIn: { partners } }: Pick<OwnPartnerNeeds, 'db' | 'snapshot' | 'partnerSignIn'>,
): Promise<OwnPartner | undefined> {
  if (visitor.idp !== partnerProviderId) return undefined;
  const here = snapshot().identityProviders.get(partnerProviderId);
  const [subject] = await subjectsOf(db, visitor.accountId, here);
  const partner = subject === undefined ? undefined : await partners.find(subject);
  if (partner === undefined) return undefined;
  const [authenticators, codesLeft] = await Promise.all([
    partners.authenticators(partner.id),
    partners.recoveryCodes.left(partner.id),
  ]);
  return {
    visitor,
    partner,
    authenticators,
    codesLeft,
    actor: { kind: 'account', accountId: visitor.accountId },
  };
}

const proofKey = (sessionUid: string): string => `account-proof:${sessionUid}`;

/** The mailbox was proven on these pages, in this session: for as long as a sign-in counts as recent. */
export const keepMailboxProof = (
  { visitor, partner }: OwnPartner,
  { ephemeral }: Pick<OwnPartnerNeeds, 'ephemeral'>,
): Promise<void> => ephemeral.set(proofKey(visitor.sessionUid), partner.id, recentSeconds);

const addressKey = (sessionUid: string, address: string): string =>
  `account-proof:${sessionUid}:${address.toLowerCase()}`;

/**
 * This very mailbox was read in this session: what an organization trusts is that one, not another of theirs, and not what
 * was proven years ago.
 */
export const keepAddressProof = (
  { sessionUid }: Pick<Visitor, 'sessionUid'>,
  partner: string,
  address: string,
  { ephemeral }: Pick<OwnPartnerNeeds, 'ephemeral'>,
): Promise<void> => ephemeral.set(addressKey(sessionUid, address), partner, recentSeconds);

export const hasAddressProof = async (
  { sessionUid }: Pick<Visitor, 'sessionUid'>,
  partner: string,
  address: string,
  { ephemeral }: Pick<OwnPartnerNeeds, 'ephemeral'>,
): Promise<boolean> => (await ephemeral.get(addressKey(sessionUid, address))) === partner;

/** What the sign-in of this session lacks before it may `add` an authenticator, or `change` anything else. */
export async function lackingOf(
  what: 'add' | 'change',
  { visitor, partner, authenticators, codesLeft }: OwnPartner,
  { ephemeral, clock }: Pick<OwnPartnerNeeds, 'ephemeral' | 'clock'>,
): Promise<Lacking | undefined> {
  const proven = (await ephemeral.get(proofKey(visitor.sessionUid))) === partner.id;
  const signedIn = {
    amr: proven ? [...visitor.amr, 'mail'] : visitor.amr,
    authTime: visitor.authTime,
  };
  const rule = what === 'add' ? lackingToAdd : lackingToChange;
  return rule(signedIn, authenticators.length + codesLeft, clock());
}
