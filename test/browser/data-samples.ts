import type { OperatorPersonPage } from '../../src/http/http.ts';
import type { Sample } from './page-samples.ts';
import { frame } from './policy-samples.ts';

/** What is kept of a person, with as much as it may hold. */
const account = '0198f6a2-0000-7000-8000-000000000001';
const parts: OperatorPersonPage['parts'] = [
  {
    part: 'account',
    basis: ['RGPD, art. 6(1)(e)'],
    items: [
      {
        facts: [
          { fact: 'account', value: account },
          { fact: 'createdAt', value: new Date('2026-11-03T09:00:00Z') },
        ],
      },
    ],
    more: false,
  },
  {
    part: 'requests',
    basis: ['RGPD, art. 6(1)(e)', 'CRPA, art. L112-3, L211-2 et L212-1'],
    items: [
      {
        facts: [
          { fact: 'number', value: 'D-26-7K3QXWPB' },
          { fact: 'organization', value: 'AMD-FICTIF, association des maires du département fictif' },
          { fact: 'state', value: { code: 'under_review', kind: 'state', words: 'under_review' } },
        ],
      },
    ],
    more: false,
  },
  {
    part: 'record',
    basis: ['RGPD, art. 6(1)(c)'],
    items: [
      {
        facts: [
          { fact: 'at', value: new Date('2026-11-21T09:00:00Z') },
          { fact: 'act', value: { code: 'evidence.read', kind: 'act', words: 'reading' } },
          { fact: 'number', value: 'D-26-7K3QXWPB' },
          { fact: 'by', value: { code: 'operator', kind: 'by', words: 'operator' } },
        ],
      },
    ],
    more: true,
  },
];
const plan = {
  erased: [
    { words: 'access', count: 1 },
    { words: 'account', count: 1 },
    { words: 'drafts', count: 2 },
    { words: 'sponsor', count: 3 },
    { words: 'guest', count: 1 },
    { words: 'mails', count: 4 },
    { words: 'record', count: 1 },
  ],
  kept: [
    {
      words: 'alone',
      count: 1,
      file: 'D-26-7K3QXWPB',
      organization: 'AMD-FICTIF, association des maires du département fictif',
    },
    { words: 'running', count: 1, file: 'D-26-7K3QXWPC', organization: 'Association fictive' },
    {
      words: 'ended',
      count: 1,
      file: 'D-25-7K3QXWPB',
      organization: 'Association fictive',
      until: '2031-02-03',
    },
    { words: 'destroyed', count: 1, file: 'D-20-7K3QXWPB', organization: 'Association fictive' },
    { words: 'invitations', count: 3, until: '2027-12-31' },
    { words: 'revoked', count: 1 },
    { words: 'blocked', count: 1 },
    { words: 'declared', count: 1 },
    { words: 'waiting', count: 1 },
    { words: 'notice', count: 1 },
    { words: 'logouts', count: 1 },
    { words: 'acts', count: 1 },
  ],
};
const waiting = {
  reason: 'Lettre du 3 mars, identité vérifiée sur titre.',
  askedBy: 'Hélène Marchand',
  askedAt: new Date('2026-11-21T09:00:00Z'),
};

export const dataSamples: readonly Sample[] = [
  {
    name: 'my-data',
    page: 'my-data',
    model: {
      email: 'membre@amd-fictif.example',
      parts,
      unproven: true,
      exportAction: '/compte/mes-donnees/copie',
      erasureHref: '/compte/mes-donnees/effacement',
      backHref: '/compte',
    },
  },
  {
    name: 'my-data-erasure',
    page: 'my-data-erasure',
    model: {
      stage: 'unconfirmed',
      plan,
      action: '/compte/mes-donnees/effacement',
      seen: 'x',
      backHref: '/compte/mes-donnees',
    },
  },
  {
    name: 'operator-persons',
    page: 'operator-persons',
    model: {
      console: frame('persons'),
      action: '/operateur/personnes',
      typed: 'membre@amd-fictif.example',
      reason: waiting.reason,
      problems: [],
      found: [
        { account, name: 'Rozenn Kervella', createdAt: new Date('2026-11-03T09:00:00Z') },
        {
          account: '0198f6a2-0000-7000-8000-000000000002',
          createdAt: new Date('2025-11-03T09:00:00Z'),
          erasedAt: new Date('2026-11-03T09:00:00Z'),
        },
      ],
      waiting: [{ account, ...waiting }],
    },
  },
  {
    name: 'operator-person',
    page: 'operator-person',
    model: {
      console: frame('persons'),
      account,
      reason: waiting.reason,
      parts,
      exportAction: '/operateur/personnes/copie',
      backHref: '/operateur/personnes',
      block: {
        action: '/operateur/personnes/bloquer',
        blockedAt: new Date('2026-11-02T08:00:00Z'),
        because: 'Téléphone volé, appel de la mairie',
        typed: '',
      },
      erasure: {
        plan,
        seen: 'x',
        refused: false,
        changed: false,
        askAction: '/operateur/personnes/effacer',
        typed: '',
        waiting: {
          id: '1',
          ...waiting,
          mine: false,
          confirmAction: '/operateur/personnes/effacer/confirmer',
          dropAction: '/operateur/personnes/effacer/abandonner',
        },
      },
    },
  },
];
