import { describe, expect, it } from 'vitest';
import { findIdentityProviders } from './find-identity-providers.ts';

const state = { id: 'etat', enabled: true };
const mailbox = { id: 'messagerie', enabled: true };
const retired = { id: 'ancien', enabled: false };
const region = { id: 'region', enabled: true, allow_subdomains: true };
const college = { id: 'college', enabled: true };
const closedCollege = { id: 'college-ferme', enabled: false };

const snapshot = {
  idpsByDomain: new Map([
    ['etat.example', [state]],
    ['partage.example', [state, mailbox, retired]],
    ['ancien.example', [retired]],
    ['mixte.example', [retired, mailbox]],
    ['region.example', [region]],
    ['college.region.example', [college]],
    ['ferme.region.example', [closedCollege]],
    ['xn--tat-9la.example', [mailbox]],
  ]),
};
const find = (email: string) => findIdentityProviders(email, snapshot);

describe('e-mail → domain → identity providers', () => {
  it('one identity provider: straight on', () => {
    expect(find('agent@etat.example')).toEqual({ kind: 'one', idp: state, address: 'agent@etat.example' });
  });

  it('several: the person chooses, in declared order, disabled ones left out', () => {
    expect(find('agent@partage.example')).toEqual({
      kind: 'several',
      idps: [state, mailbox],
      address: 'agent@partage.example',
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
  });

  it('do not fall back to the parent when their own identity provider is disabled', () => {
    expect(find('prof@ferme.region.example')).toMatchObject({ kind: 'disabled' });
  });

  it('a suffix of letters is not a sub-domain', () => {
    expect(find('agent@evilregion.example')).toMatchObject({ kind: 'unknown' });
  });
});
