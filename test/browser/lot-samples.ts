import type { OperatorLotPages } from '../../src/http/http.ts';
import type { Sample } from './page-samples.ts';
import { frame } from './policy-samples.ts';

/** Pages of the console about lots: one decision for many organizations. */
const console = {
  sections: [{ words: 'lots', href: '/operateur/lots', current: true }, ...frame('').sections],
} as const;
const id = 'L-26-7K3QXWPB';
export const here = `/operateur/lots/${id}`;
const lots: OperatorLotPages['operator-lots'] = {
  console,
  cancelled: false,
  startHref: '/operateur/lots/nouveau',
  templateHref: '/operateur/lots/modele',
  lots: [
    {
      id,
      href: here,
      state: 'proposed',
      tone: 'wait',
      by: 'Nadia Lefort',
      services: ['Docs', 'Tchap'],
      lines: 103,
      granted: 0,
      waits: true,
      updatedAt: new Date('2026-11-23T09:00:00Z'),
    },
    {
      id: 'L-26-0ABCDEFG',
      href: here,
      state: 'done',
      tone: 'yes',
      by: 'Hélène Marchand',
      services: ['Docs'],
      lines: 9,
      granted: 8,
      waits: false,
      updatedAt: new Date('2026-11-02T09:00:00Z'),
    },
  ],
};

export const lot: OperatorLotPages['operator-lot'] = {
  console,
  id,
  backHref: '/operateur/lots',
  seen: 3,
  state: 'proposed',
  tone: 'wait',
  told: undefined,
  by: 'Nadia Lefort',
  returned: 'La convention citée n’est pas encore signée.',
  decision: {
    services: ['Docs', 'Tchap'],
    level: 'member',
    ground: 'members_all_public_law',
    conditions: ['Rester une association départementale de maires.'],
    startsOn: '2026-11-23',
    endsOn: '2028-12-31',
    text: 'Tous les membres de ces associations sont des communes ou leurs groupements.',
    rule: 'Convention du 3 mars 2026, article 2',
  },
  fileName: 'associations-departementales.csv',
  templateHref: '/operateur/lots/modele',
  toGrant: 100,
  toEnter: 0,
  alone: 10,
  digest: 'a'.repeat(64),
  counts: [
    { words: 'all', count: 103, href: here, current: true },
    { words: 'wrong', count: 3, href: `${here}?lignes=wrong`, current: false },
    { words: 'new', count: 98, href: `${here}?lignes=new`, current: false },
    { words: 'changed', count: 2, href: `${here}?lignes=changed`, current: false },
  ],
  lines: [
    {
      line: 2,
      identifier: '000000109',
      name: 'Association des maires d’un département inventé',
      about: ['Vannes (56)', 'AMD-FICTIF'],
      href: '/operateur/organisations/000000109',
      words: 'changed',
      tone: 'wait',
      changes: [
        {
          service: 'Docs',
          before: { level: 'guest', endsOn: '2026-12-31' },
          level: 'member',
          endsOn: '2028-12-31',
        },
        { service: 'Tchap', level: 'member', endsOn: '2028-12-31' },
      ],
      facts: [],
      differs: [],
      unread: [],
      homonyms: 2,
      email: 'contact@amd-fictif.example',
      letterHref: `${here}/lignes/2`,
    },
    {
      line: 3,
      identifier: '=1+1',
      name: '',
      about: [],
      words: 'wrong',
      tone: 'no',
      reason:
        'Ce n’est ni un SIREN (9 chiffres), ni un SIRET (14 chiffres), ni un numéro RNA (W et 9 caractères).',
      changes: [],
      facts: [],
      differs: [],
      unread: [],
      homonyms: 0,
    },
  ],
  page: 1,
  pages: 2,
  nextHref: `${here}?page=2`,
  rejectsHref: `${here}/a-corriger`,
  actions: { confirmer: `${here}/confirmer`, renvoyer: `${here}/renvoyer` },
  typed: { motif: '', regle: '' },
  waitsForSecond: false,
};

export const lotSamples: readonly Sample[] = [
  { name: 'lots', page: 'operator-lots', model: lots },
  {
    name: 'lot-form',
    page: 'operator-lot-form',
    model: {
      console,
      action: '/operateur/lots',
      backHref: '/operateur/lots',
      services: [
        { id: 'docs', name: 'Docs', chosen: false },
        { id: 'tchap', name: 'Tchap', chosen: false },
      ],
      fields: [
        {
          name: 'niveau',
          value: 'guest',
          options: [
            { value: 'guest', chosen: true },
            { value: 'member', chosen: false },
          ],
        },
        { name: 'conditions', value: '' },
        { name: 'du', value: '2026-11-23' },
        { name: 'au', value: '2025-12-31', problem: 'order' },
        { name: 'texte', value: '' },
      ],
      rule: '',
      problems: [
        { field: 'services', code: 'missing' },
        { field: 'au', code: 'order' },
        { field: 'regle', code: 'missing' },
      ],
    },
  },
  { name: 'lot', page: 'operator-lot', model: lot },
  {
    name: 'lot-draft-refused',
    page: 'operator-lot',
    model: {
      ...lot,
      state: 'draft',
      tone: 'plain',
      problem: { words: 'list.open_quote', field: 'liste', status: 422 },
      editHref: `${here}/decision`,
      uploadAction: `${here}/liste`,
      actions: { proposer: `${here}/proposer`, executer: `${here}/executer`, annuler: `${here}/annuler` },
      toGrant: 1,
    },
  },
  {
    name: 'lot-undo',
    page: 'operator-lot',
    model: {
      ...lot,
      state: 'announcing',
      decider: 'Olivier Garnier',
      decidedAt: new Date('2026-11-24T10:00:00Z'),
      progress: { done: 40, total: 100 },
      actions: { 'refuser-retrait': `${here}/refuser-retrait`, garder: `${here}/garder` },
      undo: {
        by: 'Olivier Garnier',
        text: 'La convention n’est pas signée.',
        rule: 'Code des relations entre le public et l’administration, article L242-1',
        answerBy: '2026-12-10',
        entered: 0,
      },
    },
  },
  {
    name: 'lot-letter',
    page: 'operator-lot-letter',
    model: {
      console,
      id,
      backHref: here,
      line: 2,
      name: 'Association des maires d’un département inventé',
      email: undefined,
      refused: 'L’organisation a davantage (M-FILE-073).',
    },
  },
];
