import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCommuneCode, isSiren, isSiret, mergeStatements } from '../organizations/organizations.ts';
import type { Source, StatedFacts, Statement, Statements } from '../organizations/organizations.ts';
import { drift, statementsBefore } from './drift.ts';
import type { Drifting } from './drift.ts';

const siren = (text: string) => {
  if (!isSiren(text)) throw new Error(text);
  return text;
};
const siret = (text: string) => {
  if (!isSiret(text)) throw new Error(text);
  return text;
};

const commune = (text: string) => {
  if (!isCommuneCode(text)) throw new Error(text);
  return text;
};

const association: StatedFacts = {
  name: 'AMD-FICTIF',
  legalCategory: '9220',
  unitState: 'A',
  commune: commune('56260'),
  headOffice: siret('00000010900009'),
};
const says = (facts: StatedFacts, asOf = '2026-11-01'): Statement => ({ facts, asOf });
const sirene = (facts: StatedFacts): Statements => ({ sirene: says(facts) });

const held = (statements: Statements) => ({ ...mergeStatements(statements), statements });

const quiet: Drifting = {
  now: held(sirene(association)),
  then: held(sirene(association)),
  open: true,
  headOfficeOpen: true,
  newest: '2026-11-01',
};
const oldest = '2026-08-24';
const reasons = (drifting: Drifting) => drift(drifting, oldest).map(({ reason }) => reason);
const became = (facts: StatedFacts, others: Statements = {}) =>
  reasons({ ...quiet, now: held({ ...sirene({ ...association, ...facts }), ...others }) });

describe('an approval is looked at again', () => {
  it('never while nothing moved', () => {
    expect(drift(quiet, oldest)).toEqual([]);
  });

  it('when the register no longer holds the organization', () => {
    expect(
      reasons({ ...quiet, now: undefined, open: undefined, headOfficeOpen: undefined, newest: undefined }),
    ).toEqual(['not_in_register']);
  });

  it('when it has ceased, or is open with every establishment closed, or is dissolved, or replaced', () => {
    expect(became({ unitState: 'C' })).toEqual(['unit_closed']);
    expect(reasons({ ...quiet, open: false })).toEqual(['every_establishment_closed']);
    expect(reasons({ ...quiet, open: undefined })).toEqual([]);
    expect(became({}, { rna: says({ dissolvedOn: '2026-10-01' }) })).toContain('dissolved');
    expect(became({ successor: siren('130025265') })).toEqual(['merged']);
  });

  it('when its head office is closed and another site is open; that every site is says it already', () => {
    expect(reasons({ ...quiet, headOfficeOpen: false })).toEqual(['head_office_closed']);
    expect(reasons({ ...quiet, headOfficeOpen: undefined })).toEqual([]);
    expect(reasons({ ...quiet, open: false, headOfficeOpen: false })).toEqual(['every_establishment_closed']);
    const ceased = held(sirene({ ...association, unitState: 'C' }));
    expect(reasons({ ...quiet, now: ceased, headOfficeOpen: false })).toEqual(['unit_closed']);
  });

  it('when a file of ours says that it is active and INSEE that it has ceased', () => {
    expect(became({ unitState: 'C' }, { configuration: says({ unitState: 'A' }, '2026-11-21') })).toEqual([
      'sources_disagree',
    ]);
  });

  it('as renamed when one source has another name, whoever is believed; not when another spells it otherwise', () => {
    const declared: Statements = { configuration: says({ name: 'Association fictive des maires' }) };
    expect(became({}, declared)).toEqual([]);
    expect(became({ name: 'Amd, fictif' })).toEqual([]);
    const renamed = { ...quiet, then: held({ ...sirene(association), ...declared }) };
    const now = held({ ...sirene({ ...association, name: 'AMD 56' }), ...declared });
    expect(drift({ ...renamed, now }, oldest)).toEqual([
      { reason: 'renamed', detail: 'AMD-FICTIF → AMD 56' },
    ]);
    const both = held({ ...sirene({ ...association, name: 'AMD 56' }), configuration: says({ name: 'AM' }) });
    expect(drift({ ...renamed, now: both }, oldest)).toEqual([
      { reason: 'renamed', detail: 'Association fictive des maires → AM ; AMD-FICTIF → AMD 56' },
    ]);
    expect(
      reasons({ ...quiet, now: held({ api_sirene: says({ ...association, name: 'AMD 56' }) }) }),
    ).toEqual(['renamed']);
  });

  it.each([
    [{ legalCategory: '9230' }, ['legal_category_changed', 'type_changed'], '9220 → 9230'],
    [{ legalCategory: '9221' }, ['legal_category_changed'], '9220 → 9221'],
    [{ name: 'AMD DU FICTIF' }, ['renamed'], 'AMD-FICTIF → AMD DU FICTIF'],
    [{ commune: commune('44109') }, ['head_office_moved'], '56260 → 44109'],
    [
      { legalCategory: '7210' },
      ['legal_category_changed', 'type_changed', 'public_service_changed'],
      '9220 → 7210',
    ],
  ] as const)('when the register changed to %j', (facts, expected, detail) => {
    expect(became(facts)).toEqual(expected);
    const now = held(sirene({ ...association, ...facts }));
    expect(drift({ ...quiet, now }, oldest)[0]?.detail).toBe(detail);
  });

  it('not when the register learns what it did not know', () => {
    const then = held(sirene({ name: 'AMD-FICTIF', unitState: 'A' }));
    expect(reasons({ ...quiet, then })).toEqual([]);
  });

  it('when two registers disagree and nobody has settled it', () => {
    expect(became({}, { organizations: says({ legalCategory: '9230' }) })).toContain('sources_disagree');
  });

  it('when nothing newer than the limit is known: the limit itself is not too old', () => {
    expect(reasons({ ...quiet, newest: '2026-08-23' })).toEqual(['facts_outdated']);
    expect(reasons({ ...quiet, newest: oldest })).toEqual([]);
  });
});

describe('what the sources said at an earlier moment', () => {
  const statement = fc.record({ n: fc.integer({ min: 0, max: 9 }) }).map(({ n }) => says({ name: `n${n}` }));
  const step = fc.record({
    source: fc.constantFrom<Source>('sirene', 'rna', 'operator'),
    after: fc.option(statement, { nil: undefined }),
  });

  it('is found again by undoing every change since', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.nat(12), (steps, at) => {
        const states: Statements[] = [{}];
        const changes = steps.map(({ source, after }) => {
          const previous = states.at(-1) ?? {};
          const { [source]: before, ...others } = previous;
          states.push(after === undefined ? others : { ...others, [source]: after });
          return { source, before };
        });
        const moment = Math.min(at, steps.length);
        expect(statementsBefore(states.at(-1) ?? {}, changes.slice(moment))).toEqual(states[moment]);
      }),
    );
  });
});
