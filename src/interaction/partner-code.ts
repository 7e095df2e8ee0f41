import type { Context } from 'koa';
import { language, readForm } from '../http/http.ts';
import type { Pages } from '../http/http.ts';
import { assertAllowed } from '../limits/limits.ts';
import { assertPartnerAddress } from '../homerealm/homerealm.ts';
import type { Current } from './current.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, pathOf, serviceName } from './page-parts.ts';
import { goOn, stepHere, stepPage } from './partner-next.ts';
import { keepProgress } from './partner-progress.ts';
import type { PartnerProgress } from './partner-progress.ts';
import { holderOf, sendCode, whoOf } from './partner-send-code.ts';

type CodePage = Pages['partner-code'];

/** A code was mailed: where to, and from when another one can be asked for. */
export const showCode = stepPage('code', (ctx, current, needs, { progress }) => {
  codePage(ctx, current, needs, progress, {});
});

/**
 * The mailbox is proven by the code that was sent there, typed in the browser that asked for it. Wrong, late or tried too
 * often, the page says which; whether anybody has an account at this address, it never says.
 *
 * @throws BrokerError M-PART-018 when an identity provider answers for the address since, M-PART-020, M-LIMI-001
 */
export async function submitCode(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const typed = (await readForm(ctx)).get('code')?.trim() ?? '';
  const { progress } = await stepHere(current, needs, 'code');
  const { limits, codes, partners } = needs.partnerSignIn;
  assertPartnerAddress(progress.address, needs.snapshot());
  if (typed === '') {
    codePage(ctx, current, needs, progress, { error: 'missing' });
    return;
  }
  const who = await whoOf(ctx, progress, needs);
  assertAllowed(await limits.attempt('code_tried', who));
  const checked = await codes.check(holderOf(current, progress), typed);
  if (checked !== 'right') {
    codePage(ctx, current, needs, progress, { error: checked });
    return;
  }
  await limits.succeeded('code_tried', who);
  await limits.succeeded('code_sent', who);
  const partner = await partners.ofMailbox(progress.address);
  // What was proven of somebody else says nothing of them.
  const own = progress.partner === undefined || progress.partner === partner?.id ? progress.proofs : [];
  await goOn(ctx, current, needs, {
    ...progress,
    sent: undefined,
    proofs: [...own, { method: 'mail', at: needs.clock() }],
    partner: partner?.id,
  });
}

/** @throws BrokerError M-PART-018, M-PART-020, M-LIMI-001 */
export async function resendCode(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const { progress } = await stepHere(current, needs, 'code');
  assertPartnerAddress(progress.address, needs.snapshot());
  const sent = await sendCode(ctx, current, needs, progress);
  if (sent === progress) {
    codePage(ctx, current, needs, progress, { error: 'wait' });
    return;
  }
  await keepProgress(current.interaction, sent, { ...needs.partnerSignIn, clock: needs.clock });
  codePage(ctx, current, needs, sent, { resent: true });
}

function codePage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { address, sent }: PartnerProgress,
  said: Pick<CodePage, 'error' | 'resent'>,
): void {
  const { uid } = current.interaction;
  const lang = language(ctx);
  const waits = sent !== undefined && needs.clock().getTime() < sent.resendAt.getTime();
  needs.http.renderPage(
    ctx,
    'partner-code',
    {
      ...said,
      service: serviceName(current.service, lang),
      back: backOf(current, needs),
      email: address,
      action: pathOf(uid, '/code', needs),
      resendAction: pathOf(uid, '/code/resend', needs),
      resendAt: waits ? sent.resendAt : undefined,
      retryHref: `${pathOf(uid, '', needs)}?change`,
    },
    {
      status: said.error === undefined ? 200 : 422,
      languageHref: `${pathOf(uid, '/code', needs)}?lang=${lang === 'fr' ? 'en' : 'fr'}`,
    },
  );
}
