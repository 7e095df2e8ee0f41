import type { DecisionShown, PolicyShown } from '../../src/http/http.ts';
import { ruleSections } from '../../src/operators/policy-rule-fields.ts';
import type { Sample } from './page-samples.ts';

/** Pages of the console about the rules of services. */
export const frame = (current: string) => ({
  sections: (['todo', 'organizations', 'policies', 'statistics', 'record', 'me'] as const).map((words) => ({
    words,
    href: `/operateur/${words}`,
    current: words === current,
  })),
});

export const openDecision: DecisionShown = {
  answer: 'yes',
  summary: 'Accès ouvert par un accord. Valable jusqu’au 31 décembre 2028.',
  todo: [],
  rule: 'approved',
  policy: 'docs@1',
  trace: [
    {
      part: 'guard',
      id: 'organization_closed',
      truth: 'false',
      tests: [
        {
          name: 'org.active',
          clause: 'l’organisation ou son établissement est fermé',
          value: { kind: 'yes', code: '' },
          source: 'INSEE, base Sirene',
          asOf: '2026-11-01',
          truth: 'false',
        },
      ],
    },
    {
      part: 'rule',
      id: 'approved',
      truth: 'true',
      tests: [
        {
          name: 'approval',
          clause: 'l’organisation a un accord en cours pour « docs »',
          value: { kind: 'code', code: 'active' },
          source: 'accords',
          asOf: '2026-11-22',
          truth: 'true',
        },
        {
          name: 'org.population',
          clause: 'la commune compte moins de 3 500 habitants',
          value: { kind: 'unknown', code: '' },
          source: 'INSEE, populations légales',
          asOf: '',
          truth: 'unknown',
        },
      ],
    },
  ],
};

export const closedDecision: DecisionShown = {
  answer: 'no',
  summary: 'L’organisation a reçu un accord pour d’autres services.',
  todo: ['Demander un accord pour l’organisation.'],
  policy: 'tchap@1',
  trace: [],
};

const shown: PolicyShown = {
  start: [
    { depth: 0, text: 'En vigueur à partir du 1er janvier 2026.' },
    { depth: 0, text: 'Les habitants sont ceux de la population municipale.' },
  ],
  guards: [
    { depth: 0, text: 'Refusé si l’organisation ou son établissement est fermé' },
    { depth: 1, text: 'D’après le registre officiel, l’organisation est fermée.' },
  ],
  rules: [
    {
      id: 'small-commune',
      lines: [
        { depth: 0, text: 'Ouvert si toutes ces conditions sont remplies :' },
        { depth: 1, text: 'l’organisation est une commune' },
        { depth: 1, text: 'la commune compte moins de 3 500 habitants' },
        { depth: 1, text: 'Accès ouvert par une règle de territoire.' },
      ],
    },
  ],
  otherwise: [
    { depth: 0, text: 'Dans tous les autres cas, refusé.' },
    { depth: 1, text: 'Demander un accord pour l’organisation.' },
  ],
};

const service = '/operateur/services/docs';
const counts = { gains: 12, loses: 3, changes: 1, unchanged: 34_120 };
const words = {
  lines: [
    { sign: ' ', text: 'Refusé si l’organisation est fermée' },
    { sign: '-', text: 'Ouvert si l’organisation appartient au service public' },
    { sign: '+', text: 'Ouvert si l’organisation est une commune' },
  ],
} as const;
const editor = {
  action: `${service}/brouillons/x/regles`,
  parts: [
    { part: 'guards', rulings: [], add: 'ajouter.guards' },
    {
      part: 'rules',
      add: 'ajouter.rules',
      rulings: [
        {
          name: 'small-commune',
          lines: shown.rules[0]?.lines ?? [],
          change: 'modifier.rules.0.x',
          down: 'descendre.rules.0.x',
          remove: 'retirer.rules.0.x',
        },
        {
          name: 'other',
          lines: shown.guards,
          up: 'monter.rules.1.x',
          remove: 'retirer.rules.1.x',
        },
      ],
    },
  ],
} as const;
const concerned = { people: 1, sessions: 2, grants: 3, organizations: 1, tools: ['docs'] };
const draft = {
  console: frame('policies'),
  name: 'Docs',
  backHref: service,
  version: 3,
  base: 2,
  state: 'draft',
  by: 'Marc Delorme',
  updatedAt: new Date('2026-11-22T10:00:00Z'),
  seen: 2,
  reason: 'Les petites communes d’abord.',
  document: 'service: docs\nversion: 3\nvalid_from: "2027-01-01"\n',
  maximum: 100_000,
  problems: [],
  isStale: false,
  isPast: false,
  shown,
  changes: { words, text: {} },
  actions: { enregistrer: `${service}/x`, proposer: `${service}/y`, abandonner: `${service}/z` },
  isAuthorGone: false,
  waitsForSecond: false,
  returned: { reason: '', missing: false },
  previewHref: `${service}/brouillons/x/apercu`,
  simulate: { action: '/operateur/simulation', draft: 'x' },
} as const;

