import { describe, expect, it } from 'vitest';
import { aClient } from '../declarations/testing/samples.ts';
import { declaredClientSchema } from '../declarations/declarations.ts';
import type { Assess } from '../eligibility/eligibility.ts';
import { decide } from '../eligibility/eligibility.ts';
import { association, demoPolicy, now, subject } from '../eligibility/testing/factory.ts';
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
        linkOf: () => Promise.resolve(membership),
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
      declaredMemberships: {
        linkOf: () => Promise.resolve(stands && { level: stands, method: 'now', verifiedAt: 9 }),
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
    expect(told).toEqual([expected]);
  });
});

describe('the link that a tool is told', () => {
  const at = { method: 'mandate', verifiedAt: 1 } as const;
  it.each([
    ['what the sign-in knew, and still stands', 'moderated', { level: 'moderated', ...at }],
    [
      'what stands now, when it is less',
      'email_domain',
      { level: 'email_domain', method: 'now', verifiedAt: 9 },
    ],
    [
      'the word of the person at that sign-in',
      undefined,
      { level: 'declared', method: 'none', verifiedAt: 7 },
    ],
    ['not what came since', 'official_source', { level: 'moderated', ...at }],
  ] as const)('%s: %s', async (_name, stands, expected) => {
    const membership = { siret: association.siret, level: 'moderated', ...at, origin: 'declared' } as const;
    const signIn: SignIn = {
      ...{ id: 's', accountId: 'a', idp: 'demo', email: 'a@atelier.example', emailDomain: '' },
      ...{ emailVerified: true, claims: {}, acr: 'eidas1', amr: [], authTime: 7, memberships: [membership] },
    };
    const standing = stands === 'moderated' ? at : { method: 'now', verifiedAt: 9 };
    const access = createAccess({
      assess: () =>
        Promise.resolve({ decision: decide(demoPolicy('docs'), subject(), now), organization: undefined }),
      declaredMemberships: {
        linkOf: () => Promise.resolve(stands && { level: stands, ...standing }),
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
    expect((await access(undefined, { client, signIn, membership })).link).toEqual(expected);
  });
});
