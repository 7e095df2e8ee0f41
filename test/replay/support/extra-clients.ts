import { registered } from './foreign-addresses.ts';
import type { Tool } from './relying-party.ts';

const secretOf = (clientId: string): string => `${clientId}-secret-of-the-replay-tests-0123456789abcdef`;

/** A client of the service Visio, open to all and not stopped at the gate, so that tests see answers. */
export function extraClient(clientId: string, changes: Readonly<Record<string, unknown>> = {}): object {
  return {
    client_id: clientId,
    service: 'visio',
    enforcement: 'claims',
    ...(changes['token_endpoint_auth_method'] === undefined ? { client_secret: secretOf(clientId) } : {}),
    redirect_uris: [registered],
    scope: 'openid email',
    ...changes,
  };
}

export function extraTool(clientId: string, changes: Partial<Tool> = {}): Tool {
  return {
    clientId,
    secret: secretOf(clientId),
    authentication: 'client_secret_basic',
    redirectUri: registered,
    scope: 'openid email',
    ...changes,
  };
}
