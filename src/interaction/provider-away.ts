import type { Context } from 'koa';
import type { IdentityProvider, Snapshot } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { findIdentityProviders, isOfferedTo } from '../homerealm/homerealm.ts';
import { readForm } from '../http/http.ts';
import type { AwayShown } from '../http/http.ts';
import { canonicalEmail } from '../identity/identity.ts';
import type { Current } from './current.ts';
import type { InteractionNeeds } from './needs.ts';
import { pathOf } from './page-parts.ts';
import { startUpstream } from './start-upstream.ts';

/** The identity provider did not answer in time, or is asked by too many: nothing is wrong with the person, nor with what they did. */
const away: readonly ErrorCode[] = ['M-UPST-001', 'M-UPST-034', 'M-UPST-046'];

/**
 * What the person can do instead, while their login stays open: ask the same identity provider again, another one that
 * their address has too, or use another address.
 *
 * @param email the address that led there; undefined when none did, or when nobody remembers it
 */
export function insteadOf(
  { interaction }: Current,
  needs: Pick<InteractionNeeds, 'basePath' | 'snapshot'>,
  error: unknown,
  { idp, email }: { readonly idp: IdentityProvider; readonly email: string | undefined },
): { readonly away: AwayShown; readonly otherAccountHref?: string } | undefined {
  if (!(error instanceof BrokerError) || !away.includes(error.code)) return undefined;
  const page = pathOf(interaction.uid, '', needs);
  const help = { helpHref: idp.help_url, statusHref: idp.status_url };
  // A stronger sign-in, or another organization: its own page asks again, and no other provider would do.
  if (interaction.prompt.name !== 'login' && interaction.prompt.name !== 'select_account')
    return { away: { again: { href: page }, others: [], ...help } };
  const may = (one: IdentityProvider) => one.enabled && isOfferedTo(one, email);
  const to = ({ id }: IdentityProvider) => ({
    action: pathOf(interaction.uid, '/again', needs),
    hidden: { idp: id, ...(email === undefined ? {} : { email }) },
  });
  return {
    away: {
      again: may(idp) ? to(idp) : { href: page },
      others: others(idp, email, needs.snapshot())
        .filter((one) => one.id !== idp.id && may(one))
        .map((one) => ({ ...to(one), name: one.name })),
      ...help,
    },
    otherAccountHref: pathOf(interaction.uid, '/other-account', needs),
  };
}

/** Those of the same address. Whoever comes back from there has left it behind: those that share a domain then. */
function others(
  idp: IdentityProvider,
  email: string | undefined,
  snapshot: Snapshot,
): readonly IdentityProvider[] {
  if (email === undefined)
    return [...new Set(idp.domains.flatMap((domain) => snapshot.idpsByDomain.get(domain) ?? []))];
  const realm = findIdentityProviders(email, snapshot);
  return realm.kind === 'several' ? realm.idps : [];
}

/** As `idp_hint` would: straight to an identity provider that anybody, or this address, is offered. */
export async function askAgain(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const form = await readForm(ctx);
  const email = canonicalEmail(form.get('email') ?? '')?.address;
  const idp = needs.snapshot().identityProviders.get(form.get('idp') ?? '');
  if (idp === undefined || !isOfferedTo(idp, email)) throw new BrokerError('M-UPST-014', { detail: 'again' });
  await startUpstream(ctx, needs, { interaction: current.interaction, idp, email });
}
