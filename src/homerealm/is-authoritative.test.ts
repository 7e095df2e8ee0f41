import { describe, expect, it } from 'vitest';
import { isAuthoritative } from './is-authoritative.ts';

const idp = { domains: ['etat.example', 'xn--tat-9la.example'] };

describe('an identity provider asserts only addresses of its domains', () => {
  it.each(['agent@etat.example', 'Agent@ETAT.example', 'agent@état.example'])('%s: yes', (email) => {
    expect(isAuthoritative(idp, email)).toBe(true);
  });

  it.each([
    'agent@commune.example',
    'agent@sub.etat.example',
    'agent@evil-etat.example',
    'agent@etat.example.evil.example',
    'agent@etat.example@evil.example',
    '"a@etat.example"@evil.example',
    'agent@etat.example ',
    'agent@etat.example.',
    'agent@etаt.example',
    'agent@\uFF45tat.example',
    '',
  ])('%j: no', (email) => {
    expect(isAuthoritative(idp, email)).toBe(false);
  });

  it('of sub-domains too, when its record says so', () => {
    const wide = { ...idp, allow_subdomains: true };
    expect(isAuthoritative(wide, 'agent@a.b.etat.example')).toBe(true);
    expect(isAuthoritative(wide, 'agent@evil-etat.example')).toBe(false);
    expect(isAuthoritative({ domains: ['example'], allow_subdomains: true }, 'agent@etat.example')).toBe(
      false,
    );
  });

  it('of the domains that an operator let it assert, exactly those', () => {
    const extended = { ...idp, allow_subdomains: true, extra_domains: [{ domain: 'syndicat.example' }] };
    expect(isAuthoritative(extended, 'elu@syndicat.example')).toBe(true);
    expect(isAuthoritative(extended, 'elu@a.syndicat.example')).toBe(false);
    expect(isAuthoritative(extended, 'elu@autre.example')).toBe(false);
  });

  it('without domains, of none', () => {
    expect(isAuthoritative({ domains: [], allow_subdomains: true }, 'agent@etat.example')).toBe(false);
  });
});
