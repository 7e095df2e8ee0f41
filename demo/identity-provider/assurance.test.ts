import { expect, test } from 'vitest';
import { demoPeople } from '../people.ts';
import type { DemoPerson } from '../people.ts';
import { methodsOf, reachedAcr, wantedAssurance } from './assurance.ts';

const essential = (values: readonly string[]): string =>
  JSON.stringify({ id_token: { acr: { essential: true, values } } });

const person = (sub: string): DemoPerson => {
  const found = demoPeople.find((one) => one.sub === sub);
  if (found === undefined) throw new Error(sub);
  return found;
};

test.each([
  [{}, { essential: [], wished: [] }],
  [{ acr_values: 'eidas2 eidas1' }, { essential: [], wished: ['eidas2', 'eidas1'] }],
  [{ claims: essential(['eidas2', 'eidas3']) }, { essential: ['eidas2', 'eidas3'], wished: [] }],
  [
    { claims: '{"id_token":{"acr":{"essential":true,"value":"eidas2"}}}' },
    { essential: ['eidas2'], wished: [] },
  ],
  [{ claims: '{"id_token":{"acr":{"value":"eidas2"}}}' }, { essential: [], wished: ['eidas2'] }],
  [{ claims: '{"id_token":{"acr":null}}' }, { essential: [], wished: [] }],
  [{ claims: '{"id_token":{"acr":{"values":"eidas2"}}}' }, { essential: [], wished: [] }],
  [{ claims: '{' }, { essential: [], wished: [] }],
])('%j', (params, expected) => {
  expect(wantedAssurance(params)).toEqual(expected);
});

test('acr_values do not weaken an essential level', () => {
  const wanted = wantedAssurance({ acr_values: 'eidas1', claims: essential(['eidas1-mfa']) });
  expect(wanted.essential).toEqual(['eidas1-mfa']);
  expect(reachedAcr(person('agent-etat'), wanted)).toBe('eidas1-mfa');
});

test.each([
  ['agent-etat', [], [], 'eidas1'],
  ['agent-etat', ['eidas2', 'eidas1-mfa'], [], 'eidas1-mfa'],
  ['agent-etat', [], ['eidas3', 'eidas1-mfa'], 'eidas1-mfa'],
  ['agent-etat', ['eidas3'], [], 'eidas1'],
  ['membre-asso', ['eidas1-mfa'], [], 'eidas1'],
])('%s, essential %j, wished %j: reaches %s', (sub, wantedEssential, wished, expected) => {
  expect(reachedAcr(person(sub), { essential: wantedEssential, wished })).toBe(expected);
});

test('the methods say whether there was a second factor', () => {
  expect(methodsOf('eidas1')).toEqual(['pwd']);
  expect(methodsOf('eidas1-mfa')).toContain('mfa');
});
