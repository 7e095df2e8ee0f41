import type { Context } from 'koa';
import type { CodeHolder } from '../codes/codes.ts';
import type { Acr } from '../eligibility/eligibility.ts';
import { language, readForm } from '../http/http.ts';
import type { Pages } from '../http/http.ts';
import { assertAllowed } from '../limits/limits.ts';
import type { Who } from '../limits/limits.ts';
import { levelByEmailCode, withEmailCode } from '../identity/identity.ts';
import type { SessionRecord } from '../provider/provider.ts';
import type { Current } from './current.ts';
import { finish } from './finish.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, pathOf, serviceName } from './page-parts.ts';
import { whoOf } from './partner-send-code.ts';
import { sessionAccess, sessionOf } from './session-access.ts';

/** What a code would do for the person of this session: for whom, and to what level. */
export interface EmailCode {
  readonly record: SessionRecord;
  readonly level: Acr;
}

/** What is decided now is asked again at each step: rules change, and so does what a session is worth. Undefined: no code would help. */
export async function emailCodeOf(current: Current, needs: InteractionNeeds): Promise<EmailCode | undefined> {
  // Whoever is asked to sign in (`prompt=login`, `max_age`) has not done it by a code on top of what was before.
  if (current.interaction.prompt.name !== 'eligibility') return undefined;
  const access = await sessionAccess(current, needs);
  if (access?.decision.decision !== 'step_up') return undefined;
  const record = await sessionOf(current, needs);
  const inForce = needs.snapshot().policyFor(current.service.id, needs.clock());
  // Of the level for this organization: a link that nobody vouches for may have lowered it.
  const signIn = { ...record.signIn, acr: access.acr };
  const level = levelByEmailCode(signIn, access.decision.requiredAcr ?? [], inForce?.policy);
  return level === undefined ? undefined : { record, level };
}

const path = '/email-code';
export const emailCodeHref = ({ interaction }: Current, needs: InteractionNeeds): string =>
  pathOf(interaction.uid, path, needs);

/** Another login of the same browser has a code of its own. */
const holderOf = ({ interaction }: Current, { record }: EmailCode): CodeHolder => ({
  purpose: 'second_factor',
  holder: interaction.uid,
  address: record.signIn.email,
});

const personOf = async (
  ctx: Context,
  { record: { signIn } }: EmailCode,
  needs: InteractionNeeds,
): Promise<Who> => ({ ...(await whoOf(ctx, { address: signIn.email }, needs)), account: signIn.accountId });

/** Sends a code, the first or another one, and goes to the page where it is typed. @throws BrokerError M-LIMI-001 */
export async function sendEmailCode(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const asked = await emailCodeOf(current, needs);
  if (asked === undefined) return askAgain(ctx, current);
  const { codes, limits, mailCode } = needs.partnerSignIn;
  assertAllowed(await limits.attempt('code_sent', await personOf(ctx, asked, needs)));
  const issued = await codes.issue(holderOf(current, asked));
  if (issued.outcome === 'sent') {
    const to = asked.record.signIn.email;
    await mailCode({ to, code: issued.code, service: current.service.name, purpose: 'second_factor' });
  }
  ctx.status = 303;
  ctx.redirect(`${emailCodeHref(current, needs)}${issued.outcome === 'wait' ? '?attendre' : ''}`);
}

export async function showEmailCode(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const asked = await emailCodeOf(current, needs);
  if (asked === undefined) return askAgain(ctx, current);
  page(ctx, current, needs, asked, ctx.query['attendre'] === undefined ? undefined : 'wait');
}

/**
 * The code is right: the same session goes on with one more factor, for tools whose rules take it for one. When the person proved who they are stays the time of their
 * sign-in; `amr` says `mail` (RFC 8176 §2 leaves room for words of one's own).
 *
 * @throws BrokerError M-LIMI-001
 */
export async function checkEmailCode(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const asked = await emailCodeOf(current, needs);
  if (asked === undefined) return askAgain(ctx, current);
  const typed = (await readForm(ctx)).get('code') ?? '';
  if (typed.trim() === '') {
    page(ctx, current, needs, asked, 'missing');
    return;
  }
  const { codes, limits } = needs.partnerSignIn;
  const who = await personOf(ctx, asked, needs);
  assertAllowed(await limits.attempt('code_tried', who));
  const checked = await codes.check(holderOf(current, asked), typed);
  if (checked !== 'right') {
    page(ctx, current, needs, asked, checked);
    return;
  }
  await limits.succeeded('code_tried', who);
  const { record, level } = asked;
  const { signIn } = record;
  needs.logger.info(
    { event: 'second_factor', account: signIn.accountId, client: current.client.client_id, acr: level },
    'a code sent by e-mail was the second factor',
  );
  await finish(ctx, current.interaction, {
    strengthened: withEmailCode(signIn),
    eligibility: {},
  });
}

/** Nothing that a code would help: the provider looks again. */
const askAgain = (ctx: Context, { interaction }: Current): Promise<void> =>
  finish(ctx, interaction, { eligibility: {} });

function page(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { record }: EmailCode,
  error: Pages['partner-code']['error'],
): void {
  const lang = language(ctx);
  const href = emailCodeHref(current, needs);
  needs.http.renderPage(
    ctx,
    'partner-code',
    {
      service: serviceName(current.service, lang),
      back: backOf(current, needs),
      email: record.signIn.email,
      action: href,
      resendAction: `${href}/send`,
      error,
    },
    {
      status: error === undefined || error === 'wait' ? 200 : 422,
      languageHref: `${href}?lang=${lang === 'fr' ? 'en' : 'fr'}`,
    },
  );
}
