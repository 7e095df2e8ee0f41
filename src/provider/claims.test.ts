import { describe, expect, test } from 'vitest';
import { decide } from '../eligibility/eligibility.ts';
import type { Decision } from '../eligibility/eligibility.ts';
import { approval, association, demoPolicy, dinum, now, subject } from '../eligibility/testing/factory.ts';
import type { SignIn } from '../identity/identity.ts';
import { buildClaims, claimsByScope } from './claims.ts';
import type { Release } from './claims.ts';

const membership = {
  siret: association.siret,
  level: 'moderated',
  method: 'proof_received',
  verifiedAt: 1792483200,
  origin: 'idp',
} as const;

const signIn: SignIn = {
  id: 's1',
  accountId: 'a1',
  idp: 'demo',
  email: 'membre@amd-fictif.example',
  emailDomain: 'amd-fictif.example',
  emailVerified: true,
  claims: { given_name: 'Rozenn', usual_name: 'Kervella', uid: 'demo-0004', secret: 'never asked for' },
  acr: 'eidas1',
  idpAcr: 'eidas1',
  amr: ['pwd'],
  authTime: 1792483200,
  memberships: [membership],
};

const approved: Decision = decide(
  demoPolicy('docs'),
  subject({ organization: association, approvals: [approval({ service: 'docs' })] }),
  now,
);
const everyScope = new Set(Object.keys(claimsByScope));

const release = (change: Partial<Release> = {}): Record<string, unknown> =>
  buildClaims({
    signIn,
    membership,
    link: membership,
    organization: association,
    service: 'docs',
    decision: approved,
    amr: signIn.amr,
    decisionId: 'd_1',
    allowedScopes: everyScope,
    extendedRoles: false,
    ...change,
  });

describe('an address', () => {
  const addressOf = (change: Partial<SignIn>) => {
    const { email, email_verified, preferred_username } = release({ signIn: { ...signIn, ...change } });
    return { email, email_verified, preferred_username };
  };

  test('for which nobody answers is for contact here: no tool gets it, under any name', () => {
    const nobody = { email: 'ministre@etat.example', emailDomain: '', emailVerified: false };
    expect(addressOf(nobody)).toEqual({});
    expect(JSON.stringify(release({ signIn: { ...signIn, ...nobody } }))).not.toContain('ministre');
  });

  test('goes to tools when its provider answers for the domain, or its mailbox was proven here', () => {
    const { email } = signIn;
    expect(addressOf({ emailVerified: false })).toEqual({
      email,
      email_verified: false,
      preferred_username: email,
    });
    expect(addressOf({ emailDomain: '', emailVerified: true })).toMatchObject({
      email,
      email_verified: true,
    });
  });
});

describe('truth and decision are apart', () => {
  test('an approved association is allowed, and stays an association without public role', () => {
    expect(release()).toMatchObject({
      organization_type: 'association.declared',
      organization_category: 'association',
      is_public_service: false,
      roles: [],
      eligibility: { service: 'docs', decision: 'allow', level: 'member', basis: 'approval', reason: null },
      guest: false,
    });
  });

  test('a refused one keeps the same truth, and gets nothing', () => {
    const refused = decide(demoPolicy('docs'), subject({ organization: association }), now);
    expect(release({ decision: refused })).toMatchObject({
      organization_type: 'association.declared',
      eligibility: { decision: 'deny', reason: 'approval_missing' },
      entitlements: [],
    });
  });

  test('roles carry type and eligibility only for clients that ask for a flat list', () => {
    expect(release({ extendedRoles: true }).roles).toEqual([
      'organization_type:association.declared',
      'eligible',
      'eligible:member',
    ]);
    expect(release({ extendedRoles: true }).groups).toEqual(release({ extendedRoles: true }).roles);
    expect(release({ organization: dinum, extendedRoles: true }).roles).toContain('agent_public_etat');
  });
});

describe('what a client gets', () => {
  test.each(Object.entries(claimsByScope))(
    'the scope %s releases at most its own claims',
    (scope, claims) => {
      const released = Object.keys(release({ allowedScopes: new Set([scope]) }));
      expect(claims).toEqual(expect.arrayContaining(released));
    },
  );

  test('the rest of the claims of OpenID Connect Core §5.1, when the IdP asserted them', () => {
    const asserted = { locale: 'fr-FR', updated_at: 1792483200, picture: 'https://annuaire.example/42.png' };
    const telephone = { phone_number: '+33199000001', phone_number_verified: false };
    const everything = { ...signIn, claims: { ...signIn.claims, ...asserted, ...telephone } };
    const behind = (scope: string, person: SignIn) =>
      release({ signIn: person, allowedScopes: new Set([scope]) });
    const written = ['name', 'given_name', 'family_name', 'usual_name', 'preferred_username'];
    expect(Object.keys(behind('profile', signIn)).toSorted()).toEqual(written.toSorted());
    expect(behind('profile', everything)).toEqual({ ...behind('profile', signIn), ...asserted });
    expect(behind('phone', signIn)).toEqual({});
    expect(behind('phone', everything)).toEqual(telephone);
  });

  test('nothing without a scope, and nothing of the IdP that is not in the table', () => {
    expect(release({ allowedScopes: new Set() })).toEqual({});
    expect(JSON.stringify(release())).not.toContain('never asked for');
  });

  test('numbers of approvals, authors and traces never leave', () => {
    const text = JSON.stringify(release());
    expect(approved.approvalId).toBeDefined();
    expect(text).not.toContain(String(approved.approvalId));
    expect(text).not.toContain('trace');
  });

  test('an organization that the register does not know is not described', () => {
    const claims = release({ organization: undefined });
    expect(claims.siret).toBe(association.siret);
    expect(Object.keys(claims).filter((name) => name.startsWith('organization_'))).toEqual([
      'organization_link',
    ]);
    expect(claims).not.toHaveProperty('is_public_service');
  });

  test('times are whole seconds since the epoch', () => {
    const { eligibility } = release();
    expect(eligibility).toMatchObject({
      decided_at: Math.floor(now.getTime() / 1000),
      valid_until: Math.floor((approved.validUntil?.getTime() ?? Number.NaN) / 1000),
    });
  });
});
