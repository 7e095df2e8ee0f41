import type Provider from 'oidc-provider';
import { z } from 'zod';
import type { Client } from '../../declarations/declarations.ts';
import { clientMetadata } from './client-metadata.ts';

const refusalSchema = z.object({
  error: z.enum(['invalid_client_metadata', 'invalid_redirect_uri']),
  error_description: z.string(),
});

/**
 * Why the library would not serve this client, in its own words; undefined when it would. Declared clients are checked
 * by our own rules before: this is for those that register themselves, where nobody reads a log.
 */
export async function clientRefusal(library: Provider, client: Client): Promise<string | undefined> {
  try {
    await library.Client.validate(clientMetadata(client));
    return undefined;
  } catch (error) {
    const read = refusalSchema.safeParse(error);
    if (!read.success) throw error;
    return read.data.error_description;
  }
}
