import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../eligibility/eligibility.ts';
import { readDeclarations } from './load.ts';
import { buildSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import { anIdp, aPolicy, yamlOf } from './testing/samples.ts';

const idps = (...list: object[]) =>
  readDeclarations([{ name: 'a.yaml', text: yamlOf({ identity_providers: list }) }], {
    production: false,
    variables: {},
  }).identityProviders;

const snapshotOf = (contents: Partial<Parameters<typeof buildSnapshot>[0]>): Snapshot =>
  buildSnapshot({
    revision: 1,
    services: [],
    clients: [],
    resourceServers: [],
    identityProviders: [],
    policies: [],
    operators: [],
    ...contents,
  });

describe('the policy in force', () => {
  const version = (number: number, day: string) =>
    parsePolicy({ ...aPolicy, version: number, valid_from: day });
  const snapshot = snapshotOf({
    policies: [version(1, '2026-01-01'), version(3, '2026-10-26'), version(2, '2026-06-01')],
  });
  const at = (instant: string) => snapshot.policyFor('docs', new Date(instant))?.policy.version;

  it.each([
    ['2025-12-31T22:59:59Z', undefined],
    ['2025-12-31T23:00:00Z', 1],
    ['2026-05-31T21:59:59Z', 1],
    ['2026-05-31T22:00:00Z', 2],
    // The day after the clocks changed in Paris, on 25 October 2026.
    ['2026-10-25T22:59:59Z', 2],
    ['2026-10-25T23:00:00Z', 3],
  ])('at %s is version %s: days begin at midnight in Paris', (instant, expected) => {
    expect(at(instant)).toBe(expected);
  });

  it('of a service without policy is none', () => {
    expect(snapshot.policyFor('tchap', new Date('2026-11-22T10:00:00Z'))).toBeUndefined();
  });
});

describe('identity providers of a domain', () => {
  it('are found by each of their domains, disabled ones too, in order of id', () => {
    const list = idps(
      { ...anIdp, id: 'zeta', domains: ['a.example', 'b.example'] },
      { ...anIdp, id: 'alpha', domains: ['b.example'], enabled: false },
    );
    const { idpsByDomain, identityProviders } = snapshotOf({ identityProviders: list });
    expect(idpsByDomain.get('a.example')?.map(({ id }) => id)).toEqual(['zeta']);
    expect(idpsByDomain.get('b.example')?.map(({ id }) => id)).toEqual(['alpha', 'zeta']);
    expect(idpsByDomain.get('c.example')).toBeUndefined();
    expect(identityProviders.get('alpha')?.enabled).toBe(false);
  });
});
