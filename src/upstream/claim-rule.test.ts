import { describe, expect, it } from 'vitest';
import type { ClaimRule } from '../declarations/declarations.ts';
import { valueOf } from './claim-rule.ts';

const read = (rule: Record<string, unknown>, value: unknown): unknown => {
  const full: unknown = { from: 'userinfo', claim: 'c', ...rule };
  if (!isRule(full)) throw new Error('no rule');
  return valueOf(full, { id_token: {}, userinfo: { c: value } });
};
const isRule = (rule: unknown): rule is ClaimRule =>
  typeof rule === 'object' && rule !== null && 'from' in rule;

describe('a rule reads one claim of one answer', () => {
  const sources = {
    id_token: { mail: 'of the token' },
    userinfo: { mail: 'of userinfo', a: { b: { c: 1 } } },
  };
  it('the one that it names, and never the other', () => {
    expect(valueOf({ from: 'id_token', claim: 'mail' }, sources)).toBe('of the token');
    expect(valueOf({ from: 'userinfo', claim: 'mail' }, sources)).toBe('of userinfo');
    expect(valueOf({ from: 'id_token', claim: 'a' }, sources)).toBeUndefined();
  });

  it('through objects, by their own members only', () => {
    expect(valueOf({ from: 'userinfo', claim: ['a', 'b', 'c'] }, sources)).toBe(1);
    expect(valueOf({ from: 'userinfo', claim: ['a', 'x', 'c'] }, sources)).toBeUndefined();
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(valueOf({ from: 'userinfo', claim: name }, sources)).toBeUndefined();
    expect(valueOf({ from: 'userinfo', claim: ['mail', 'length'] }, sources)).toBeUndefined();
  });

  it('or says the same for everybody', () => {
    expect(valueOf({ from: 'constant', value: 'agent' }, sources)).toBe('agent');
  });
});

describe('pick', () => {
  const phones = [
    { type: 'home', value: '01' },
    { type: 'work', value: '02' },
  ];
  it.each([
    [0, ['a', 'b'], 'a'],
    [1, ['a', 'b'], 'b'],
    ['last', ['a', 'b'], 'b'],
    [2, ['a', 'b'], undefined],
    [0, [], undefined],
    [0, 'alone', 'alone'],
    ['last', 'alone', 'alone'],
    [1, 'alone', undefined],
    [{ starts_with: '{SIRET}' }, ['{UAI}0', 7, '{SIRET}1'], '{SIRET}1'],
    [{ starts_with: '{SIRET}' }, ['{UAI}0'], undefined],
    [{ where: 'type', is: 'work', take: 'value' }, phones, '02'],
    [{ where: 'type', is: 'fax', take: 'value' }, phones, undefined],
    [{ where: 'constructor', is: 'work', take: 'value' }, phones, undefined],
    [100, Array.from({ length: 200 }, () => 'far'), undefined],
  ])('%j of %j is %j', (pick, value, expected) => {
    expect(read({ pick }, value)).toBe(expected);
  });
});

describe('split', () => {
  it.each([
    [' ', 0, 'MARTIN Camille', 'MARTIN'],
    [' ', 'all_but_first', 'MARTIN Anne Camille', 'Anne Camille'],
    [' ', 'upper_case', 'DE LA TOUR Jean-Pierre', 'DE LA TOUR'],
    [' ', 'not_upper_case', 'DE LA TOUR Jean-Pierre', 'Jean-Pierre'],
    [' ', 'upper_case', 'Anne-Lise LE GOFF-ÉVEN', 'LE GOFF-ÉVEN'],
    [' ', 'not_upper_case', 'MARTIN J. Paul', 'J. Paul'],
    [' ', 'upper_case', 'Camille Martin', undefined],
    [':', 'last', 'f:realm:cmartin', 'cmartin'],
    [':', 'all_but_last', 'f:realm:cmartin', 'f:realm'],
    [':', 1, 'f::realm', 'realm'],
    [':', 4, 'f:realm', undefined],
    ['}', 'last', '{SIRET}13002526500013', '13002526500013'],
    [' ', 0, ['MARTIN'], undefined],
    [' ', 0, 'x '.repeat(2000), undefined],
  ])('on %j, %j of %j is %j', (on, keep, value, expected) => {
    expect(read({ split: { on, keep } }, value)).toBe(expected);
  });
});

describe('lower_case', () => {
  it.each([
    ['domain', 'A.Martin@Univ.FR', 'A.Martin@univ.fr'],
    ['all', 'A.Martin@Univ.FR', 'a.martin@univ.fr'],
    ['domain', 'Univ.FR', 'univ.fr'],
    ['domain', '"a@B"@C.FR', '"a@B"@c.fr'],
    ['domain', 7, 7],
    // Letters of other alphabets are not folded into ours: the Kelvin sign would become a k that nobody wrote.
    ['domain', 'x@ban\u212A.fr', 'x@ban\u212A.fr'],
    ['all', '\u212AEVIN ÉVEN', '\u212Aevin Éven'],
  ])('%s: %j is %j', (lower_case, value, expected) => {
    expect(read({ lower_case }, value)).toBe(expected);
  });
});

describe('default', () => {
  it.each([undefined, null, ''])('takes the place of nothing (%j), and of nothing else', (nothing) => {
    expect(read({ default: 'agent' }, nothing)).toBe('agent');
    expect(read({ default: 'agent', split: { on: ' ', keep: 3 } }, 'a b')).toBe('agent');
    expect(read({ default: 'agent' }, false)).toBe(false);
    expect(read({ default: 'agent' }, 0)).toBe(0);
  });
});
