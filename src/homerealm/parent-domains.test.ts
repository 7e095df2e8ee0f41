import { expect, it } from 'vitest';
import { parentDomains } from './parent-domains.ts';

it.each([
  ['a.b.mairie.example', ['b.mairie.example', 'mairie.example']],
  ['b.mairie.example', ['mairie.example']],
  ['mairie.example', []],
])('the parents of %s, nearest first, without the top-level domain', (domain, parents) => {
  expect(parentDomains(domain)).toEqual(parents);
});
