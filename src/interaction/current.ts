import type { Context } from 'koa';
import { errors } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { isPartnerProvider } from '../declarations/declarations.ts';
import type { Client, IdentityProvider, Service, Snapshot } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';

/** The library's interaction, as its own method returns it. */
export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** The login under way in this browser: the interaction, and the tool that asked for it. */
export interface Current {
  readonly interaction: Interaction;
  readonly client: Client;
  readonly service: Service;
}

/**
 * Finds the interaction of this browser (cookie bound to its path) and checks that its session is still the same.
 *
 * @throws BrokerError M-OIDC-004 when it expired, was finished, or belongs to another browser
 */
export async function currentInteraction(
  ctx: Context,
  uid: string | undefined,
  needs: { readonly library: Provider; readonly snapshot: () => Snapshot },
): Promise<Current> {
  const interaction = await needs.library.interactionDetails(ctx.req, ctx.res).catch((cause: unknown) => {
    if (cause instanceof errors.SessionNotFound) throw new BrokerError('M-OIDC-004', { cause });
    throw cause;
  });
  if (interaction.uid !== uid) throw new BrokerError('M-OIDC-004', { detail: 'uid of another path' });
  return { interaction, ...toolOf(interaction, needs.snapshot()) };
}

/** @throws BrokerError M-OIDC-001 when the client was removed while the person was signing in */
export function toolOf(interaction: Interaction, snapshot: Snapshot): Omit<Current, 'interaction'> {
  const id = interaction.params.client_id;
  const client = typeof id === 'string' ? snapshot.clientOf(id) : undefined;
  const service = client === undefined ? undefined : snapshot.serviceOf(client);
  if (client === undefined || service === undefined) {
    throw new BrokerError('M-OIDC-001', { detail: `client ${String(id)}` });
  }
  return { client, service };
}

/** An identity provider that answers from elsewhere: nobody comes back from the accounts kept here. */
export function providerElsewhere(snapshot: Snapshot, id: string): IdentityProvider | undefined {
  const idp = snapshot.identityProviders.get(id);
  return isPartnerProvider(idp) ? undefined : idp;
}
