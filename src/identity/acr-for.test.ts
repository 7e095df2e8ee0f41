import { describe, expect, test } from 'vitest';
import { acrFor } from './acr-for.ts';

const levels = ['declared', 'email_domain', 'moderated', 'official_source'] as const;

describe('the level of a partner for an organization: the weakest of what is known decides', () => {
  test.each([
    // acr of the sign-in, then what it is worth by level of the link, in the order above.
    ['eidas1', ['eidas0', 'eidas0', 'eidas1', 'eidas1']],
    ['eidas1-mfa', ['eidas0-mfa', 'eidas0-mfa', 'eidas1-mfa', 'eidas1-mfa']],
    ['eidas0', ['eidas0', 'eidas0', 'eidas0', 'eidas0']],
    ['eidas0-mfa', ['eidas0-mfa', 'eidas0-mfa', 'eidas0-mfa', 'eidas0-mfa']],
    // What no sign-in here can be is worth no more for it.
    ['eidas3', ['eidas0-mfa', 'eidas0-mfa', 'eidas3', 'eidas3']],
    ['invented', ['eidas0', 'eidas0', 'invented', 'invented']],
  ])('%s', (acr, expected) => {
    const told = (origin: 'idp' | 'declared') =>
      levels.map((level) => acrFor({ acr, idp: 'partenaires' }, { level, origin }));
    expect([told('declared'), told('idp')]).toEqual([expected, expected]);
  });

  test.each(levels)('whoever signed in elsewhere has the level that was said there (%s)', (level) => {
    expect(acrFor({ acr: 'eidas2', idp: 'demo' }, { level, origin: 'idp' })).toBe('eidas2');
  });

  test.each([
    ['declared', 'eidas0-mfa'],
    ['email_domain', 'eidas0-mfa'],
    ['moderated', 'eidas2'],
    ['official_source', 'eidas2'],
  ] as const)('of an organization that their provider does not name (%s): %s', (level, expected) => {
    expect(acrFor({ acr: 'eidas2', idp: 'demo' }, { level, origin: 'declared' })).toBe(expected);
  });
});
