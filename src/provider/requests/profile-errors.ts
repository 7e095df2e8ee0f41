import type { Client } from '../../declarations/declarations.ts';

/** What a tool is told. ASCII only (RFC 6749 §4.1.2.1). */
export interface Refusal {
  readonly error: string;
  readonly error_description: string;
}

/** ProConnect has no `unmet_authentication_requirements`: tools written for it look for this error, and these words. */
const proconnectLevel: Refusal = {
  error: 'access_denied',
  error_description: 'requested ACRs could not be satisfied',
};

/** An error in the words of the client's profile. */
export function inWordsOf(client: Pick<Client, 'profile'> | undefined, refusal: Refusal): Refusal {
  const level = refusal.error === 'unmet_authentication_requirements';
  return level && client?.profile === 'proconnect' ? proconnectLevel : refusal;
}
