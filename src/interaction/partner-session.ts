import { isPartnerProvider } from '../declarations/declarations.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import type { Partner, Proof } from '../partners/partners.ts';
import type { SessionRecord } from '../provider/provider.ts';
import type { Interaction } from './current.ts';
import type { InteractionNeeds } from './needs.ts';

/** The partner of the session that goes on, and what they proved there. */
export interface PartnerSession {
  readonly partner: Partner;
  readonly proofs: readonly Proof[];
}

/**
 * Who is signed in in this browser, if it is a partner: for more, only what is missing is asked. Undefined for anybody else,
 * and when the address of the session has become somebody else's.
 */
export async function partnerSession(
  interaction: Interaction,
  idp: IdentityProvider,
  needs: Pick<InteractionNeeds, 'identities' | 'accounts' | 'partnerSignIn'>,
): Promise<PartnerSession | undefined> {
  const uid = interaction.session?.uid;
  const record = uid === undefined ? undefined : await needs.identities.ofSession(uid);
  if (record === undefined || !isPartnerProvider({ id: record.signIn.idp })) return undefined;
  if (record.signIn.accountId !== interaction.session?.accountId) return undefined;
  const partner = await needs.partnerSignIn.partners.ofMailbox(record.signIn.email);
  if (partner === undefined) return undefined;
  const account = await needs.accounts.find({ issuer: idp.issuer, subject: partner.id });
  if (account !== record.signIn.accountId) return undefined;
  return { partner, proofs: proofsOf(record.signIn) };
}

/** What the sign-in of a session says was proven: each as old as the oldest. */
export function proofsOf({
  amr,
  authTime,
}: Pick<SessionRecord['signIn'], 'amr' | 'authTime'>): readonly Proof[] {
  const at = new Date(authTime * 1000);
  const said = (word: string): boolean => amr.includes(word);
  return [
    ...(said('mail') ? [{ method: 'mail', at } as const] : []),
    ...(said('otp') ? [{ method: 'totp', at } as const] : []),
    ...(said('recovery') ? [{ method: 'recovery_code', at } as const] : []),
    ...(said('pop') ? [{ method: 'passkey', at, userVerified: said('user') } as const] : []),
  ];
}
