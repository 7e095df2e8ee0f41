import { randomUUID } from 'node:crypto';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { codeMail } from '../codes/codes.ts';
import type { Checked, CodeHolder } from '../codes/codes.ts';
import { assertPartnerAddress } from '../homerealm/homerealm.ts';
import { readForm } from '../http/http.ts';
import type { AccountCodePage } from '../http/http.ts';
import { assertAllowed } from '../limits/limits.ts';
import { queueMail } from '../mail/mail.ts';
import { assertMayChange } from './may-change.ts';
import { keepAddressProof, keepMailboxProof, ownPartner, seeOther, told } from './own-partner.ts';
import type { OwnPartner, OwnPartnerNeeds } from './own-partner.ts';

/*
 * A code to a mailbox, for something that waits for it: a new address (to that address), another primary address (to the
 * former one: whoever sits at an open session does not take the account away), an authenticator (no sign-in of today
 * proved the mailbox), or an organization that is joined by this very mailbox. What waits stands beside the session: the form says nothing but the code.
 */

const pendingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add'), address: z.string() }),
  z.object({ kind: z.literal('primary'), addressId: z.string() }),
  /** `page`: where to go on, under the issuer. */
  z.object({ kind: z.literal('prove'), page: z.string() }),
  z.object({ kind: z.literal('join'), page: z.string(), address: z.string() }),
]);
export type Pending = z.output<typeof pendingSchema>;

const keptSchema = z.object({
  partner: z.string(),
  pending: pendingSchema,
  to: z.string(),
  resendAt: z.iso.datetime(),
});
type Kept = z.output<typeof keptSchema>;

/** As long as the code. */
const keptSeconds = 3600;
const keyOf = ({ visitor }: Pick<OwnPartner, 'visitor'>): string => `account-code:${visitor.sessionUid}`;

/** Of this browser's session, this partner and this change: no other can redeem it. */
const holderOf = (
  { visitor, partner }: OwnPartner,
  { pending, to }: Pick<Kept, 'pending' | 'to'>,
): CodeHolder => ({
  purpose: 'new_address',
  holder: JSON.stringify([visitor.sessionUid, partner.id, pending]),
  address: to,
});

export const codePath = '/compte/code';

/**
 * Sends the code, unless one for the same thing is under way, and leads to where it is typed.
 *
 * @throws BrokerError M-LIMI-001
 */
export async function startCode(
  ctx: Context,
  me: OwnPartner,
  needs: OwnPartnerNeeds,
  pending: Pending,
): Promise<void> {
  const to = pending.kind === 'add' || pending.kind === 'join' ? pending.address : me.partner.address;
  await send(ctx, me, needs, { pending, to });
  seeOther(ctx, `${needs.basePath}${codePath}`);
}

async function send(
  ctx: Context,
  me: OwnPartner,
  { partnerSignIn: { codes, limits }, ephemeral, db, clock, onCommit }: OwnPartnerNeeds,
  { pending, to }: Pick<Kept, 'pending' | 'to'>,
): Promise<void> {
  assertAllowed(await limits.attempt('code_sent', { ip: ctx.ip, address: to, account: me.partner.id }));
  const issued = await codes.issue(holderOf(me, { pending, to }));
  const kept: Kept = { partner: me.partner.id, pending, to, resendAt: issued.resendAt.toISOString() };
  await ephemeral.set(keyOf(me), JSON.stringify(kept), keptSeconds);
  if (issued.outcome === 'wait') return;
  const mail = codeMail({
    to,
    code: issued.code,
    service: 'Maillon',
    purpose: pending.kind === 'add' ? 'new_address' : 'second_factor',
  });
  await db.transaction().execute((trx) => queueMail(trx, clock(), [mail], randomUUID));
  onCommit?.();
}

async function keptOf(me: OwnPartner, { ephemeral }: OwnPartnerNeeds): Promise<Kept | undefined> {
  const stored = await ephemeral.get(keyOf(me));
  if (stored === undefined) return undefined;
  const read = keptSchema.safeParse(JSON.parse(stored));
  // Somebody else has signed in in this browser since.
  return read.success && read.data.partner === me.partner.id ? read.data : undefined;
}

function homeOf({ pending }: Kept): string {
  if (pending.kind === 'join') return pending.page;
  return pending.kind === 'prove' ? '/compte/securite' : '/compte/identite';
}

