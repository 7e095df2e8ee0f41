import type { Acr } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';

/** The mailbox was proven in this login, by a code that was sent there. */
export interface MailProof {
  readonly method: 'mail';
  readonly at: Date;
}

/** One factor proven in this login. */
export type Proof =
  | MailProof
  | { readonly method: 'totp' | 'recovery_code'; readonly at: Date }
  | { readonly method: 'passkey'; readonly at: Date; readonly userVerified: boolean };

export interface Authentication {
  /** As if the link with the organization were good: what is told is at most that of the link (domain reference §5.3). */
  readonly acr: Acr;
  /** RFC 8176 (`otp`, `pop`, `user`, `mfa`), and ours: `mail`, `recovery`. */
  readonly amr: readonly string[];
  readonly authTime: Date;
}

/**
 * What proofs are worth together. A mailbox is one factor; with anything else it is two. A passkey that verified its owner
 * is two by itself: what they have, and what they know or are. A code of an application, a recovery code and a passkey
 * that verified nobody only add to a mailbox: whoever finds the device is nobody yet.
 *
 * @throws BrokerError M-PART-001 when these proofs sign nobody in
 */
export function authenticationOf(proofs: readonly Proof[]): Authentication {
  const mail = proofs.some(({ method }) => method === 'mail');
  const passkey = proofs.some(({ method }) => method === 'passkey');
  const verified = proofs.some((proof) => proof.method === 'passkey' && proof.userVerified);
  const totp = proofs.some(({ method }) => method === 'totp');
  const recovery = proofs.some(({ method }) => method === 'recovery_code');
  if (!mail && !verified) {
    throw new BrokerError('M-PART-001', { detail: proofs.map(({ method }) => method).join(' ') || 'none' });
  }
  const several = verified || passkey || totp || recovery;
  const amr = [
    ...(mail ? ['mail'] : []),
    ...(totp ? ['otp'] : []),
    ...(passkey ? ['pop'] : []),
    ...(verified ? ['user'] : []),
    ...(recovery ? ['recovery'] : []),
    ...(several ? ['mfa'] : []),
  ];
  return { acr: several ? 'eidas1-mfa' : 'eidas1', amr, authTime: oldestOf(proofs) };
}

/** Whatever is told in `amr` is at least this recent: of proofs of one kind the last one counts. */
function oldestOf(proofs: readonly Proof[]): Date {
  const last = new Map<string, number>();
  for (const proof of proofs) {
    const kind = proof.method === 'passkey' ? `passkey ${proof.userVerified}` : proof.method;
    last.set(kind, Math.max(last.get(kind) ?? -Infinity, proof.at.getTime()));
  }
  return new Date(Math.min(...last.values()));
}
