/**
 * The six traps of the field, one named test each. Trap 4 (a register that is down must make nobody "not public"; the
 * last known facts are kept, with their age) is about rows and time: see register/, where copies grow old.
 */
import { describe, expect, test } from 'vitest';

import {
  loadPublicServiceExceptions,
  loadTerritories,
  parseSiren,
  parseSiret,
  proconnectRoles,
  publicServiceVerdict,
} from '../organizations/organizations.ts';
import type { PublicServiceSubject } from '../organizations/organizations.ts';
import { acrAtLeast, acrValues, toAcr } from './acr.ts';
import { decide } from './decide.ts';
import { now, organization, policy, rule, subject } from './testing/factory.ts';

const exceptions = loadPublicServiceExceptions();
const territories = loadTerritories();

const living = (siren: string, legalCategory: string): PublicServiceSubject => ({
  siren: parseSiren(siren),
  legalCategory,
  unitState: 'A',
  establishmentState: 'A',
});

describe('trap 1: the state of the establishment counts as well as that of the legal unit', () => {
  test.each([
    ['A', 'A', true],
    ['A', 'F', false],
    ['C', 'A', false],
    ['C', 'F', false],
  ] as const)('unit %s, establishment %s: a commune is public: %s', (unitState, establishmentState, is) => {
    const facts = organization({ legalCategory: '7210', unitState, establishmentState });
    expect([facts.active, facts.publicService, facts.facets.length > 0]).toEqual([is, is, is]);
  });
});

describe('trap 2: facets of an exception are set separately', () => {
  // Union des caisses nationales de sécurité sociale: on ProConnect's white list, an association of no public category.
  const ucanss = '784621435';

  test('the white list gives a role, and no facet', () => {
    const verdict = publicServiceVerdict(living(ucanss, '9220'), exceptions);
    expect(verdict).toEqual({ publicService: true, source: 'whitelist', facets: [] });
    expect(proconnectRoles(verdict)).toEqual(['agent_public']);
  });

  test('an operator gives it the facets that it has', () => {
    const publicServiceStated = { public: true, facets: ['state', 'spa'], source: 'operator' } as const;
    const verdict = publicServiceVerdict({ ...living(ucanss, '9220'), publicServiceStated }, exceptions);
    expect(verdict).toEqual({ publicService: true, source: 'operator_decision', facets: ['state', 'spa'] });
    expect(proconnectRoles(verdict)).toEqual(['agent_public', 'agent_public_etat']);
  });

  test('an operator of the State is State, association or not', () => {
    const verdict = publicServiceVerdict(living('784523318', '9220'), exceptions);
    expect(proconnectRoles(verdict)).toEqual(['agent_public', 'agent_public_etat']);
  });

  test('an excluded SIREN has no role, whatever its category', () => {
    expect(proconnectRoles(publicServiceVerdict(living('348679010', '7120'), exceptions))).toEqual([]);
  });
});

describe('trap 3: the line of the white list that holds no SIREN', () => {
  test('is no identifier, and makes nobody public', () => {
    expect(parseSiren('77566343803654.0')).toBeUndefined();
    expect(parseSiret('77566343803654.0')).toBeUndefined();
    const ratp = parseSiren('775663438');
    expect(ratp !== undefined && exceptions.whitelist.has(ratp)).toBe(false);
  });
});

describe('trap 5: fewer than 3 500 is strict', () => {
  const fewerThan3500 = policy({ rules: [rule({ 'org.population': { lt: 3_500 } })] });

  test.each([
    ['La Buisse', '21380061800018', 3_500, 'deny'],
    ['Saint-Colomban', '21440155600011', 3_500, 'deny'],
    ['Férel', '21560058600014', 3_499, 'allow'],
  ])('%s (%s, %i inhabitants): %s', (_, siret, inhabitants, answer) => {
    const facts = organization({ siret, legalCategory: '7210' }, territories);
    expect(facts.territory.population?.municipal).toBe(inhabitants);
    const decision = decide(fewerThan3500, subject({ organization: facts }), now);
    expect(decision.decision).toBe(answer);
  });
});

describe('trap 6: an authentication level that we do not know', () => {
  test.each([undefined, '', 'eidas4', 'EIDAS3', 'https://refeds.org/profile/mfa'])(
    '%j is worth the lowest, and reaches no other',
    (unknown) => {
      expect(toAcr(unknown)).toBe('eidas0');
      for (const acr of acrValues) expect(acrAtLeast(toAcr(unknown), acr)).toBe(acr === 'eidas0');
    },
  );
});
