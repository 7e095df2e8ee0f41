import { timingSafeEqual } from 'node:crypto';
import type { Client } from '../../declarations/declarations.ts';

/**
 * A client may show its secret or, while it changes it, the former one. Both are compared, whichever is right: the time
 * says neither which one it was nor whether there are two.
 *
 * @param used is told which of them was shown; it must neither wait nor throw
 */
export function createSecretCheck(needs: {
  readonly declared: (clientId: string) => Client | undefined;
  readonly used: (clientId: string, digest: string) => void;
}) {
  return (clientId: string, digest: string): boolean => {
    const client = needs.declared(clientId);
    const isCurrent = isSame(client?.client_secret_sha256, digest);
    const isFormer = isSame(client?.former_client_secret_sha256, digest);
    if (!isCurrent && !isFormer) return false;
    needs.used(clientId, digest);
    return true;
  };
}

const nothing = '-'.repeat(64);

function isSame(expected: string | undefined, given: string): boolean {
  const [left, right] = [Buffer.from(expected ?? nothing), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right) && expected !== undefined;
}
