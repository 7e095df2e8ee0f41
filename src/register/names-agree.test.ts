import { expect, test } from 'vitest';
import { namesAgree } from './names-agree.ts';

const held = { name: 'ASSOCIATION DES MAIRES ET PRESIDENTS D’EPCI DU MORBIHAN', acronym: 'A.M.P.M' };

test.each([
  ['Association des maires du Morbihan', true],
  ['maires Morbihan', true],
  ['AMPM', true],
  ['Association des maires et présidents d’EPCI du Morbihan (AMPM), Vannes', true],
  ['Association des maires du Finistère', false],
  ['Association des maires du Morbhian', false],
  ['…', false],
])('%j may be the name: %s', (typed, agrees) => {
  expect(namesAgree(typed, held)).toBe(agrees);
});
