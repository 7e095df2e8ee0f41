import type { Context } from 'koa';
import { language, readForm } from '../http/http.ts';
import { assertAllowed } from '../limits/limits.ts';
import type { Partner } from '../partners/partners.ts';
import type { Current } from './current.ts';
import type { InteractionNeeds } from './needs.ts';
import { pathOf, serviceName } from './page-parts.ts';
import { goOn, stepHere, stepPage } from './partner-next.ts';
import { keepProgress } from './partner-progress.ts';
import type { PartnerProgress } from './partner-progress.ts';

/** They were shown, once. Whoever came here without having read them has new ones made. */
export const showRecoveryCodes = stepPage('enrol/codes', (ctx, current, needs) => {
  codesPage(ctx, current, needs, undefined);
});

/** @throws BrokerError M-PART-020, M-LIMI-001 */
export async function submitRecoveryCodes(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
): Promise<void> {
  const kept = (await readForm(ctx)).get('kept') === 'yes';
  const { progress, step } = await stepHere(current, needs, 'enrol/codes');
  if (!kept) {
    const who = { ip: ctx.ip, account: step.partner.id };
    assertAllowed(await needs.partnerSignIn.limits.attempt('account_changed', who));
    await recoveryCodesPage(ctx, current, needs, { progress, partner: step.partner });
    return;
  }
  await goOn(ctx, current, needs, { ...progress, codesShown: undefined });
}

/** Makes recovery codes and shows them, this once: the sign-in goes on when their owner says that they kept them. */
export async function recoveryCodesPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { progress, partner }: { readonly progress: PartnerProgress; readonly partner: Partner },
): Promise<void> {
  const { partnerSignIn, clock } = needs;
  const codes = await partnerSignIn.partners.recoveryCodes.make(partner);
  await keepProgress(current.interaction, { ...progress, codesShown: true }, { ...partnerSignIn, clock });
  codesPage(ctx, current, needs, codes);
}

function codesPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  codes: readonly string[] | undefined,
): void {
  needs.http.renderPage(
    ctx,
    'partner-recovery-codes',
    {
      service: serviceName(current.service, language(ctx)),
      codes,
      action: pathOf(current.interaction.uid, '/enrol/codes', needs),
    },
    // What is shown once cannot be asked for again in another language.
    codes === undefined ? {} : { languageHref: '' },
  );
}
