import { hash, randomBytes } from 'node:crypto';
import type { Surroundings } from './surroundings.ts';

/** 256 random bits: then a plain SHA-256 is as good as the secret itself, and a file may hold it. */
export function secret({ print }: Surroundings): void {
  const value = randomBytes(32).toString('base64url');
  print(
    [
      'For the tool, which keeps it secret; it is shown only now:',
      `  ${value}`,
      'For the declaration of its client, which anybody may read:',
      `  client_secret_sha256: ${hash('sha256', value, 'hex')}`,
    ].join('\n'),
  );
}
