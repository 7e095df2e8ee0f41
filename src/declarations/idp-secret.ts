import { z } from 'zod';
import type { Seal } from '../config/config.ts';
import type { IdentityProvider } from './identity-provider.ts';

/** Purpose of the seal: `createSeal(config.encryptionKeys, idpSecretPurpose)`. */
export const idpSecretPurpose = 'idp-secret';

const contents = z.object({ client_secret: z.string() });

export const sealIdpSecret = (seal: Seal, secret: string): Promise<string> =>
  seal.seal({ client_secret: secret });

/** The secret that we share with an IdP; undefined when it has none, or when no key of ours opens it any more. */
export async function idpSecret(
  seal: Seal,
  idp: Pick<IdentityProvider, 'client_secret_sealed'>,
): Promise<string | undefined> {
  if (idp.client_secret_sealed === undefined) return undefined;
  return contents.safeParse(await seal.open(idp.client_secret_sealed)).data?.client_secret;
}
