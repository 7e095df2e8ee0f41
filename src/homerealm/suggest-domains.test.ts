import { performance } from 'node:perf_hooks';
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalEmail } from '../identity/identity.ts';
import type { RoutedIdentityProvider } from './find-identity-providers.ts';
import { suggestDomains } from './suggest-domains.ts';

const open = { enabled: true };
const closed = { enabled: false };
const hidden = { enabled: true, test_addresses: ['essai@cachette.example'] };
const wide = { enabled: true, allow_subdomains: true };

const known = new Map<string, readonly RoutedIdentityProvider[]>([
  ['exempleville.example', [open, closed]],
  ['nantes.fr', [open]],
  ['lyon.fr', [open]],
  ['fermeture.example', [closed]],
  ['cachette.example', [hidden]],
  ['partage-ouvert.example', [hidden, open]],
  ['academie.example', [wide]],
  // état.example
  ['xn--tat-9la.example', [open]],
]);
const suggest = (domain: string) => suggestDomains(domain, known);

describe('« Vouliez-vous dire … ? »', () => {
  it.each([
    ['exemplevile.example', 'a letter left out'],
    ['exempleville.exmple', 'of the end too'],
    ['exempleviille.example', 'a letter too many'],
    ['exempleville.examplee', 'at the end'],
    ['exmepleville.example', 'two letters in each other’s place'],
    ['exzmpleville.exzmple', 'two wrong letters'],
  ])('%s: %s', (typed) => {
    expect(suggest(typed)).toEqual(['exempleville.example']);
  });

  it('more than two mistakes are another name', () => {
    expect(suggest('exemplevil.exampl')).toEqual([]);
    expect(suggest('clubdelecture.example')).toEqual([]);
  });

  it('short names are near each other: one mistake up to nine letters, none under eight', () => {
    expect(suggest('nante.fr')).toEqual(['nantes.fr']);
    expect(suggest('nnates.fr')).toEqual([]);
    expect(suggest('lyom.fr')).toEqual([]);
  });

  it('what is hidden or closed is never proposed', () => {
    expect(suggest('fermetur.example')).toEqual([]);
    expect(suggest('cachete.example')).toEqual([]);
    expect(suggest('partage-ouver.example')).toEqual(['partage-ouvert.example']);
  });

  it('a sub-domain keeps what stands before, where sub-domains are accepted', () => {
    expect(suggest('college.academi.example')).toEqual(['college.academie.example']);
    expect(suggest('www.exemplevile.example')).toEqual([]);
  });

  it('accents are letters: compared as people write them, answered as they travel', () => {
    expect(suggest('xn--tt-9ia.example')).toEqual(['xn--tat-9la.example']);
    expect(suggest('etat.example')).toEqual(['xn--tat-9la.example']);
  });

  it('a look-alike leads to the real one', () => {
    // nаntes.fr with a Cyrillic а
    expect(suggest('xn--nntes-4ve.fr')).toEqual(['nantes.fr']);
  });

  it('the nearest only; too many that are as near are no help', () => {
    const villes = (count: number) =>
      new Map(Array.from({ length: count }, (_, at) => [`commune-${at}.example`, [open]] as const));
    expect(suggestDomains('commune-.example', villes(3))).toEqual([
      'commune-0.example',
      'commune-1.example',
      'commune-2.example',
    ]);
    expect(suggestDomains('commune-.example', villes(4))).toEqual([]);
    expect(suggestDomains('commune-1.exampl', new Map([...villes(2)]))).toEqual(['commune-1.example']);
  });

  it('never the domain that was typed, nor one that is not known', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,30}(\.[a-z]{2,12}){1,3}$/), (typed) => {
        for (const proposed of suggest(typed)) {
          expect(proposed).not.toBe(typed);
          expect(known.has(proposed) || proposed.endsWith('.academie.example')).toBe(true);
        }
      }),
    );
  });

  it('finds every name that is near: what is put aside unread is far', () => {
    const name = fc.stringMatching(/^[a-zé0-9-]{10,20}\.(fr|example)$/);
    const mistake = fc.tuple(fc.nat(30), fc.constantFrom('', 'x', 'é', '7'), fc.nat(1));
    fc.assert(
      fc.property(name, fc.array(mistake, { minLength: 1, maxLength: 2 }), (right, mistakes) => {
        const domain = domainToASCII(right);
        fc.pre(canonicalEmail(`a@${domain}`) !== undefined);
        const wrong = mistakes.reduce(
          (text, [at, put, drop]) => text.slice(0, at) + put + text.slice(at + drop),
          right,
        );
        const typed = canonicalEmail(`a@${wrong}`)?.domain;
        fc.pre(typed !== undefined && typed !== domain);
        expect(suggestDomains(typed, new Map([[domain, [open]]]))).toEqual([domain]);
      }),
    );
  });

  it('takes a bounded time with 10 000 domains, and with names of any length', () => {
    const many = new Map(
      Array.from({ length: 10_000 }, (_, at) => [`commune-numero-${String(at)}.example`, [wide]] as const),
    );
    suggestDomains('commune.example', many);
    const times = Array.from({ length: 9 }, (_, at) => {
      const start = performance.now();
      suggestDomains(`comune-numer-${String(at)}.exampl`, many);
      return performance.now() - start;
    }).toSorted((a, b) => a - b);
    const [fastest = Infinity] = times;
    // Some 10 ms; the fastest of nine, because the machine may be busy.
    expect(fastest).toBeLessThan(100);
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`;
    expect(suggestDomains(long, new Map([[long.replace('a', 'c'), [open]]]))).toEqual([]);
  });
});