export function codeRoutes(router: Router, needs: OwnPartnerNeeds): void {
  const { basePath, visitors } = needs;

  const asked = (ctx: Context, work: (me: OwnPartner, kept: Kept) => Promise<void>): Promise<void> =>
    told(ctx, needs, '/compte', async () => {
      if (ctx.method === 'POST') needs.http.assertSameOrigin(ctx);
      const visitor = await visitors.of(ctx);
      const me = visitor === undefined ? undefined : await ownPartner(visitor, needs);
      const kept = me === undefined ? undefined : await keptOf(me, needs);
      // Nothing waits: it was done (a second click), or it is an hour ago.
      if (me === undefined || kept === undefined) seeOther(ctx, `${basePath}/compte`);
      else await work(me, kept);
    });

  router.get(codePath, (ctx) =>
    asked(ctx, (_me, kept) => {
      show(ctx, needs, kept);
      return Promise.resolve();
    }),
  );
  router.post(codePath, (ctx) =>
    asked(ctx, async (me, kept) => {
      const typed = (await readForm(ctx)).get('code') ?? '';
      if (typed.trim() === '') {
        show(ctx, needs, kept, 'missing');
        return;
      }
      const { codes, limits } = needs.partnerSignIn;
      const who = { ip: ctx.ip, address: kept.to, account: me.partner.id };
      assertAllowed(await limits.attempt('code_tried', who));
      const checked = await codes.check(holderOf(me, kept), typed);
      if (checked !== 'right') {
        show(ctx, needs, kept, checked);
        return;
      }
      await limits.succeeded('code_tried', who);
      // First: what is refused now begins again with another code.
      await needs.ephemeral.delete(keyOf(me));
      await carryOut(ctx, me, needs, kept);
    }),
  );
  router.post(`${codePath}/renvoyer`, (ctx) =>
    asked(ctx, async (me, kept) => {
      await readForm(ctx);
      if (needs.clock() < new Date(kept.resendAt)) {
        show(ctx, needs, kept, 'wait');
        return;
      }
      await send(ctx, me, needs, kept);
      seeOther(ctx, `${basePath}${codePath}?envoye=1`);
    }),
  );
}

/** @throws BrokerError M-PART-018, M-LIMI-001, and those of partners/: the address is somebody's, or the item is gone */
async function carryOut(
  ctx: Context,
  me: OwnPartner,
  needs: OwnPartnerNeeds,
  { pending }: Kept,
): Promise<void> {
  const { partners } = needs.partnerSignIn;
  if (pending.kind === 'join') {
    await keepAddressProof(me.visitor, me.partner.id, pending.address, needs);
    seeOther(ctx, `${needs.basePath}${pending.page}`);
    return;
  }
  if (pending.kind === 'prove') {
    await keepMailboxProof(me, needs);
    seeOther(ctx, `${needs.basePath}${pending.page}`);
    return;
  }
  const { addresses } = me.partner;
  const address =
    pending.kind === 'add' ? pending.address : addresses.find(({ id }) => id === pending.addressId)?.address;
  // An hour has passed, perhaps: whoever answers for the domain by then is asked.
  if (address !== undefined) assertPartnerAddress(address, needs.snapshot());
  await assertMayChange(ctx, me, needs);
  const done = `${needs.basePath}/compte/identite?fait=`;
  if (pending.kind === 'add') {
    await partners.addAddress(me.partner.id, pending.address, me.actor);
    seeOther(ctx, `${done}ajoutee`);
    return;
  }
  await partners.makePrimary(me.partner.id, pending.addressId, me.actor);
  seeOther(ctx, `${done}principale`);
}

function show(
  ctx: Context,
  { http, basePath, clock }: OwnPartnerNeeds,
  kept: Kept,
  error?: Exclude<Checked, 'right'> | 'missing' | 'wait',
): void {
  const resendAt = new Date(kept.resendAt);
  const model: AccountCodePage = {
    words: kept.pending.kind,
    email: kept.to,
    action: `${basePath}${codePath}`,
    resendAction: `${basePath}${codePath}/renvoyer`,
    resendAt: clock() < resendAt ? resendAt : undefined,
    resent: error === undefined && ctx.query['envoye'] !== undefined,
    error,
    backHref: `${basePath}${homeOf(kept)}`,
  };
  http.renderPage(ctx, 'account-code', model, {
    formsStayHere: true,
    status: error === undefined ? 200 : 422,
    languageHref: ctx.method === 'POST' ? `${basePath}${codePath}` : undefined,
  });
}