export const policySamples: readonly Sample[] = [
  {
    name: 'operator-policies',
    page: 'operator-policies',
    model: {
      console: frame('policies'),
      simulateAction: '/operateur/simulation',
      services: [
        {
          id: 'docs',
          name: 'Docs',
          audience: 'Les agents publics, et les associations acceptées.',
          decidedBy: 'Équipe Docs',
          href: service,
          drafts: 2,
          toRead: [{ href: `${service}/brouillons/x`, version: 3 }],
          policy: { version: 2, validFrom: '2026-01-01', until: new Date('2027-01-01T00:00:00Z'), shown },
        },
        {
          id: 'anct',
          name: 'Espace sur mesure',
          audience: 'Les communes.',
          decidedBy: 'Équipe',
          href: '/operateur/services/anct',
          drafts: 0,
          toRead: [],
        },
      ],
    },
  },
  {
    name: 'operator-policy',
    page: 'operator-policy',
    model: {
      console: frame('policies'),
      done: 'publier',
      name: 'Docs',
      backHref: '/operateur/services',
      audience: 'Les agents publics.',
      decidedBy: 'Équipe Docs',
      current: { version: 2, shown },
      document: { text: 'service: docs\nversion: 2\n', digest: 'a'.repeat(64) },
      versions: [
        {
          version: 2,
          validFrom: '2026-01-01',
          state: 'current',
          by: 'Marc Delorme, responsable des règles d’accès',
          second: 'Claire Vasseur, contrôleuse interne',
          since: new Date('2025-12-12T09:00:00Z'),
          reason: 'Retour à la première version.',
        },
        { version: 1, validFrom: '2025-01-01', state: 'past', since: new Date('2024-12-12T09:00:00Z') },
      ],
      drafts: [
        {
          href: `${service}/brouillons/x`,
          by: 'Marc Delorme, responsable des règles d’accès',
          state: 'proposed',
          version: 3,
          updatedAt: new Date('2026-11-20T09:00:00Z'),
        },
      ],
      compare: { action: `${service}/comparer`, from: 1, to: 2 },
      startAction: `${service}/brouillons`,
    },
  },
  {
    name: 'operator-policy-diff',
    page: 'operator-policy-diff',
    model: {
      console: frame('policies'),
      name: 'Docs',
      backHref: service,
      from: 1,
      to: 2,
      words,
      text: words,
    },
  },
  {
    name: 'operator-policy-draft',
    page: 'operator-policy-draft',
    model: { ...draft, done: 'enregistrer', editor },
  },
  {
    name: 'operator-policy-rule',
    page: 'operator-policy-rule',
    model: {
      console: frame('policies'),
      name: 'Docs',
      version: 3,
      part: 'rules',
      isNew: true,
      backHref: `${service}/brouillons/x`,
      action: `${service}/brouillons/x/regles/regle-nouvelle`,
      seen: 2,
      mark: '0123456789abcdef',
      id: 'petites-communes',
      stale: { words: 'changed', lines: [{ depth: 0, text: 'l’organisation est une commune' }] },
      errors: ['nom', 'types', 'departements', 'fondement'],
      byHand: false,
      sections: ruleSections('rules', new URLSearchParams('categories=state&departements=1'), {
        service: 'docs',
        lang: 'fr',
        // Some of each list: they are all alike.
      }).map(({ words: name, fields }) => ({
        words: name,
        fields: fields.map((field) => ({ ...field, options: field.options.slice(0, 4) })),
      })),
    },
  },
  {
    name: 'operator-policy-draft-wrong',
    page: 'operator-policy-draft',
    model: {
      ...draft,
      overtaken: { againHref: `${service}/brouillons/x` },
      shown: undefined,
      changes: undefined,
      previewHref: undefined,
      simulate: undefined,
      problems: [
        { line: 4, kind: 'unknown_predicate', name: 'org.publik', detail: 'unknown predicate "org.publik"' },
        { line: 9, kind: 'syntax', name: '', detail: 'Flow sequence must end with a ]' },
      ],
    },
  },
  {
    name: 'operator-policy-draft-second',
    page: 'operator-policy-draft',
    model: {
      ...draft,
      state: 'proposed',
      isPast: true,
      concerned,
      actions: { publier: `${service}/p`, renvoyer: `${service}/r` },
      returned: { reason: '', missing: true },
    },
  },
  {
    name: 'operator-policy-draft-gone',
    page: 'operator-policy-draft',
    model: {
      ...draft,
      state: 'proposed',
      isAuthorGone: true,
      actions: { renvoyer: `${service}/r` },
    },
  },
  {
    name: 'operator-policy-draft-left',
    page: 'operator-policy-draft',
    model: { ...draft, isAuthorGone: true, actions: { abandonner: `${service}/z` } },
  },
  {
    name: 'operator-policy-preview',
    page: 'operator-policy-preview',
    model: {
      console: frame('policies'),
      name: 'Docs',
      backHref: `${service}/brouillons/x`,
      version: 3,
      before: 2,
      found: {
        at: new Date('2026-12-31T23:00:00Z'),
        complete: false,
        looked: 34_136,
        seconds: '20,1',
        organizations: counts,
        concerned: { ...concerned, lookedAt: 20_000 },
        categories: [{ name: 'association', counts }],
        approvals: { ...counts, absent: 0 },
        withoutEstablishment: 17,
        lists: [
          {
            verdict: 'loses',
            total: 3,
            rows: [
              {
                name: 'AMD-FICTIF, association des maires du département fictif',
                href: '/operateur/organisations/000000109',
                siren: '000000109',
                type: 'association déclarée',
                department: '56',
                fields: ['level'],
                approvals: 1,
                before: 'Accès ouvert par un accord.',
                after: 'L’organisation ne remplit pas les conditions.',
                why: [
                  {
                    clause: 'l’organisation est une commune',
                    value: { kind: 'code', code: 'association.declared' },
                    source: 'INSEE, base Sirene',
                    asOf: '2026-11-01',
                  },
                ],
              },
            ],
          },
        ],
        afterwards: [
          { verdict: 'stops', total: 0, rows: [] },
          {
            verdict: 'goes_on',
            total: 3,
            rows: [
              {
                name: 'AMD-FICTIF, association des maires du département fictif',
                href: '/operateur/organisations/000000109',
                siren: '000000109',
                type: 'association déclarée',
                department: '56',
                endsOn: '2028-12-31',
                before: 'L’accord donné à l’organisation a pris fin.',
                after: 'Accès maintenu jusqu’au 30 janvier 2029. La personne entre comme invitée.',
              },
            ],
          },
          { verdict: 'changes', total: 0, rows: [] },
        ],
      },
    },
  },
  {
    name: 'operator-simulation',
    page: 'operator-simulation',
    model: {
      console: frame('policies'),
      backHref: '/operateur/services',
      action: '/operateur/simulation',
      number: '00000010900009',
      organization: {
        name: 'AMD-FICTIF',
        siret: '00000010900009',
        type: 'association déclarée',
        href: '/operateur/organisations/000000109',
      },
      at: new Date('2026-11-22T10:00:00Z'),
      services: [
        { name: 'Docs', decision: openDecision },
        { name: 'Tchap', side: 'after', decision: closedDecision },
      ],
    },
  },
  {
    name: 'operator-simulation-wrong',
    page: 'operator-simulation',
    model: {
      console: frame('policies'),
      backHref: '/operateur/services',
      action: '/operateur/simulation',
      number: '12',
      problem: 'malformed',
      services: [],
    },
  },
];
