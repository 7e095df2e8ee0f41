import type { Client } from '../declarations/declarations.ts';
import type { Needs } from './dynamic-clients.ts';
import { RegistrationError } from './registration-error.ts';

/** What would be kept is something that the library serves: it reads it again at each request, and fails there. */
export async function assertAcceptable(client: Client, { refusalOf }: Needs): Promise<void> {
  const refusal = await refusalOf(client);
  if (refusal === undefined) return;
  throw new RegistrationError(
    refusal.startsWith('redirect_uris') ? 'invalid_redirect_uri' : 'invalid_client_metadata',
    refusal,
  );
}
