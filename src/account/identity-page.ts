import type Router from '@koa/router';
import type { Context } from 'koa';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { assertPartnerAddress, findIdentityProviders } from '../homerealm/homerealm.ts';
import type { AccountIdentityPage } from '../http/http.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { concernsLink, linkPath } from './link-accounts.ts';
import type { LinkNeeds } from './link-accounts.ts';
import { assertMayChange } from './may-change.ts';
import { startCode } from './own-code.ts';
import { seeOther } from './own-partner.ts';
import type { OwnPartner, OwnPartnerNeeds } from './own-partner.ts';
import { partnerForm, partnerPage } from './partner-pages.ts';

const path = '/compte/identite';
const dones = new Map([
  ['noms', 'names'],
  ['ajoutee', 'added'],
  ['principale', 'primary'],
  ['retiree', 'removed'],
] as const);

type Wrong = Pick<AccountIdentityPage, 'error' | 'typed'>;
type More = Wrong & Pick<AccountIdentityPage, 'linkHref'>;

/** `/compte/identite`: names and addresses; for people of an identity provider, what it says, and where to change it. */
export function identityRoutes(router: Router, needs: LinkNeeds): void {
  const { partners } = needs.partnerSignIn;
  partnerPage(router, needs, path, async (ctx, visitor, me) => {
    const linkHref = (await concernsLink(visitor, needs)) ? `${needs.basePath}${linkPath}` : undefined;
    show(ctx, visitor, me, needs, { linkHref });
  });

  partnerForm(router, needs, {
    path: `${path}/noms`,
    page: path,
    what: 'change',
    async answer(ctx, me, form) {
      const names = { givenName: form.get('given_name') ?? '', usualName: form.get('usual_name') ?? '' };
      await assertMayChange(ctx, me, needs);
      await partners.rename(me.partner.id, names, me.actor);
      seeOther(ctx, `${needs.basePath}${path}?fait=noms`);
    },
  });
  partnerForm(router, needs, {
    path: `${path}/adresses`,
    page: path,
    what: 'change',
    async answer(ctx, me, form) {
      const typed = (form.get('email') ?? '').trim();
      const address = addable(typed, me, needs);
      if (typeof address === 'object') show(ctx, me.visitor, me, needs, { ...address, typed });
      else await startCode(ctx, me, needs, { kind: 'add', address });
    },
  });
  partnerForm(router, needs, {
    path: `${path}/principale`,
    page: path,
    what: 'change',
    async answer(ctx, me, form) {
      const { id: addressId, primary, address } = addressOf(me, form);
      if (primary) {
        seeOther(ctx, `${needs.basePath}${path}`);
        return;
      }
      assertPartnerAddress(address, needs.snapshot());
      await startCode(ctx, me, needs, { kind: 'primary', addressId });
    },
  });
  partnerForm(router, needs, {
    path: `${path}/retirer`,
    page: path,
    what: 'change',
    async answer(ctx, me, form) {
      const { id } = addressOf(me, form);
      await assertMayChange(ctx, me, needs);
      await partners.removeAddress(me.partner.id, id, me.actor);
      seeOther(ctx, `${needs.basePath}${path}?fait=retiree`);
    },
  });
}

const contactOf = ({ support }: IdentityProvider): string =>
  'url' in support ? support.url : `mailto:${support.email}`;

/** @throws BrokerError M-PART-002 for an address of nobody, or of somebody else */
function addressOf(
  { partner }: OwnPartner,
  form: URLSearchParams,
): OwnPartner['partner']['addresses'][number] {
  const id = form.get('adresse') ?? '';
  const found = partner.addresses.find((one) => one.id === id);
  if (found === undefined) throw new BrokerError('M-PART-002', { detail: `address ${id.slice(0, 40)}` });
  return found;
}

/**
 * As for a first sign-in: no address for which an identity provider answers, and none that is thrown away. Whether somebody
 * has it already is said once the mailbox is proven, and not before.
 *
 * @throws BrokerError M-PART-018, M-PART-019
 */
function addable(typed: string, { partner }: OwnPartner, { snapshot }: OwnPartnerNeeds): string | Wrong {
  const realm = findIdentityProviders(typed, snapshot());
  if (realm.kind === 'malformed') return { error: 'malformed' };
  const { address } = realm;
  if (partner.addresses.some((one) => one.address.toLowerCase() === address.toLowerCase()))
    return { error: 'yours' };
  return assertPartnerAddress(address, snapshot());
}

function show(
  ctx: Context,
  visitor: Visitor,
  me: OwnPartner | undefined,
  { http, basePath, snapshot }: OwnPartnerNeeds,
  { error, typed = '', linkHref }: More = {},
): void {
  const idp = snapshot().identityProviders.get(visitor.idp);
  const here = `${basePath}${path}`;
  const model: AccountIdentityPage = {
    name: `${visitor.givenName} ${visitor.usualName}`.trim(),
    email: visitor.email,
    idp: idp?.name,
    idpHref: me === undefined && idp !== undefined ? contactOf(idp) : undefined,
    own: me && {
      namesAction: `${here}/noms`,
      givenName: me.partner.givenName,
      usualName: me.partner.usualName,
      addresses: me.partner.addresses.map(({ id, address, primary, provenAt }) => ({
        handle: id,
        address,
        primary,
        since: provenAt,
      })),
      addAction: `${here}/adresses`,
      primaryAction: `${here}/principale`,
      removeAction: `${here}/retirer`,
    },
    linkHref,
    done: [...dones].find(([name]) => name === ctx.query['fait'])?.[1],
    error,
    typed: typed.slice(0, 254),
    backHref: `${basePath}/compte`,
  };
  http.renderPage(ctx, 'account-identity', model, {
    // Whoever signed in a while ago is sent on to sign in: that may end at an identity provider.
    status: error === undefined ? 200 : 422,
    languageHref: ctx.method === 'POST' ? here : undefined,
  });
}
