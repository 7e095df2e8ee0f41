import type { OperatorLotPages } from '../../src/http/http.ts';
import { here, lot } from './lot-samples.ts';
import type { Sample } from './page-samples.ts';

/** A lot on its way: what its list describes, what was decided, what is stopped and given up. */
const undo = {
  by: 'Olivier Garnier',
  text: 'La convention n’est pas signée.',
  rule: 'Code des relations entre le public et l’administration, article L242-1',
  decider: 'Hélène Marchand',
  answerBy: '2026-12-10',
  entered: 1,
} as const;
const decided = {
  decider: 'Olivier Garnier',
  decidedAt: new Date('2026-11-24T10:00:00Z'),
  toGrant: 0,
  toEnter: 0,
};
const counted = (...counts: readonly (readonly [string, number])[]) =>
  counts.map(([words, count], rank) => ({
    words,
    count,
    href: `${here}?lignes=${words}`,
    current: rank === 0,
  }));
/** Two lines that say more of an organization than its number. */
const described: OperatorLotPages['operator-lot']['lines'] = [
  ...lot.lines.slice(0, 1).map((one) => ({
    ...one,
    differs: [
      { words: 'commune', typed: '56007', held: '56260' },
      { words: 'website', typed: 'https://amd-fictif.example' },
    ],
    unread: ['Colonne « created_on » : ce n’est pas un jour (écrivez par exemple 1993-02-14).'],
  })),
  {
    line: 4,
    identifier: '000007054',
    name: 'Société fictive de musique de Sarreguemines',
    about: ['Sarreguemines (57)'],
    words: 'new_organization',
    tone: 'wait',
    changes: [{ service: 'Docs', level: 'guest', endsOn: '2028-12-31' }],
    facts: [
      { words: 'siret', value: '00000705400018' },
      {
        words: 'legal_category',
        value: '9260',
        means: 'Association de droit local (Bas-Rhin, Haut-Rhin et Moselle)',
      },
      { words: 'commune', value: '57631', means: 'Sarreguemines' },
      { words: 'local_register', value: 'AM-SARREGUEMINES-12-345' },
    ],
    differs: [],
    unread: [],
    homonyms: 1,
    email: 'contact@musique.example',
    letterHref: `${here}/lignes/4`,
  },
];
/** A line of a lot that was decided, with its file. */
const line = (
  number: number,
  name: string,
  shown: Pick<OperatorLotPages['operator-lot']['lines'][number], 'words' | 'tone' | 'reason' | 'entry'>,
) => ({
  line: number,
  identifier: '000000109',
  name,
  about: ['Vannes (56)'],
  href: '/operateur/organisations/000000109',
  changes: [],
  facts: [],
  differs: [],
  unread: [],
  homonyms: 0,
  ...(shown.words !== 'asked' && {
    file: { id: `D-26-0000000${number}`, href: `/operateur/dossiers/D-26-0000000${number}` },
  }),
  ...shown,
});

export const lotStateSamples: readonly Sample[] = [
  {
    name: 'lot-described',
    page: 'operator-lot',
    model: {
      ...lot,
      toEnter: 1,
      counts: counted(['all', 103], ['wrong', 3], ['new_organization', 1], ['new', 97], ['changed', 2]),
      lines: described,
    },
  },
  {
    name: 'lot-stop',
    page: 'operator-lot',
    model: {
      ...lot,
      ...decided,
      state: 'carrying_out',
      returned: undefined,
      problem: { words: 'missing', field: 'motif', status: 422 },
      progress: { done: 1, total: 2 },
      actions: { arreter: `${here}/arreter` },
      counts: counted(['all', 2], ['asked', 1], ['done', 1]),
      lines: [
        line(2, 'Association des maires d’un département inventé', { words: 'done', tone: 'yes' }),
        line(3, 'Société fictive de musique de Sarreguemines', {
          words: 'asked',
          tone: 'plain',
          entry: { words: 'asked' },
        }),
      ],
      rejectsHref: undefined,
      nextHref: undefined,
      pages: 1,
    },
  },
  {
    name: 'lot-take-back',
    page: 'operator-lot',
    model: {
      ...lot,
      ...decided,
      state: 'done',
      tone: 'yes',
      returned: undefined,
      actions: { retirer: `${here}/retirer` },
      // Open, as it comes back: one reads what it is about.
      problem: { words: 'missing', field: 'regle', status: 422 },
      typed: { motif: 'La convention n’est pas signée.', regle: '' },
      concerned: {
        people: 1_204,
        sessions: 2_310,
        grants: 20_000,
        tools: ['docs', 'tchap'],
        lookedAt: 20_000,
      },
      counts: counted(['all', 1], ['done', 1]),
      lines: [line(2, 'Association des maires d’un département inventé', { words: 'done', tone: 'yes' })],
      rejectsHref: undefined,
      nextHref: undefined,
      pages: 1,
    },
  },
  {
    name: 'lot-abandon',
    page: 'operator-lot',
    model: {
      ...lot,
      ...decided,
      state: 'announced',
      returned: undefined,
      undo,
      concerned: { people: 0, sessions: 0, grants: 0, tools: [] },
      actions: {
        'abandonner-retrait': `${here}/abandonner-retrait`,
        'terminer-retrait': `${here}/terminer-retrait`,
      },
      typed: { motif: 'La convention vient d’être signée.', regle: '' },
      counts: counted(['all', 3], ['notified', 2], ['kept', 1]),
      lines: [
        line(2, 'Association des maires d’un département inventé', { words: 'notified', tone: 'wait' }),
        line(3, 'Société fictive de musique de Sarreguemines', {
          words: 'notified',
          tone: 'wait',
          entry: { words: 'entered' },
        }),
        line(4, 'Société fictive de musique de Bitche', {
          words: 'kept',
          tone: 'no',
          reason: 'L’organisation a répondu : lisez ses observations et décidez dans son dossier.',
          entry: { words: 'kept', why: 'des personnes se sont connectées pour elle' },
        }),
      ],
      rejectsHref: undefined,
      nextHref: undefined,
      pages: 1,
    },
  },
];
