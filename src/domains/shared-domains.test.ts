import { expect, test } from 'vitest';
import { mayClaim } from './may-claim.ts';

test.each([
  ['k12.ca.us', 'public_suffix'],
  ['nagoya.jp', 'public_suffix'],
  ['city.nagoya.jp', undefined],
  // Run by their orders and chambers: a suffix for whoever would take all of it, and a name of somebody's below.
  ['avocat.fr', 'public_suffix'],
  ['presse.fr', 'public_suffix'],
  ['mon-cabinet.avocat.fr', undefined],
  ['loire-atlantique.chambagri.fr', undefined],
  ['mon-asso.replit.app', 'shared_hosting'],
  ['mon-asso.s3.amazonaws.com', 'shared_hosting'],
  ['a.b.mon-asso.myfritz.net', 'shared_hosting'],
  ['lille.assoconnect.com', 'shared_hosting'],
  ['mon-asso.sites.example', undefined],
])('by the Public Suffix List, %s: %s', (domain, because) => {
  for (const withSubdomains of [false, true])
    expect(mayClaim({ domain, withSubdomains }, { isDisposable: false, providerDomains: [] })).toBe(because);
});
