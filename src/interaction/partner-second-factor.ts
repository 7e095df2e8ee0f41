import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm } from '../http/http.ts';
import type { PartnerSecondFactorPage } from '../http/http.ts';
import { assertSecondFactorAllowed } from '../partners/partners.ts';
import type { Partner } from '../partners/partners.ts';
import type { Current } from './current.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, pathOf, serviceName } from './page-parts.ts';
import { passkeyShown } from './partner-challenge.ts';
import { goOn, stepHere, stepPage } from './partner-next.ts';
import { whoOf } from './partner-send-code.ts';

type Problem = PartnerSecondFactorPage['error'];

/** What this partner has: any one of them will do. */
export const showSecondFactor = stepPage('second-factor', (ctx, current, needs, { step }) =>
  secondFactorPage(ctx, current, needs, step.partner),
);

/**
 * A code of their application, or a recovery code. A passkey is answered elsewhere (partner-passkey.ts).
 *
 * @throws BrokerError M-PART-020, M-LIMI-001
 */
export async function submitSecondFactor(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
): Promise<void> {
  const form = await readForm(ctx);
  const { progress, step } = await stepHere(current, needs, 'second-factor');
  const { limits, partners } = needs.partnerSignIn;
  const recovery = form.get('recovery') ?? '';
  const act = recovery === '' ? 'totp_tried' : 'recovery_tried';
  const who = await whoOf(ctx, progress, needs);
  await assertSecondFactorAllowed(step.partner, act, who, { limits, partners });
  try {
    const proof =
      recovery === ''
        ? await partners.totp.verify(step.partner, form.get('totp') ?? '')
        : await partners.recoveryCodes.use(step.partner, recovery);
    await limits.succeeded(act, who);
    await goOn(ctx, current, needs, { ...progress, proofs: [...progress.proofs, proof] });
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    await secondFactorPage(ctx, current, needs, step.partner, problem);
  }
}

/** What the page says; undefined: it is no mistake of the person, or has a page of its own. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof BrokerError)) return undefined;
  switch (error.code) {
    case 'M-PART-010':
      return 'totp';
    case 'M-PART-011':
      return 'totp_used';
    case 'M-PART-013':
      return 'recovery';
    case 'M-PART-007':
      return 'passkey';
    default:
      return undefined;
  }
}

export async function secondFactorPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  partner: Partner,
  error?: Problem,
): Promise<void> {
  const { interaction } = current;
  const { partners, challengeSeal } = needs.partnerSignIn;
  const held = await partners.authenticators(partner.id);
  const has = (kind: 'passkey' | 'totp'): boolean => held.some((one) => one.kind === kind);
  const path = (step: string): string => pathOf(interaction.uid, step, needs);
  const lang = language(ctx);
  needs.http.renderPage(
    ctx,
    'partner-second-factor',
    {
      service: serviceName(current.service, lang),
      back: backOf(current, needs),
      email: partner.address,
      action: path('/second-factor'),
      totp: has('totp'),
      recovery: (await partners.recoveryCodes.left(partner.id)) > 0,
      ...(has('passkey')
        ? {
            passkey: await passkeyShown(
              interaction,
              'second_factor',
              await partners.passkeys.request(partner),
              path('/passkey'),
              { challengeSeal },
            ),
          }
        : {}),
      error,
      lostHref: path('/second-factor/lost'),
      retryHref: `${path('')}?change`,
    },
    {
      status: error === undefined ? 200 : 422,
      languageHref: `${path('/second-factor')}?lang=${lang === 'fr' ? 'en' : 'fr'}`,
    },
  );
}
