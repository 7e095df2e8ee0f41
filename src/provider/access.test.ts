import { describe, expect, it } from 'vitest';
import { aClient } from '../declarations/testing/samples.ts';
import { declaredClientSchema } from '../declarations/declarations.ts';
import type { Assess } from '../eligibility/eligibility.ts';
import { association } from '../eligibility/testing/factory.ts';
import type { SignIn } from '../identity/identity.ts';
import { createAccess } from './access.ts';

describe('what a policy is told of an address', () => {
  it.each([
    ['etat.example', 'etat.example'],
    ['', undefined],
  ])('domain %j is %j: what nobody vouches for is unknown', async (emailDomain, expected) => {
    const membership = {
      siret: association.siret,
      level: 'moderated',
      method: 'proof_received',
      verifiedAt: 1,
      origin: 'declared',
    } as const;
    const signIn: SignIn = {
      ...{ id: 's', accountId: 'a', idp: 'franceconnect', email: 'a@etat.example', emailDomain },
      ...{ emailVerified: false, claims: {}, acr: 'eidas1', amr: [], authTime: 1, memberships: [membership] },
    };
    const told: Parameters<Assess>[0][] = [];
    const access = createAccess({
      assess: (applicant) => {
        told.push(applicant);
        return Promise.reject(new Error('asked'));
      },
      declaredMemberships: { stands: () => Promise.resolve(true) },
      revokedMemberships: {
        isRevoked: () => Promise.resolve(false),
        remember: () => undefined,
        forget: () => undefined,
      },
    });
    const client = declaredClientSchema.parse(aClient);
    await expect(access(undefined, { client, signIn, membership })).rejects.toThrow('asked');
    expect(told[0]?.emailDomain).toBe(expected);
  });
});
