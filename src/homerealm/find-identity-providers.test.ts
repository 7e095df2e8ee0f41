import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findIdentityProviders } from './find-identity-providers.ts';
import type { RoutedIdentityProvider } from './find-identity-providers.ts';

interface Idp extends RoutedIdentityProvider {
  readonly id: string;
  readonly domains: readonly string[];
}

const idp = (id: string, domains: readonly string[], more: Partial<Idp> = {}): Idp => ({
  id,
  domains,
  enabled: true,
  ...more,
});
const declare = (...idps: readonly Idp[]) => ({
  identityProviders: new Map(idps.map((one) => [one.id, one])),
  idpsByDomain: new Map(
    idps.flatMap(({ domains }) =>
      domains.map((domain) => [domain, idps.filter((one) => one.domains.includes(domain))] as const),
    ),
  ),
});

const state = idp('etat', ['etat.example', 'partage.example']);
const mailbox = idp('messagerie', ['partage.example', 'mixte.example', 'xn--tat-9la.example', 'orange.fr']);
const retired = idp('ancien', ['ancien.example', 'partage.example', 'mixte.example'], { enabled: false });
const region = idp('region', ['region.example'], { allow_subdomains: true });
const college = idp('college', ['college.region.example']);
const closedCollege = idp('college-ferme', ['ferme.region.example'], { enabled: false });
const trial = idp('recette', ['etat.example', 'partage.example', 'nouveau.example', 'sous.region.example'], {
  test_addresses: ['essai-7f3a@etat.example', 'essai-7f3a@partage.example', 'essai-7f3a@nouveau.example'],
});
const closedTrial = idp('recette-fermee', ['etat.example'], {
  enabled: false,
  test_addresses: ['ferme-7f3a@etat.example'],
});

const snapshot = declare(state, mailbox, retired, region, college, closedCollege, trial, closedTrial);
const find = (email: string) => findIdentityProviders(email, snapshot);

describe('e-mail → domain → identity providers', () => {
  it('one identity provider: straight on', () => {
    expect(find('agent@etat.example')).toEqual({
      kind: 'one',
      idp: state,
      address: 'agent@etat.example',
      domain: 'etat.example',
    });
  });

  it('several: the person chooses, in declared order, disabled ones left out', () => {
    expect(find('agent@partage.example')).toEqual({
      kind: 'several',
      idps: [state, mailbox],
      address: 'agent@partage.example',
      domain: 'partage.example',
    });
    expect(find('agent@mixte.example')).toMatchObject({ kind: 'one', idp: mailbox });
  });

  it('disabled: somebody declared the domain, and nobody may sign in there now', () => {
    expect(find('agent@ancien.example')).toMatchObject({ kind: 'disabled', address: 'agent@ancien.example' });
  });

  it('unknown: no identity provider', () => {
    const unknown = { kind: 'unknown', domain: 'inconnu.example', address: 'agent@inconnu.example' };
    expect(find('agent@inconnu.example')).toEqual(unknown);
  });

  it('free mail: anybody opens a mailbox there; unless somebody declared the domain', () => {
    expect(find('agent@gmail.com')).toMatchObject({ kind: 'free_mail', domain: 'gmail.com' });
    expect(find('Agent@LaPoste.net')).toMatchObject({ kind: 'free_mail', address: 'Agent@laposte.net' });
    expect(find('agent@orange.fr')).toMatchObject({ kind: 'one', idp: mailbox });
    expect(find('agent@mairie.orange.fr')).toMatchObject({ kind: 'unknown' });
  });

  it('reads what a person types: blanks around, upper case, accents in the domain', () => {
    expect(find(' Agent@ETAT.example\u00A0')).toMatchObject({ idp: state, address: 'Agent@etat.example' });
    expect(find('agent@état.example')).toMatchObject({ kind: 'one', idp: mailbox });
  });

  it.each([
    '',
    'agent',
    'a@etat.example@evil.example',
    'agent@etat.example\r\n',
    'agent@\uFF45tat.example',
    'agent@etat.example.',
  ])('malformed: %j', (typed) => {
    expect(find(typed)).toEqual({ kind: 'malformed' });
  });

  it('a look-alike of a known domain is unknown', () => {
    expect(find('agent@etаt.example')).toMatchObject({ kind: 'unknown', domain: 'xn--ett-7cd.example' });
  });
});

describe('sub-domains', () => {
  it('are nobody’s unless the record says so', () => {
    expect(find('agent@sub.etat.example')).toMatchObject({ kind: 'unknown', domain: 'sub.etat.example' });
    expect(find('agent@a.b.region.example')).toMatchObject({ kind: 'one', idp: region });
  });

  it('belong to the most specific domain declared', () => {
    expect(find('prof@college.region.example')).toMatchObject({ kind: 'one', idp: college });
    expect(find('prof@a.college.region.example')).toMatchObject({ kind: 'one', idp: region });
  });

  it('do not fall back to the parent when their own identity provider is disabled', () => {
    expect(find('prof@ferme.region.example')).toMatchObject({ kind: 'disabled' });
  });

  it('a suffix of letters is not a sub-domain, and nobody has a whole top-level domain', () => {
    expect(find('agent@evilregion.example')).toMatchObject({ kind: 'unknown' });
    const all = idp('tout', ['example'], { allow_subdomains: true });
    expect(findIdentityProviders('agent@etat.example', declare(all))).toMatchObject({ kind: 'unknown' });
  });
});

describe('hidden identity providers', () => {
  it('are reached by exactly one of their test addresses, letter case aside, and by nobody else', () => {
    expect(find('essai-7f3a@etat.example')).toMatchObject({ kind: 'one', idp: trial });
    expect(find(' Essai-7F3A@Etat.example ')).toMatchObject({ kind: 'one', idp: trial });
    for (const other of ['essai-7f3@etat.example', 'essai-7f3aa@etat.example', 'essai-7f3a+x@etat.example'])
      expect(find(other)).toMatchObject({ kind: 'one', idp: state });
  });

  it('are alone for their test address, where others choose between several', () => {
    expect(find('essai-7f3a@partage.example')).toMatchObject({ kind: 'one', idp: trial });
    expect(find('agent@partage.example')).toMatchObject({ kind: 'several', idps: [state, mailbox] });
  });

  it('give no domain: neither routed, nor called closed, nor in the way of the parent domain', () => {
    expect(find('agent@nouveau.example')).toMatchObject({ kind: 'unknown' });
    expect(find('agent@sous.region.example')).toMatchObject({ kind: 'one', idp: region });
  });

  it('closed, they are not there, even for their test address', () => {
    expect(find('ferme-7f3a@etat.example')).toMatchObject({ kind: 'one', idp: state });
  });
});

describe('the local part', () => {
  const localPart = fc.stringMatching(/^[a-z0-9]{1,20}(\.[a-zA-Z0-9+_-]{1,20}){0,2}$/);
  const domains = [
    'etat.example',
    'partage.example',
    'ancien.example',
    'sub.region.example',
    'inconnu.example',
    'gmail.com',
  ];

  it('decides nothing: all the people of a domain are answered alike', () => {
    fc.assert(
      fc.property(localPart, localPart, fc.constantFrom(...domains), (one, other, domain) => {
        fc.pre(![one, other].some((local) => local.toLowerCase() === 'essai-7f3a'));
        expect({ ...find(`${one}@${domain}`), address: '' }).toEqual({
          ...find(`${other}@${domain}`),
          address: '',
        });
      }),
    );
  });
});
