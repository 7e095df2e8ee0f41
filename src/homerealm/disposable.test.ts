import { expect, test } from 'vitest';
import { openMailDomains } from '../organizations/organizations.ts';
import { isDisposable } from './disposable.ts';

test.each([
  ['yopmail.com', true],
  ['mailinator.com', true],
  // Its sub-domains, listed or not.
  ['never-listed.mailinator.com', true],
  ['a.b.c.yopmail.com', true],
  // A name that only ends, or begins, like one.
  ['notyopmail.com', false],
  ['yopmail.com.example', false],
  ['association.example', false],
  ['ville-nantes.fr', false],
  // No name at all.
  ['com', false],
])('%s: %s', (domain, expected) => {
  expect(isDisposable(domain)).toBe(expected);
});

test('no mail service that people have at home is refused', () => {
  expect([...openMailDomains].filter(isDisposable)).toEqual([]);
});
