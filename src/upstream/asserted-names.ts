import { BrokerError } from '../errors/errors.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import type { ReceivedClaims } from './exchange.ts';
import { textClaim } from './text-claim.ts';

/** Where each name is looked for, in order: ProConnect's word, then that of OpenID Connect Core §5.1. */
export const candidates = {
  given_name: ['given_name'],
  usual_name: ['usual_name', 'family_name'],
} as const;

/** @throws BrokerError M-UPST-010 when it is missing, or is no text that we would show */
export function assertedName(
  idp: Pick<IdentityProvider, 'id' | 'name'>,
  { idToken, userinfo }: { readonly idToken: ReceivedClaims; readonly userinfo: ReceivedClaims },
  name: keyof typeof candidates,
): string {
  for (const claim of candidates[name]) {
    const text = textClaim(userinfo[claim] ?? idToken[claim]);
    if (text !== undefined) return text;
  }
  throw new BrokerError('M-UPST-010', {
    detail: `${idp.id}: ${candidates[name].join(' or ')} missing or malformed`,
    values: { idp: idp.name },
  });
}
