import { BrokerError } from '../../errors/errors.ts';
import type { DeclaredSet } from '../declared-set.ts';
import { readDeclarations } from '../load.ts';

export const options = { production: false, variables: { DOCS_SECRET: 's'.repeat(43), EMPTY: '' } };

export const read = (...texts: string[]): DeclaredSet =>
  readDeclarations(
    texts.map((text, index) => ({ name: `${'abc'[index] ?? 'z'}.yaml`, text })),
    options,
  );

export function refusal(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'M-CONF-002') throw error;
    return (error.detail ?? '').split('\n');
  }
  throw new Error('accepted');
}

export const refused = (...texts: string[]): readonly string[] => refusal(() => read(...texts));
