import { describe, expect, it } from 'vitest';
import { refuse } from './cells.ts';
import { domainOf, emailAddress, website, websiteOf } from './network-names.ts';

describe('a domain', () => {
  it.each([
    ['ville-rennes.fr', 'ville-rennes.fr'],
    ['Ville-Rennes.FR', 'ville-rennes.fr'],
    ['pétanque.example', 'xn--ptanque-bya.example'],
    ['@cherbourg.fr', undefined],
    ['mairie@cherbourg.fr', undefined],
    ['cherbourg', undefined],
    ['192.0.2.7', undefined],
    ['0x7f.1', undefined],
    ['-a.fr', undefined],
    ['a..fr', undefined],
    ['a.fr.', undefined],
    ['a_b.fr', undefined],
    ['a b.fr', undefined],
    ['a.fr/x', undefined],
    ['a.fr:25', undefined],
    ['%61.fr', undefined],
    [`${'a'.repeat(64)}.fr`, undefined],
    [`${'a.'.repeat(126)}fr`, undefined],
    ['', undefined],
  ])('%s → %s', (text, expected) => expect(domainOf(text)).toBe(expected));
});

describe('an e-mail address', () => {
  it('has its domain in one spelling', () =>
    expect(emailAddress('Contact@Mairie.FR')).toBe('Contact@mairie.fr'));
  it.each(['deux@adresses@exemple.fr', 'a b@exemple.fr', '@exemple.fr', 'exemple.fr', 'a@exemple'])(
    'is not %s',
    (text) => expect(emailAddress(text)).toEqual(refuse('email_malformed')),
  );
});

describe('a website', () => {
  it.each([
    ['www.amd.example', 'https://www.amd.example'],
    ['http://amd.example/', 'http://amd.example'],
    ['HTTPS://AMD.example/accueil?lang=fr', 'https://amd.example/accueil?lang=fr'],
    ['camille@orange.fr', undefined],
    ['javascript:alert(1)', undefined],
    ['//amd.example', 'https://amd.example'],
    ['amd.example:8080', undefined],
    ['https://user:pw@amd.example', undefined],
    ['facebook : les amis', undefined],
    ['néant', undefined],
    [`amd.example/${'a'.repeat(200)}`, undefined],
  ])('%s → %s', (text, expected) => expect(websiteOf(text)).toBe(expected));

  it('is refused in a file of ours when it is none', () =>
    expect(website('néant')).toEqual(refuse('website_malformed')));
});
