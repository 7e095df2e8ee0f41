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
      declaredMemberships: {
        levelOf: () => Promise.resolve('moderated'),
        hasEnded: () => Promise.resolve(false),
      },
      takesEmailCode: () => false,
      revokedMemberships: {
        isRevoked: () => Promise.resolve(false),
        isBlocked: () => Promise.resolve(false),
        remember: () => undefined,
        forget: () => undefined,
      },
    });
    const client = declaredClientSchema.parse(aClient);
    await expect(access(undefined, { client, signIn, membership })).rejects.toThrow('asked');
    expect(told[0]?.emailDomain).toBe(expected);
  });
});

describe('the level that a policy is told', () => {
  const linked = (level: 'email_domain' | 'moderated') =>
    ({ siret: association.siret, level, method: 'test', verifiedAt: 1, origin: 'declared' }) as const;

  it.each([
    ['partenaires', 'moderated', 'moderated', 'moderated eidas1-mfa'],
    ['partenaires', 'email_domain', 'email_domain', 'email_domain eidas0-mfa'],
    // What was vouched for is withdrawn: so is what it made of the sign-in, at once; also when something weaker still stands.
    ['partenaires', 'moderated', undefined, 'declared eidas0-mfa'],
    ['partenaires', 'moderated', 'email_domain', 'email_domain eidas0-mfa'],
    // What came since is of the next sign-in.
    ['partenaires', 'email_domain', 'official_source', 'email_domain eidas0-mfa'],
    // An identity provider says its level for the organization that it names.
    ['demo', 'email_domain', 'email_domain', 'email_domain eidas0-mfa'],
    ['demo', 'moderated', 'moderated', 'moderated eidas1-mfa'],
    ['demo', 'moderated', undefined, 'declared eidas0-mfa'],
  ] as const)('at %s, %s, standing: %s is %s', async (idp, level, stands, expected) => {
    const membership = linked(level);
    const signIn: SignIn = {
      ...{ id: 's', accountId: 'a', idp, email: 'a@atelier.example', emailDomain: '', emailVerified: true },
      ...{ claims: {}, acr: 'eidas1-mfa', amr: [], authTime: 1, memberships: [membership] },
    };
    const told: string[] = [];
    const access = createAccess({
      assess: ({ link, acr }) => {
        told.push(`${link} ${acr}`);
        return Promise.reject(new Error('asked'));
      },
      declaredMemberships: { levelOf: () => Promise.resolve(stands), hasEnded: () => Promise.resolve(false) },
      takesEmailCode: () => false,
      revokedMemberships: {
        isRevoked: () => Promise.resolve(false),
        isBlocked: () => Promise.resolve(false),
        remember: () => undefined,
        forget: () => undefined,
      },
    });
    const client = declaredClientSchema.parse(aClient);
    await expect(access(undefined, { client, signIn, membership })).rejects.toThrow('asked');
    expect(told).toEqual([expected]);
  });
});
