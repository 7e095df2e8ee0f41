import { z } from 'zod';
import { page, text } from './scalars.ts';

/** What people and operators are told of an IdP as a service, and how much of us it may hold. */
export const serviceMembers = {
  /** A page for its users: what to do when they cannot sign in. */
  help_url: page.optional(),
  /** Where it says itself how it is. */
  status_url: page.optional(),
  /** Who runs the machines, where, and what vouches for them (« SecNumCloud »…): for operators. */
  hosting: z
    .strictObject({
      name: text,
      country: z.string().regex(/^[A-Z]{2}$/, { error: 'must be a country of two capital letters (FR)' }),
      qualification: text.optional(),
    })
    .readonly()
    .optional(),
  /** Sign-ins that one process brings to their end with it at once; who comes beyond is told at once. */
  concurrency: z.int().min(1).max(500).optional(),
} as const;
