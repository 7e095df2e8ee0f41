import { expect, test } from 'vitest';
import { pairwiseSubject } from './subject.ts';

const salt = Buffer.alloc(32, 7);

test('the same account has one subject in a sector, another in another sector (OpenID Connect Core §8.1)', () => {
  expect(pairwiseSubject(salt, 'docs.example', 'a')).toBe(pairwiseSubject(salt, 'docs.example', 'a'));
  expect(pairwiseSubject(salt, 'docs.example', 'a')).not.toBe(pairwiseSubject(salt, 'tchap.example', 'a'));
  expect(pairwiseSubject(salt, 'docs.example', 'a')).not.toBe(pairwiseSubject(salt, 'docs.example', 'b'));
});

test('sector and account do not run into one another', () => {
  expect(pairwiseSubject(salt, 'ab', 'c')).not.toBe(pairwiseSubject(salt, 'a', 'bc'));
});

test('it is short ASCII, as tools store it (at most 255 characters)', () => {
  expect(pairwiseSubject(salt, 'docs.example', 'a')).toMatch(/^[A-Za-z0-9_-]{43}$/);
});
