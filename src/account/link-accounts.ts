import { randomUUID } from 'node:crypto';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { codeMail } from '../codes/codes.ts';
import type { Checked } from '../codes/codes.ts';
import { partnerProviderId } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { readForm } from '../http/http.ts';
import type { AccountLinkPage } from '../http/http.ts';
import { reconcile, reconciliationsOf, subjectsOf, undoReconciliation } from '../identity/identity.ts';
import type { Accounts } from '../identity/identity.ts';
import { assertAllowed } from '../limits/limits.ts';
import { queueMail } from '../mail/mail.ts';
import { assertSecondFactorAllowed } from '../partners/partners.ts';
import type { Partner } from '../partners/partners.ts';
import type { SessionEnding } from '../provider/provider.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { linkHolder } from './link-holder.ts';
import { linkedMail } from './linked-mail.ts';
import { recentSeconds, seeOther, told } from './own-partner.ts';
import type { OwnPartnerNeeds } from './own-partner.ts';

/*
 * `/compte/relier`: somebody whose organization has an identity provider now, and who signed in here by mail before. Both are
 * theirs: they are signed in with the one, and prove the mailbox of the other again, with its second factor when it has one. Tools
 * then go on knowing them by the `sub` that they know. Both identities are named before; it can be taken back.
 */

export interface LinkNeeds extends OwnPartnerNeeds {
  readonly accounts: Pick<Accounts, 'find'>;
  readonly sessionEnding: Pick<SessionEnding, 'endAll'>;
}

export const linkPath = '/compte/relier';

/** The account that the person had before, as far as the mailbox tells. */
interface Former {
  readonly partner: Partner;
  readonly accountId: string;
  readonly secondFactor: boolean;
}

/** Undefined: none, none in use, or this very one. An address that nobody answers for leads to nobody. */
async function formerOf(visitor: Visitor, needs: LinkNeeds): Promise<Former | undefined> {
  const here = needs.snapshot().identityProviders.get(partnerProviderId);
  if (here === undefined || visitor.idp === partnerProviderId || !visitor.isEmailVouchedFor) return undefined;
  const { partners } = needs.partnerSignIn;
  const partner = await partners.ofMailbox(visitor.email);
  if (partner === undefined) return undefined;
  const accountId = await needs.accounts.find({ issuer: here.issuer, subject: partner.id });
  if (accountId === undefined || accountId === visitor.accountId) return undefined;
  const held =
    (await partners.authenticators(partner.id)).length + (await partners.recoveryCodes.left(partner.id));
  return { partner, accountId, secondFactor: held > 0 };
}

/** Whether the page has something to say to somebody. */
export async function concernsLink(visitor: Visitor, needs: LinkNeeds): Promise<boolean> {
  const linked = await reconciliationsOf(needs.db, visitor.accountId);
  return linked.length > 0 || (await formerOf(visitor, needs)) !== undefined;
}

type Wrong = Exclude<Checked, 'right'> | 'missing' | 'wait' | 'second';

export function linkRoutes(router: Router, needs: LinkNeeds): void {
  const { basePath, visitors } = needs;
  const page = `${basePath}${linkPath}`;

  /** Signed in lately: whoever finds an open session links nothing. */
  const asked = (ctx: Context, work: (visitor: Visitor) => Promise<void>): Promise<void> =>
    told(ctx, needs, '/compte', async () => {
      if (ctx.method === 'POST') needs.http.assertSameOrigin(ctx);
      const visitor = await visitors.of(ctx);
      if (visitor !== undefined && (ctx.method === 'GET' || visitors.isRecent(visitor, recentSeconds)))
        await work(visitor);
      else seeOther(ctx, visitors.signInHref(page, { maxAgeSeconds: recentSeconds }));
    });

  router.get(linkPath, (ctx) => asked(ctx, (visitor) => show(ctx, visitor, needs)));
  router.post(`${linkPath}/code`, (ctx) =>
    asked(ctx, async (visitor) => {
      await readForm(ctx);
      const former = await formerOf(visitor, needs);
      if (former === undefined) throw new BrokerError('M-ACCT-002', { detail: 'no other account' });
      const sent = await sendCode(ctx, visitor, former, needs);
      seeOther(ctx, `${page}?code${sent ? '' : '=attendre'}`);
    }),
  );
  router.post(linkPath, (ctx) =>
    asked(ctx, async (visitor) => {
      const form = await readForm(ctx);
      const former = await formerOf(visitor, needs);
      if (former === undefined) throw new BrokerError('M-ACCT-002', { detail: 'no other account' });
      const wrong = await prove(ctx, visitor, former, needs, form);
      if (wrong !== undefined) {
        await show(ctx, visitor, needs, wrong);
        return;
      }
      await link(visitor, former, needs);
      // Whoever comes back has one account, by the one way and by the other.
      seeOther(ctx, visitors.signInHref(`${page}?fait=relie`));
    }),
  );
  router.post(`${linkPath}/separer`, (ctx) =>
    asked(ctx, async (visitor) => {
      const id = (await readForm(ctx)).get('lien') ?? '';
      const { db, clock } = needs;
      const change = { id, accountId: visitor.accountId, at: clock(), newAccountId: randomUUID() };
      await undoReconciliation(db, change);
      await needs.sessionEnding.endAll(visitor.accountId, 'session_ended');
      seeOther(ctx, visitors.signInHref(`${page}?fait=separe`));
    }),
  );
}

