import { describe, expect, it } from 'vitest';
import { parseSiret } from '../organizations/organizations.ts';
import { createAssess } from './assess.ts';
import type { Applicant } from './assess.ts';
import type { KnownOrganization } from './subject.ts';
import { approval, association, demoPolicy, now } from './testing/factory.ts';

const siret = parseSiret('00000010900009');
if (siret === undefined) throw new Error('the SIRET of the test is wrong');

const applicant: Applicant = {
  service: 'docs',
  clientId: 'docs',
  siret,
  link: 'moderated',
  emailDomain: 'amd-fictif.example',
  emailVerified: true,
  acr: 'eidas1',
  amr: ['pwd'],
  idp: 'demo-idp',
  authTime: now,
};

const needs = {
  organization: async (): Promise<KnownOrganization> => ({ organization: association }),
  approvals: async (siren: string) => (siren === '000000109' ? [approval()] : []),
  policyFor: (service: string) =>
    service === 'docs' ? { policy: demoPolicy('docs'), replacedAt: undefined } : undefined,
  clock: () => now,
};

describe('an assessment', () => {
  it('asks the live facts and decides on them', async () => {
    const { decision, organization } = await createAssess(needs)(applicant);
    expect(organization).toBe(association);
    expect(decision).toMatchObject({ decision: 'allow', rule: 'approved', approvalId: 'a1', decidedAt: now });
    expect(decision.validUntil?.getTime()).toBe(1861916400_000);
  });

  it('ends with the version of the policy', async () => {
    const replacedAt = new Date('2026-12-31T23:00:00Z');
    const { decision } = await createAssess({
      ...needs,
      policyFor: () => ({ policy: demoPolicy('docs'), replacedAt }),
    })(applicant);
    expect(decision.validUntil).toEqual(replacedAt);
  });

  it('names the service that has no policy', async () => {
    const { decision } = await createAssess(needs)({ ...applicant, service: 'resana' });
    expect(decision).toMatchObject({ decision: 'deny', reason: 'policy_missing', service: 'resana' });
  });

  it('says that the register does not hold the organization', async () => {
    const { decision } = await createAssess({
      ...needs,
      organization: async () => ({ organization: undefined }),
    })(applicant);
    expect(decision.reason).toBe('organization_not_found_in_registry');
  });

  it.each([
    ['registry_unavailable', 'registry_unavailable_stale'],
    ['not_diffusible', 'legal_category_unknown'],
    ['not_in_registry', 'organization_not_found_in_registry'],
  ] as const)('tells why nothing is known: %s', async (absence, reason) => {
    const { decision } = await createAssess({
      ...needs,
      organization: async () => ({ organization: undefined, absence }),
    })(applicant);
    expect(decision).toMatchObject({ decision: 'deny', reason });
  });

  it('relies on a copy until it is too old, and never makes it private for that', async () => {
    const until = new Date(now.getTime() + 1_000);
    const known = (staleAt: Date) =>
      createAssess({ ...needs, organization: async () => ({ organization: association, staleAt }) })(
        applicant,
      );
    expect((await known(until)).decision).toMatchObject({ decision: 'allow', validUntil: until });
    const tooOld = await known(now);
    expect(tooOld.decision).toMatchObject({ decision: 'deny', reason: 'registry_unavailable_stale' });
    expect(tooOld.organization).toBeUndefined();
  });

  it('never takes an unreachable store for an answer', async () => {
    const broken = async (): Promise<never> => {
      throw new Error('connection lost');
    };
    await expect(createAssess({ ...needs, approvals: broken })(applicant)).rejects.toThrow('connection lost');
  });
});
