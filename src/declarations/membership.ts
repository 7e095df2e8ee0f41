import { z } from 'zod';
import { linkLevels } from '../eligibility/eligibility.ts';
import { isoInstant, siret, slug } from './scalars.ts';

/** One more organization for which a person of an IdP may act, as an operator verified it. */
export const membershipSchema = z
  .strictObject({
    idp: slug,
    /** `sub` at that IdP: at most 255 printable ASCII characters (OpenID Connect Core §2). */
    subject: z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/, { error: 'must be 1 to 255 printable ASCII characters' }),
    siret,
    level: z.enum(linkLevels),
    method: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,63}$/, { error: 'must be lower-case letters, digits and underscores' }),
    verified_at: isoInstant,
  })
  .readonly();

export type DeclaredMembership = z.output<typeof membershipSchema>;
