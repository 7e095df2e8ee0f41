import { BrokerError } from '../../errors/errors.ts';

/** @throws BrokerError M-IMPT-001, always */
export function refuse(path: string, why: string, cause?: unknown): never {
  throw new BrokerError('M-IMPT-001', { detail: `${path}: ${why}`, cause });
}