/** @throws BrokerError M-LIMI-001 */
async function sendCode(ctx: Context, visitor: Visitor, former: Former, needs: LinkNeeds): Promise<boolean> {
  const { codes, limits } = needs.partnerSignIn;
  const who = { ip: ctx.ip, address: visitor.email, account: former.partner.id };
  assertAllowed(await limits.attempt('code_sent', who));
  const issued = await codes.issue(linkHolder(visitor, former.partner));
  if (issued.outcome === 'wait') return false;
  const idp = needs.snapshot().identityProviders.get(visitor.idp)?.name ?? visitor.idp;
  const mail = codeMail({
    to: visitor.email,
    code: issued.code,
    service: 'Maillon',
    purpose: 'reconcile',
    idp,
  });
  await needs.db.transaction().execute((trx) => queueMail(trx, needs.clock(), [mail], randomUUID));
  needs.onCommit?.();
  return true;
}

/** The mailbox of that account was read, for this link: whoever mistypes the second factor needs no other code. */
const proofKey = (visitor: Visitor): string => `account-link-proof:${visitor.sessionUid}`;
const proofOf = (visitor: Visitor, former: Former): string =>
  JSON.stringify(linkHolder(visitor, former.partner));

/**
 * The mailbox first: whoever has not read it tries no second factor of its owner, and uses up none of their tries.
 *
 * @throws BrokerError M-LIMI-001
 */
async function prove(
  ctx: Context,
  visitor: Visitor,
  former: Former,
  needs: LinkNeeds,
  form: URLSearchParams,
): Promise<Wrong | undefined> {
  const { ephemeral } = needs;
  const { codes, limits } = needs.partnerSignIn;
  const who = { ip: ctx.ip, address: visitor.email, account: former.partner.id };
  if ((await ephemeral.get(proofKey(visitor))) !== proofOf(visitor, former)) {
    const code = form.get('code')?.trim() ?? '';
    if (code === '') return 'missing';
    assertAllowed(await limits.attempt('code_tried', who));
    const checked = await codes.check(linkHolder(visitor, former.partner), code);
    if (checked !== 'right') return checked;
    await limits.succeeded('code_tried', who);
    await ephemeral.set(proofKey(visitor), proofOf(visitor, former), recentSeconds);
  }
  if (former.secondFactor) {
    const second = (form.get('second') ?? '').replaceAll(/\s/g, '');
    const act = /^\d{6}$/.test(second) ? 'totp_tried' : 'recovery_tried';
    await assertSecondFactorAllowed(former.partner, act, who, needs.partnerSignIn);
    if (!(await isSecondFactor(former.partner, second, needs))) return 'second';
    await limits.succeeded(act, who);
  }
  await ephemeral.delete(proofKey(visitor));
  return undefined;
}

async function isSecondFactor(
  partner: Partner,
  typed: string,
  { partnerSignIn: { partners } }: LinkNeeds,
): Promise<boolean> {
  try {
    await (/^\d{6}$/.test(typed)
      ? partners.totp.verify(partner, typed)
      : partners.recoveryCodes.use(partner, typed));
    return true;
  } catch (error) {
    if (error instanceof BrokerError && ['M-PART-010', 'M-PART-011', 'M-PART-013'].includes(error.code))
      return false;
    throw error;
  }
}

/** @throws BrokerError M-ACCT-002, M-ACCT-003 */
async function link(visitor: Visitor, { partner, accountId }: Former, needs: LinkNeeds): Promise<void> {
  const { db, snapshot, clock, sessionEnding } = needs;
  const idp = snapshot().identityProviders.get(visitor.idp);
  const [subject, ...others] = await subjectsOf(db, visitor.accountId, idp);
  if (idp === undefined || subject === undefined || others.length > 0)
    throw new BrokerError('M-ACCT-002', { detail: `${visitor.accountId} at ${visitor.idp}` });
  const identity = { issuer: idp.issuer, subject };
  await reconcile(db, { identity, from: visitor.accountId, to: accountId, at: clock(), id: randomUUID() });
  const linked = { idp: idp.name, account: visitor.email };
  const mails = partner.addresses.map(({ address }) => linkedMail(address, linked));
  await db.transaction().execute((trx) => queueMail(trx, clock(), mails, randomUUID));
  needs.onCommit?.();
  // What was opened under the account that is left is not theirs under any name any more.
  await sessionEnding.endAll(visitor.accountId, 'session_ended');
}

async function show(ctx: Context, visitor: Visitor, needs: LinkNeeds, error?: Wrong): Promise<void> {
  const { basePath, db, snapshot, http } = needs;
  const page = `${basePath}${linkPath}`;
  const [former, linked] = await Promise.all([
    formerOf(visitor, needs),
    reconciliationsOf(db, visitor.accountId),
  ]);
  const nameOf = (idp: string): string => snapshot().identityProviders.get(idp)?.name ?? idp;
  const asked = ctx.query['code'];
  const said = error ?? (asked === 'attendre' ? 'wait' : undefined);
  const done = ctx.query['fait'];
  const model: AccountLinkPage = {
    email: visitor.email,
    idp: nameOf(visitor.idp),
    former: former && {
      since: former.partner.createdAt,
      name: `${former.partner.givenName} ${former.partner.usualName}`.trim(),
      secondFactor: former.secondFactor,
      codeAction: `${page}/code`,
      action: error !== undefined || asked !== undefined ? page : undefined,
    },
    linked: linked.map(({ id, idp, at }) => ({ id, idp: nameOf(idp), at })),
    separateAction: `${page}/separer`,
    done: done === 'relie' ? 'linked' : done === 'separe' ? 'separated' : undefined,
    error: said,
    backHref: `${basePath}/compte/identite`,
  };
  http.renderPage(ctx, 'account-link', model, {
    formsStayHere: true,
    status: error === undefined ? 200 : 422,
    languageHref: ctx.method === 'POST' ? page : undefined,
  });
}
