/** Pages of `/compte` beside that of the sessions, with as much as they may hold. */
import type { PageName, Pages } from '../../src/http/http.ts';
import type { Sample } from './page-samples.ts';

const sample = <K extends PageName>(name: string, page: K, model: Pages[K]): Sample<K> => ({
  name,
  page,
  model,
});

const backHref = '/compte';
const own: NonNullable<Pages['account-identity']['own']> = {
  namesAction: '/compte/identite/noms',
  givenName: 'Camille',
  usualName: 'Lemarchand',
  addresses: [
    {
      handle: '0198f6a2-0000-7000-8000-00000000000a',
      address: 'camille.lemarchand@clubdelecture.example',
      primary: true,
      since: new Date('2026-10-01T08:00:00Z'),
    },
    {
      handle: '0198f6a2-0000-7000-8000-00000000000b',
      address: 'tresoriere@comite-des-fetes-de-saint-exemple-sur-riviere.example',
      primary: false,
      since: new Date('2026-11-02T08:00:00Z'),
    },
  ],
  addAction: '/compte/identite/adresses',
  primaryAction: '/compte/identite/principale',
  removeAction: '/compte/identite/retirer',
};
const who = { name: 'Camille Lemarchand', email: 'camille.lemarchand@clubdelecture.example', backHref };

const security: NonNullable<Pages['account-security']['own']> = {
  email: who.email,
  authenticators: [
    {
      handle: '0198f6a2-0000-7000-8000-00000000000c',
      kind: 'passkey',
      name: 'Firefox, Windows',
      createdAt: new Date('2026-10-01T08:00:00Z'),
      lastUsedAt: new Date('2026-11-20T17:31:00Z'),
      copied: true,
      stays: false,
    },
    {
      handle: '0198f6a2-0000-7000-8000-00000000000d',
      kind: 'totp',
      name: 'Téléphone du bureau',
      createdAt: new Date('2026-11-02T08:00:00Z'),
      copied: false,
      stays: true,
    },
  ],
  codesLeft: 8,
  lost: { readyAt: new Date('2026-11-26T10:00:00Z'), ready: false },
  passkeyHref: '/compte/securite/cle',
  totpHref: '/compte/securite/application',
  codesHref: '/compte/securite/codes',
  renameAction: '/compte/securite/renommer',
  removeAction: '/compte/securite/retirer',
  cancelAction: '/compte/securite/annuler',
};
const backSecurity = { backHref: '/compte/securite' };

export const accountSamples: readonly Sample[] = [
  sample('account-identity', 'account-identity', { ...who, own, done: 'primary' }),
  sample('account-identity-error', 'account-identity', {
    ...who,
    own,
    error: 'malformed',
    typed: 'camille@@exemple',
  }),
  sample('account-identity-elsewhere', 'account-identity', {
    ...who,
    idp: 'Fournisseur d’identité de démonstration',
    idpHref: 'mailto:assistance@operateur.example',
  }),
  sample('account-code', 'account-code', {
    words: 'primary',
    email: who.email,
    action: '/compte/code',
    resendAction: '/compte/code/renvoyer',
    error: 'wrong',
    ...backSecurity,
  }),
  sample('account-code-join', 'account-code', {
    words: 'join',
    email: who.email,
    action: '/compte/code',
    resendAction: '/compte/code/renvoyer',
    resent: true,
    backHref: '/compte/organisations',
  }),
  sample('account-link', 'account-link', {
    email: 'camille.martin@association.example',
    idp: 'Association fictive',
    former: {
      since: new Date('2026-03-02T10:00:00Z'),
      name: 'Camille Martin',
      secondFactor: true,
      codeAction: '/compte/relier/code',
      action: '/compte/relier',
    },
    linked: [],
    separateAction: '/compte/relier/separer',
    error: 'second',
    backHref: '/compte/identite',
  }),
  sample('account-linked', 'account-link', {
    email: 'camille.martin@association.example',
    idp: 'Association fictive',
    linked: [{ id: '0f0f', idp: 'Association fictive', at: new Date('2026-11-22T10:00:00Z') }],
    separateAction: '/compte/relier/separer',
    done: 'linked',
    backHref: '/compte/identite',
  }),
  sample('account-security', 'account-security', { own: security, done: 'totp', backHref }),
  sample('account-security-empty', 'account-security', {
    own: { ...security, authenticators: [], codesLeft: 0, lost: undefined },
    backHref,
  }),
  sample('account-security-elsewhere', 'account-security', { idp: 'Ministère fictif', backHref }),
  sample('account-passkey', 'account-passkey', {
    passkey: { action: '/compte/securite/cle', ask: '{"challenge":"aGk"}', challenge: 'sealed' },
    error: 'passkey',
    totpHref: '/compte/securite/application',
    ...backSecurity,
  }),
  sample('account-totp', 'account-totp', {
    action: '/compte/securite/application',
    sealed: 'sealed',
    picture: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0,0h1v1h-1z"/></svg>',
    secret: 'JBSW Y3DP EHPK 3PXP',
    name: '',
    error: 'totp',
    ...backSecurity,
  }),
  sample('account-codes', 'account-codes', {
    codes: ['k7m2-9xqd-4hwt', 'p3fz-8bnc-6rvy'],
    action: '/compte/securite/codes',
    ...backSecurity,
  }),
  sample('account-codes-before', 'account-codes', { action: '/compte/securite/codes', ...backSecurity }),
  sample('account-history', 'account-history', {
    uses: [
      {
        service: 'Docs',
        lastAt: new Date('2026-11-20T17:31:00Z'),
        times: 3,
        browser: 'Firefox',
        system: 'Windows',
        organization: 'AMD-FICTIF',
        claims: ['email', 'given_name', 'siret', 'sub'],
      },
      {
        service: 'Tchap',
        lastAt: new Date('2026-11-02T08:00:00Z'),
        times: 1,
        organization: '000000109',
        claims: ['sub'],
      },
    ],
    months: 12,
    more: true,
    dataHref: '/compte/mes-donnees',
    backHref,
  }),
];
