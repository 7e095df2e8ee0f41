import type { Act, ActName } from '../act.ts';
import { among } from '../file.ts';
import type { RegistrationFile } from '../file.ts';

/** What ends a story early, or adds nothing to it: seldom. */
const dull: readonly ActName[] = [
  'note',
  'see_changes',
  'release',
  'withdraw_request',
  'renounce',
  'close',
  'renewed_by',
  'identify',
];

/** Where nothing else can be proposed than that the right was given up. */
const inUse = ['approved', 'implicitly_accepted', 'renewal_due'] as const;

export function isDull({ requests }: RegistrationFile, act: ActName, service: string): boolean {
  const state = requests.find((one) => one.service === service)?.state ?? 'draft';
  return dull.includes(act) || (among(inUse, state) && (act === 'propose' || act === 'confirm'));
}

export const givesUp = (act: Act): boolean => act.act === 'propose' && act.proposal.decision === 'renounce';
