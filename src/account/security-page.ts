import type Router from '@koa/router';
import type { Context } from 'koa';
import { partnerProviderId } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { AccountSecurityPage } from '../http/http.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { assertMayChange } from './may-change.ts';
import { mfaRequired } from './mfa-required.ts';
import { seeOther } from './own-partner.ts';
import type { OwnPartner, OwnPartnerNeeds } from './own-partner.ts';
import { partnerForm, partnerPage } from './partner-pages.ts';

export const securityPath = '/compte/securite';

const dones = new Map([
  ['cle', 'passkey'],
  ['application', 'totp'],
  ['renommee', 'renamed'],
  ['retiree', 'removed'],
  ['annulee', 'cancelled'],
] as const);

const isMfaRequired = ({ visitor, partner }: OwnPartner, needs: OwnPartnerNeeds): Promise<boolean> =>
  mfaRequired({ accountId: visitor.accountId, idp: partnerProviderId, subject: partner.id }, needs);

/** `/compte/securite`: what a partner signs in with. */
export function securityRoutes(router: Router, needs: OwnPartnerNeeds): void {
  const { partners } = needs.partnerSignIn;
  const to = (ctx: Context, done: string): void =>
    seeOther(ctx, `${needs.basePath}${securityPath}?fait=${done}`);
  partnerPage(router, needs, securityPath, (ctx, visitor, me) => show(ctx, visitor, me, needs));

  partnerForm(router, needs, {
    path: `${securityPath}/renommer`,
    page: securityPath,
    what: 'change',
    async answer(ctx, me, form) {
      const { id } = authenticatorOf(me, form);
      await assertMayChange(ctx, me, needs);
      await partners.renameAuthenticator(me.partner.id, id, form.get('nom') ?? '', me.actor);
      to(ctx, 'renommee');
    },
  });
  partnerForm(router, needs, {
    path: `${securityPath}/retirer`,
    page: securityPath,
    what: 'change',
    async answer(ctx, me, form) {
      const { id } = authenticatorOf(me, form);
      await assertMayChange(ctx, me, needs);
      const need = { mfaRequired: await isMfaRequired(me, needs) };
      await partners.removeAuthenticator(me.partner.id, id, need, me.actor);
      to(ctx, 'retiree');
    },
  });
  partnerForm(router, needs, {
    path: `${securityPath}/annuler`,
    page: securityPath,
    // With a second factor: who has one has lost none, and nobody calls it off with the mailbox alone.
    what: 'change',
    async answer(ctx, me) {
      await partners.lostFactors.cancel(me.partner.id);
      to(ctx, 'annulee');
    },
  });
}

/** @throws BrokerError M-PART-002 for one of nobody, or of somebody else */
function authenticatorOf(
  { authenticators }: OwnPartner,
  form: URLSearchParams,
): OwnPartner['authenticators'][number] {
  const id = form.get('moyen') ?? '';
  const found = authenticators.find((one) => one.id === id);
  if (found === undefined)
    throw new BrokerError('M-PART-002', { detail: `authenticator ${id.slice(0, 40)}` });
  return found;
}

async function show(
  ctx: Context,
  visitor: Visitor,
  me: OwnPartner | undefined,
  needs: OwnPartnerNeeds,
): Promise<void> {
  const { http, basePath, snapshot, clock } = needs;
  const here = `${basePath}${securityPath}`;
  const idp = snapshot().identityProviders.get(visitor.idp);
  const lost = me && (await needs.partnerSignIn.partners.lostFactors.state(me.partner.id));
  const required = me !== undefined && (await isMfaRequired(me, needs));
  const model: AccountSecurityPage = {
    idp: idp?.name,
    own: me && {
      email: me.partner.address,
      authenticators: me.authenticators.map(({ id, kind, name, createdAt, lastUsedAt, backedUp }) => ({
        handle: id,
        kind,
        name,
        createdAt,
        lastUsedAt,
        copied: backedUp === true,
        stays: required && me.authenticators.length === 1,
      })),
      codesLeft: me.codesLeft,
      lost: lost && { readyAt: lost.readyAt, ready: lost.readyAt <= clock() },
      passkeyHref: `${here}/cle`,
      totpHref: `${here}/application`,
      codesHref: `${here}/codes`,
      renameAction: `${here}/renommer`,
      removeAction: `${here}/retirer`,
      cancelAction: `${here}/annuler`,
    },
    done: [...dones].find(([name]) => name === ctx.query['fait'])?.[1],
    backHref: `${basePath}/compte`,
  };
  http.renderPage(ctx, 'account-security', model);
}
