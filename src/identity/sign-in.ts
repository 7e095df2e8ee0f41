import { z } from 'zod';
import { parseSiret } from '../organizations/organizations.ts';

const siret = z.string().transform((value, context) => {
  const parsed = parseSiret(value);
  if (parsed === undefined) {
    context.addIssue({ code: 'custom', message: 'not a SIRET' });
    return z.NEVER;
  }
  return parsed;
});

export const membershipSchema = z.object({
  siret,
  level: z.enum(['declared', 'email_domain', 'moderated', 'official_source']),
  method: z.string(),
  /** Seconds since the epoch. */
  verifiedAt: z.number().int(),
  /** Asserted by the IdP at this sign-in, or declared by an operator (who may withdraw it: declared-memberships.ts). */
  origin: z.enum(['idp', 'declared']),
  /** Of what the IdP asserted: whether it named the establishment, or its record did in its place. */
  siretSource: z.enum(['asserted', 'default']).optional(),
});

/** One account acting for one organization, and how we know that it may. */
export type Membership = z.output<typeof membershipSchema>;

/**
 * One sign-in at one IdP: what was asserted then, and nothing learnt since. It is stored as JSON (browser session,
 * grant), so that it is parsed again wherever it is read.
 */
export const signInSchema = z.object({
  id: z.string(),
  accountId: z.string(),
  idp: z.string(),
  /** Of the provider then. Absent: the version before signed them in. */
  issuer: z.string().optional(),
  email: z.string(),
  emailDomain: z.string(),
  emailVerified: z.boolean(),
  /** The person's other claims as the IdP sent them: given_name, usual_name, uid, phone_number… */
  claims: z.record(z.string(), z.unknown()),
  acr: z.string(),
  idpAcr: z.string().optional(),
  amr: z.array(z.string()),
  /** A code sent to their mailbox was typed in this session: a second factor where the rules of a tool take it for one. */
  emailCode: z.literal(true).optional(),
  /** Seconds since the epoch, as the IdP told (OpenID Connect Core §2, auth_time). */
  authTime: z.number().int(),
  memberships: z.array(membershipSchema),
});

export type SignIn = z.output<typeof signInSchema>;

/** Its provider answers for the domain, or the mailbox was proven; any other anybody may have written: for contact only. */
export const isVouchedFor = ({ emailDomain, emailVerified }: Pick<SignIn, 'emailDomain' | 'emailVerified'>) =>
  emailDomain !== '' || emailVerified;
