import { UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { expectedSubjects } from './expected-subject.ts';

const hint = new UnsecuredJWT({}).setSubject('one').encode();
const sub = (wish: unknown) => ({ claims: JSON.stringify({ id_token: { sub: wish } }) });

test.each<readonly [string, Record<string, unknown>, readonly (readonly string[])[]]>([
  ['nobody in particular', {}, []],
  ['the person of the hint', { id_token_hint: hint }, [['one']]],
  ['the value of sub', sub({ value: 'two' }), [['two']]],
  ['one of the values of sub', sub({ values: ['two', 'three'] }), [['two', 'three']]],
  ['sub without a value', sub(null), []],
  ['both: the person has to be each', { ...sub({ value: 'two' }), id_token_hint: hint }, [['one'], ['two']]],
])('%s', (_what, params, expected) => {
  expect(expectedSubjects(params)).toEqual(expected);
});
