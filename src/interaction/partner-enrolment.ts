import type { Context } from 'koa';
import { renderSVG } from 'uqr';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm } from '../http/http.ts';
import type { Pages } from '../http/http.ts';
import { assertAllowed } from '../limits/limits.ts';
import type { Partner, Proof } from '../partners/partners.ts';
import type { Current } from './current.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, pathOf, serviceName } from './page-parts.ts';
import { passkeyShown } from './partner-challenge.ts';
import { goOn, stepHere, stepPage } from './partner-next.ts';
import type { PartnerProgress } from './partner-progress.ts';
import { recoveryCodesPage } from './partner-recovery-codes.ts';
import { whoOf } from './partner-send-code.ts';

/** A level that was asked for needs a second factor, and there is none: a passkey, or an application that shows codes. */
export const showEnrolment = stepPage('enrol', (ctx, current, needs, { step }) =>
  enrolmentPage(ctx, current, needs, step.partner),
);

async function enrolmentPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  partner: Partner,
  error?: 'passkey',
): Promise<void> {
  const { interaction } = current;
  const { partners, challengeSeal } = needs.partnerSignIn;
  const path = (step: string): string => pathOf(interaction.uid, step, needs);
  const lang = language(ctx);
  const made = await partners.passkeys.creation(partner);
  needs.http.renderPage(
    ctx,
    'partner-enrolment',
    {
      service: serviceName(current.service, lang),
      back: backOf(current, needs),
      email: partner.address,
      passkey: await passkeyShown(interaction, 'enrolment', made, path('/passkey'), { challengeSeal }),
      totpHref: path('/enrol/totp'),
      error,
    },
    {
      status: error === undefined ? 200 : 422,
      languageHref: `${path('/enrol')}?lang=${lang === 'fr' ? 'en' : 'fr'}`,
    },
  );
}

/** @throws BrokerError M-PART-020, M-LIMI-001 */
export async function addPasskey(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { answer, challenge }: { readonly answer: string; readonly challenge: string },
): Promise<void> {
  const { limits, partners } = needs.partnerSignIn;
  const { progress, step } = await stepHere(current, needs, 'enrol');
  assertAllowed(await limits.attempt('passkey_tried', await whoOf(ctx, progress, needs)));
  assertAllowed(await limits.attempt('account_changed', { ip: ctx.ip, account: step.partner.id }));
  try {
    const kept = await partners.passkeys.add(step.partner, answer, challenge, names[language(ctx)].passkey);
    const userVerified = kept.userVerification === true;
    await added(ctx, current, needs, {
      progress,
      partner: step.partner,
      proof: { method: 'passkey', at: needs.clock(), userVerified },
    });
  } catch (error) {
    if (!isCode(error, 'M-PART-007', 'M-PART-009')) throw error;
    await enrolmentPage(ctx, current, needs, step.partner, 'passkey');
  }
}

/** What the key is called until its owner says otherwise (`/compte/securite`). */
const names = {
  fr: { passkey: 'Clé d’accès', totp: 'Application de codes' },
  en: { passkey: 'Passkey', totp: 'Application' },
} as const;

/** The key of an application: a picture, and the same as text. */
export const showTotp = stepPage('enrol', async (ctx, current, needs, { step }) => {
  totpPage(ctx, current, needs, await needs.partnerSignIn.partners.totp.begin(step.partner));
});

/** The first code of the application proves that it has the key. @throws BrokerError M-PART-020, M-LIMI-001 */
export async function submitTotp(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const form = await readForm(ctx);
  const { limits, partners } = needs.partnerSignIn;
  const { progress, step } = await stepHere(current, needs, 'enrol');
  const who = await whoOf(ctx, progress, needs);
  assertAllowed(await limits.attempt('totp_tried', who));
  assertAllowed(await limits.attempt('account_changed', { ip: ctx.ip, account: step.partner.id }));
  const sealed = form.get('sealed') ?? '';
  try {
    await partners.totp.add(step.partner, sealed, form.get('totp') ?? '', names[language(ctx)].totp);
    await limits.succeeded('totp_tried', who);
    await added(ctx, current, needs, {
      progress,
      partner: step.partner,
      proof: { method: 'totp', at: needs.clock() },
    });
  } catch (error) {
    if (!isCode(error, 'M-PART-010', 'M-PART-012')) throw error;
    const same = await partners.totp.begun(step.partner, sealed);
    if (same !== undefined) totpPage(ctx, current, needs, { ...same, sealed }, 'totp');
    else totpPage(ctx, current, needs, await partners.totp.begin(step.partner), 'renewed');
  }
}

const isCode = (error: unknown, ...codes: readonly string[]): error is BrokerError =>
  error instanceof BrokerError && codes.includes(error.code);

function totpPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { uri, secret, sealed }: { readonly uri: string; readonly secret: string; readonly sealed: string },
  error?: Pages['partner-totp']['error'],
): void {
  const path = (step: string): string => pathOf(current.interaction.uid, step, needs);
  const lang = language(ctx);
  needs.http.renderPage(
    ctx,
    'partner-totp',
    {
      service: serviceName(current.service, lang),
      back: backOf(current, needs),
      action: path('/enrol/totp'),
      sealed,
      picture: renderSVG(uri, { border: 2 }),
      secret: secret.replaceAll(/.{4}(?=.)/gu, '$& '),
      error,
      retryHref: path('/enrol'),
    },
    {
      status: error === undefined ? 200 : 422,
      languageHref: `${path('/enrol/totp')}?lang=${lang === 'fr' ? 'en' : 'fr'}`,
    },
  );
}

/** The second factor counts in this login; whoever has no recovery code yet is shown some first. */
async function added(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  {
    progress,
    partner,
    proof,
  }: { readonly progress: PartnerProgress; readonly partner: Partner; readonly proof: Proof },
): Promise<void> {
  const proven = { ...progress, proofs: [...progress.proofs, proof] };
  if ((await needs.partnerSignIn.partners.recoveryCodes.left(partner.id)) > 0)
    await goOn(ctx, current, needs, proven);
  else await recoveryCodesPage(ctx, current, needs, { progress: proven, partner });
}
