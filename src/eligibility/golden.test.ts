import { describe, expect, it } from 'vitest';
import { isSiret, loadTerritories } from '../organizations/organizations.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { parsePolicy } from './policy.ts';
import type { Policy } from './policy.ts';
import golden from './testing/golden-thresholds.json' with { type: 'json' };
import { authority, demoDocument, demoPolicy, now, organization, subject } from './testing/factory.ts';

/** The rule of ANSM as the demo declares it, on the real communes and groupings of the Code officiel géographique. */
const anct = demoPolicy('anct');
const territories = loadTerritories();

const wordingOnly = (measure: 'municipale' | 'totale'): Policy => {
  const document = demoDocument('anct');
  const rules = Array.isArray(document['rules']) ? document['rules'].slice(0, 2) : [];
  return parsePolicy({ ...document, measure, rules });
};

/** An establishment of the legal unit, its last digit the key: which one it is plays no part in the rule. */
function siretOf(siren: string): string {
  return Array.from({ length: 10 }, (_, key) => `${siren}0001${key}`).find(isSiret) ?? '';
}

function decideFor(policy: Policy, siren: string, legalCategory: '7210' | '7346'): Decision {
  const facts = organization({ siret: siretOf(siren), legalCategory }, territories);
  return decide(policy, subject({ organization: facts }), now);
}

describe('the limits are strict', () => {
  it.each([
    ['7210', 0, 'allow'],
    ['7210', 3499, 'allow'],
    ['7210', 3500, 'deny'],
    ['7210', 3501, 'deny'],
    ['7346', 14999, 'allow'],
    ['7346', 15000, 'deny'],
  ] as const)('%s of %i inhabitants: %s', (category, count, expected) => {
    const decision = decide(anct, subject({ organization: authority(category, count, 'none') }), now);
    expect(decision.decision).toBe(expected);
    if (expected === 'deny') expect(decision.reason).toBe('population_too_large');
  });

  it.each([
    [14999, 'allow'],
    [15000, 'deny'],
  ] as const)('a commune of 3 500 in a grouping of %i: %s', (count, expected) => {
    expect(decide(anct, subject({ organization: authority('7210', 3500, count) }), now).decision).toBe(
      expected,
    );
  });

  it.each([
    ['La Buisse', '38061', false],
    ['Saint-Colomban', '44155', false],
    ['Férel', '56058', true],
    ['Chanceaux-sur-Choisille', '37054', true],
    ['Langeac', '43112', true],
    ["L'Île-d'Yeu, without grouping", '85113', false],
  ] as const)('%s: small commune %s', (_name, code, small) => {
    const siren = territories.communeByCode(code)?.siren ?? '';
    const decision = decideFor(wordingOnly('municipale'), siren, '7210');
    expect(decision.rule).toBe(small ? 'small-commune' : undefined);
    expect(decision.reason).toBe(small ? undefined : 'population_too_large');
  });
});

describe('populations that lie on both sides of a limit', () => {
  it('are 9 groupings and 73 communes', () => {
    expect(golden.straddle.filter(({ kind }) => kind === 'epci')).toHaveLength(9);
    expect(golden.straddle.filter(({ kind }) => kind === 'commune')).toHaveLength(73);
  });

  it.each(golden.straddle)('$kind $nom ($siren): $mun or $tot', (entry) => {
    const commune = entry.kind === 'commune';
    const limit = commune ? 3500 : 15000;
    const id = commune ? 'small-commune' : 'small-grouping';
    for (const [measure, count] of [
      ['municipale', entry.mun],
      ['totale', entry.tot],
    ] as const) {
      const decision = decideFor(wordingOnly(measure), entry.siren, commune ? '7210' : '7346');
      expect(decision.rule, measure).toBe(count < limit ? id : undefined);
      expect(decision.factsUsed.find(({ name }) => name === 'org.population')?.value).toBe(count);
    }
    // The third rule is apart, and says so.
    const whole = decideFor(anct, entry.siren, commune ? '7210' : '7346').rule;
    const byGrouping =
      commune && (entry.epci_mun ?? Infinity) < 15000 ? 'commune-of-small-grouping' : undefined;
    expect(whole).toBe(entry.mun < limit ? id : byGrouping);
  });
});

describe('communes that only their grouping lets in', () => {
  it.each(golden.via_epci_only)(
    '$nom ($pop) in $epci_nom ($epci_pop)',
    ({ siren, pop, epci_pop: epciPopulation }) => {
      const decision = decideFor(anct, siren, '7210');
      expect(decision).toMatchObject({
        decision: 'allow',
        rule: 'commune-of-small-grouping',
        basis: 'territorial_rule',
      });
      const value = (name: string): unknown => decision.factsUsed.find((fact) => fact.name === name)?.value;
      expect(value('org.population')).toBe(pop);
      expect(value('org.epci.population')).toBe(epciPopulation);
      expect(decideFor(wordingOnly('municipale'), siren, '7210').decision).toBe('deny');
    },
  );

  it('are 77', () => {
    expect(golden.via_epci_only).toHaveLength(77);
  });
});

describe('the whole country', () => {
  const count = (policy: Policy, category: '7210' | '7346', sirens: readonly string[], id: string): number =>
    sirens.filter((siren) => decideFor(policy, siren, category).rule === id).length;
  const groupings = [...territories.epcis()].map(({ siren }) => siren);

  it('has 360 small groupings by municipal population, 351 by total population', () => {
    expect(count(wordingOnly('municipale'), '7346', groupings, 'small-grouping')).toBe(360);
    expect(count(wordingOnly('totale'), '7346', groupings, 'small-grouping')).toBe(351);
  });

  it('has the golden communes, and no other, behind the third rule', () => {
    const communes = [...territories.communes()].flatMap(({ siren, population }) =>
      siren !== undefined && (population?.municipal ?? 0) >= 3500 ? [siren] : [],
    );
    const admitted = communes.filter(
      (siren) => decideFor(anct, siren, '7210').rule === 'commune-of-small-grouping',
    );
    expect(admitted.sort()).toEqual(golden.via_epci_only.map(({ siren }) => siren).sort());
  });
});
