import { expect } from 'vitest';
import { z } from 'zod';

const text = z.string().min(1);

/** Types of OpenID Connect Core §5.1; a claim without a value is left out (§5.3.2). */
const standardClaimsSchema = z.looseObject({
  sub: z.string().regex(/^[\x20-\x7e]{1,255}$/),
  name: text.optional(),
  given_name: text.optional(),
  family_name: text.optional(),
  middle_name: text.optional(),
  nickname: text.optional(),
  preferred_username: text.optional(),
  profile: z.url().optional(),
  picture: z.url().optional(),
  website: z.url().optional(),
  email: z.email().optional(),
  email_verified: z.boolean().optional(),
  gender: text.optional(),
  birthdate: z
    .string()
    .regex(/^(\d{4}|\d{4}-\d{2}-\d{2})$/)
    .optional(),
  zoneinfo: text.optional(),
  locale: z
    .string()
    .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$/)
    .optional(),
  phone_number: text.optional(),
  phone_number_verified: z.boolean().optional(),
  address: z.looseObject({ formatted: text.optional() }).optional(),
  updated_at: z.int().positive().optional(),
});

export function checkStandardClaims(claims: Readonly<Record<string, unknown>>): void {
  expect(standardClaimsSchema.safeParse(claims).error?.issues ?? []).toEqual([]);
  expect(Object.entries(claims).filter(([, value]) => value === null || value === '')).toEqual([]);
}

/** Which claims the suite looks for behind each standard scope (OpenID Connect Core §5.4). */
export const claimsOfScope: Readonly<Record<string, readonly string[]>> = {
  openid: ['sub'],
  profile: [
    'name',
    'given_name',
    'family_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
  offline_access: [],
};
