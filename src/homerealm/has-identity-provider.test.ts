import { expect, test } from 'vitest';
import { hasIdentityProvider } from './homerealm.ts';

const open = { id: 'ville', domains: ['ville.example'], enabled: true, allow_subdomains: true };
const closed = { id: 'fermee', domains: ['fermee.example'], enabled: false };
const declared = {
  identityProviders: new Map([
    ['ville', open],
    ['fermee', closed],
  ]),
  idpsByDomain: new Map([
    ['ville.example', [open]],
    ['fermee.example', [closed]],
  ]),
};

test.each([
  ['anne@ville.example', true],
  ['Anne@VILLE.example', true],
  ['anne@sous.ville.example', true],
  ['anne@fermee.example', true],
  ['anne@sous.fermee.example', false],
  ['anne@ville.example.com', false],
  ['anne@gmail.com', false],
  ['anne@asso.example', false],
  ['anne', false],
  ['', false],
])('somebody answers for %j: %s', (email, expected) => {
  expect(hasIdentityProvider(email, declared)).toBe(expected);
});
