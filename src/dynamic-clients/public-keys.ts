import { z } from 'zod';
import { longestList, privateKeyMembers, publicKeyMembers } from './members.ts';
import { RegistrationError } from './registration-error.ts';

const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(longestList) });

/**
 * A key set without the members that mean nothing here (RFC 7517 §4 wants them ignored).
 * @throws RegistrationError invalid_client_metadata when it is no key set, or holds something private
 */
export function publicKeys(jwks: unknown): object {
  const read = keySet.safeParse(jwks);
  if (!read.success)
    throw new RegistrationError(
      'invalid_client_metadata',
      `jwks must be a key set with 1 to ${longestList} keys (RFC 7517 §5)`,
    );
  for (const [index, key] of read.data.keys.entries()) {
    const secret = privateKeyMembers.find((name) => name in key);
    if (secret !== undefined)
      throw new RegistrationError(
        'invalid_client_metadata',
        `jwks.keys[${index}] holds the private member ${secret}: send public keys only, and change this one`,
      );
  }
  return {
    keys: read.data.keys.map((key) =>
      Object.fromEntries(publicKeyMembers.flatMap((name) => (name in key ? [[name, key[name]]] : []))),
    ),
  };
}
