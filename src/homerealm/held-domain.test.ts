import { expect, test } from 'vitest';
import { BrokerError } from '../errors/errors.ts';
import { assertNotHeld, heldDomainOf } from './held-domain.ts';

const declared = {
  heldDomains: new Map([
    ['mairie.example', true],
    ['xn--march-fsa.example', true],
  ]),
};

test.each([
  ['a@mairie.example', 'mairie.example'],
  ['A@MAIRIE.Example', 'mairie.example'],
  ['a@b.c.mairie.example', 'mairie.example'],
  ['a@marché.example', 'xn--march-fsa.example'],
  ['a@xmairie.example', undefined],
  ['a@mairie.example.fr', undefined],
  ['mairie.example@autre.example', undefined],
  ['a@example', undefined],
  ['mairie.example', undefined],
  ['', undefined],
])('%s lies in %s', (email, domain) => {
  expect(heldDomainOf(email, declared)).toBe(domain);
  expect(heldDomainOf(email, { heldDomains: new Map() })).toBeUndefined();
});

test('is told with the domain that is held, not with the address', () => {
  const refused = (): void => assertNotHeld('camille@b.mairie.example', declared);
  expect(refused).toThrow(BrokerError);
  expect(refused).toThrow(
    expect.objectContaining({ code: 'M-ROUT-004', values: { domain: 'mairie.example' } }),
  );
  expect(() => assertNotHeld('camille@autre.example', declared)).not.toThrow();
});
