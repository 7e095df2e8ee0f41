import { declaredClientSchema } from './client.ts';
import type { Client } from './client.ts';
import type { Service } from './service.ts';

/** Id of the service and of the client that stand for our own pages. No file may declare one of this name. */
export const builtInId = 'maillon';

/** Under the issuer: where the authorization endpoint sends people of our own pages back to. */
export const builtInReturnPath = '/entrer/retour';

/** Whether a client stands for our own pages. */
export const isBuiltIn = (client: Pick<Client, 'client_id'> | undefined): boolean =>
  client?.client_id === builtInId;

export interface BuiltIn {
  readonly service: Service;
  readonly client: Client;
}

/**
 * Our own pages (/demandes, /operateur) sign people in as a tool does. They are for anybody who signed in: an
 * organization that is refused everywhere has to be able to file a request, to withdraw it, to appeal. Hence `claims`
 * (nobody is refused at the gate) and no policy.
 *
 * It has no secret because there is nothing to redeem: once signed in, our pages read the session.
 */
export function builtIn(issuer: string): BuiltIn {
  const contact = new URL(issuer).href;
  const name = { fr: 'Maillon', en: 'Maillon' };
  return {
    service: {
      id: builtInId,
      name,
      description: name,
      url: `${issuer}/`,
      audience: name,
      decided_by: { name, contact },
    },
    client: declaredClientSchema.parse({
      client_id: builtInId,
      service: builtInId,
      enforcement: 'claims',
      token_endpoint_auth_method: 'none',
      redirect_uris: [`${issuer}${builtInReturnPath}`],
      scope: 'openid',
      pkce: 'required',
      home_url: `${issuer}/`,
    }),
  };
}
