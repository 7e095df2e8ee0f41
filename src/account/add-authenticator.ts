import type Router from '@koa/router';
import type { Context } from 'koa';
import { renderSVG } from 'uqr';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import { deviceOf, language } from '../http/http.ts';
import type { AccountTotpPage, Language } from '../http/http.ts';
import { assertAllowed } from '../limits/limits.ts';
import { assertMayChange } from './may-change.ts';
import { seeOther } from './own-partner.ts';
import type { OwnPartner, OwnPartnerNeeds } from './own-partner.ts';
import { addingPage, partnerForm } from './partner-pages.ts';
import { securityPath } from './security-page.ts';

const passkeyPath = `${securityPath}/cle`;
const totpPath = `${securityPath}/application`;

/** As long as a page may stay open before somebody makes their passkey. */
const challengeSeconds = 900;
const sealedSchema = z.strictObject({
  challenge: z.string(),
  session: z.string(),
  use: z.literal('account'),
});

/** Pages on which a partner adds a passkey, or an application that shows codes. */
export function addingRoutes(router: Router, needs: OwnPartnerNeeds): void {
  const { partners } = needs.partnerSignIn;
  const done = (ctx: Context, what: string): void =>
    seeOther(ctx, `${needs.basePath}${securityPath}?fait=${what}`);

  addingPage(router, needs, passkeyPath, 'add', (ctx, me) => passkeyPage(ctx, me, needs));
  partnerForm(router, needs, {
    path: passkeyPath,
    page: passkeyPath,
    what: 'add',
    async answer(ctx, me, form) {
      await assertMayChange(ctx, me, needs);
      const name = deviceName(ctx.get('user-agent'), language(ctx));
      try {
        const challenge = await takeChallenge(me, form.get('challenge') ?? '', needs);
        await partners.passkeys.add(me.partner, form.get('answer') ?? '', challenge, name);
      } catch (error) {
        if (!isCode(error, 'M-PART-007')) throw error;
        await passkeyPage(ctx, me, needs, 'passkey');
        return;
      }
      done(ctx, 'cle');
    },
  });

  addingPage(router, needs, totpPath, 'add', async (ctx, me) => {
    totpPage(ctx, needs, { ...(await partners.totp.begin(me.partner)), name: '' });
  });
  partnerForm(router, needs, {
    path: totpPath,
    page: totpPath,
    what: 'add',
    async answer(ctx, me, form) {
      const sealed = form.get('sealed') ?? '';
      const name = (form.get('nom') ?? '').trim();
      const typed = form.get('totp') ?? '';
      const { limits } = needs.partnerSignIn;
      const who = { ip: ctx.ip, account: me.partner.id };
      assertAllowed(await limits.attempt('totp_tried', who));
      await assertMayChange(ctx, me, needs);
      const kept = name === '' ? defaultNames[language(ctx)] : name;
      try {
        await partners.totp.add(me.partner, sealed, typed, kept);
        await limits.succeeded('totp_tried', who);
      } catch (error) {
        if (!isCode(error, 'M-PART-010')) throw error;
        const same = await partners.totp.begun(me.partner, sealed);
        if (same === undefined) throw error;
        totpPage(ctx, needs, { ...same, sealed, name: name.slice(0, 100), error: 'totp' });
        return;
      }
      done(ctx, 'application');
    },
  });

  addingPage(router, needs, `${securityPath}/codes`, 'change', (ctx) => {
    codesPage(ctx, needs, undefined);
    return Promise.resolve();
  });
  partnerForm(router, needs, {
    path: `${securityPath}/codes`,
    page: `${securityPath}/codes`,
    what: 'change',
    async answer(ctx, me) {
      // They replace a second factor that was lost: without one there is nothing to replace.
      if (me.authenticators.length === 0) {
        seeOther(ctx, `${needs.basePath}${securityPath}`);
        return;
      }
      await assertMayChange(ctx, me, needs);
      codesPage(ctx, needs, await partners.recoveryCodes.make(me.partner));
    },
  });
}

const defaultNames = { fr: 'Application', en: 'Application' } as const;

const deviceName = (userAgent: string, lang: Language): string => {
  const { browser, system } = deviceOf(userAgent);
  const seen = [browser, system].filter((one) => one !== undefined).join(', ');
  return seen === '' ? { fr: 'Clé d’accès', en: 'Passkey' }[lang] : seen;
};

const isCode = (error: unknown, code: string): boolean => error instanceof BrokerError && error.code === code;

async function passkeyPage(
  ctx: Context,
  { visitor, partner }: OwnPartner,
  { partnerSignIn: { partners, challengeSeal }, http, basePath }: OwnPartnerNeeds,
  error?: 'passkey',
): Promise<void> {
  const { options, challenge } = await partners.passkeys.creation(partner);
  const sealed = { challenge, session: visitor.sessionUid, use: 'account' };
  http.renderPage(
    ctx,
    'account-passkey',
    {
      passkey: {
        action: `${basePath}${passkeyPath}`,
        ask: JSON.stringify(options),
        challenge: await challengeSeal.seal(sealed, challengeSeconds),
      },
      error,
      totpHref: `${basePath}${totpPath}`,
      backHref: `${basePath}${securityPath}`,
    },
    { status: error === undefined ? 200 : 422 },
  );
}

/**
 * Of this browser's session, once, whatever becomes of the answer (WebAuthn §13.4.3).
 *
 * @throws BrokerError M-PART-007
 */
async function takeChallenge(
  { visitor }: OwnPartner,
  sealed: string,
  { partnerSignIn: { challengeSeal }, ephemeral, clock }: OwnPartnerNeeds,
): Promise<string> {
  const read = sealedSchema.safeParse(await challengeSeal.open(sealed));
  if (!read.success || read.data.session !== visitor.sessionUid)
    throw new BrokerError('M-PART-007', { detail: 'challenge expired, or of another browser' });
  const until = Math.ceil(clock().getTime() / 1000) + challengeSeconds;
  if (!(await ephemeral.replayOnce(`passkey-challenge:${read.data.challenge}`, until)))
    throw new BrokerError('M-PART-007', { detail: 'challenge answered already' });
  return read.data.challenge;
}

function totpPage(
  ctx: Context,
  { http, basePath }: OwnPartnerNeeds,
  shown: {
    readonly uri: string;
    readonly secret: string;
    readonly sealed: string;
    readonly name: string;
    readonly error?: AccountTotpPage['error'];
  },
): void {
  const { uri, secret, sealed, name, error } = shown;
  const here = `${basePath}${totpPath}`;
  const model: AccountTotpPage = {
    action: here,
    sealed,
    picture: renderSVG(uri, { border: 2 }),
    secret: secret.replaceAll(/.{4}(?=.)/gu, '$& '),
    name,
    error,
    backHref: `${basePath}${securityPath}`,
  };
  http.renderPage(ctx, 'account-totp', model, {
    status: error === undefined ? 200 : 422,
    languageHref: ctx.method === 'POST' ? here : undefined,
  });
}

/** Shown once: the page is in no history of the browser, and cannot be asked for again. */
function codesPage(
  ctx: Context,
  { http, basePath }: OwnPartnerNeeds,
  codes: readonly string[] | undefined,
): void {
  http.renderPage(
    ctx,
    'account-codes',
    {
      codes,
      action: `${basePath}${securityPath}/codes`,
      backHref: `${basePath}${securityPath}`,
    },
    codes === undefined ? {} : { languageHref: '' },
  );
}
