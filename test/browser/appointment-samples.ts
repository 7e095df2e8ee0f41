import type { OperatorShown } from '../../src/http/http.ts';
import type { Sample } from './page-samples.ts';
import { frame } from './policy-samples.ts';

/** Who may enter the console: the list, one operator, the form, a proposal. */
const list = '/operateur/operateurs';
const shown: OperatorShown = {
  href: `${list}/fiches/yann-bihan-morel`,
  name: 'Yann Bihan-Morel',
  capacity: 'Chargé de l’examen des demandes',
  organization: 'Commune de Nantes',
  roles: ['reader', 'reviewer'],
  perimeter: {
    departments: ['Morbihan (56)', 'Corse-du-Sud (2A)'],
    federations: ['AMD-FICTIF (000000109)'],
    services: ['Docs', 'Tchap'],
  },
  delegation: { from: '2026-01-01', to: '2026-12-15' },
  state: 'ends_soon',
  inFiles: false,
  lastAt: new Date('2026-11-20T08:12:00Z'),
};
const proposal = {
  href: `${list}/propositions/x`,
  kind: 'change',
  status: 'proposed',
  name: 'Yann Bihan-Morel',
  by: 'Julien Masson',
  createdAt: new Date('2026-11-21T09:00:00Z'),
} as const;
const form = {
  console: frame('operators'),
  backHref: list,
  action: `${list}/nommer`,
  stale: false,
  idps: [{ id: 'demo', name: 'Fournisseur d’identité de démonstration' }],
  values: {
    idp: '',
    sujet: '',
    prenom: 'Yann',
    nom: 'Bihan-Morel',
    qualite: 'Chargé de l’examen des demandes',
    organisme: 'Commune de Nantes',
    siren: '214401093',
    adresse: 'agent@commune.example',
    departements: '56 2A',
    federations: '',
    du: '2026-01-01',
    au: '2026-12-15',
    motif: 'Arrêté du 3 novembre.',
  },
  roles: ['reader', 'policy_editor', 'decider'],
  services: [
    { id: 'docs', name: 'Docs', checked: true },
    { id: 'tchap', name: 'Tchap', checked: false },
  ],
  errors: [],
} as const;
const words = { reason: '', missing: false } as const;
const asked = {
  console: frame('operators'),
  backHref: list,
  done: true,
  kind: 'change',
  status: 'proposed',
  name: 'Yann Bihan-Morel',
  by: 'Julien Masson',
  createdAt: new Date('2026-11-21T09:00:00Z'),
  reason: 'Il décide désormais.',
  facts: [
    { words: 'name', before: 'Yann Bihan-Morel', after: 'Yann Bihan-Morel' },
    { words: 'identity', before: 'Démonstration · agent-commune', after: 'Démonstration · agent-commune' },
    { words: 'capacity', before: 'Chargé de l’examen', after: 'Adjoint au chef de bureau' },
    { words: 'departments', before: 'Morbihan (56)', after: '' },
    { words: 'delegation', before: '', after: '1er janvier 2026 – 31 décembre 2028' },
  ],
  roles: { before: ['reviewer'], after: ['decider'] },
  stale: false,
  lastAt: new Date('2026-11-20T08:12:00Z'),
  actions: { confirm: `${list}/propositions/x/confirmer`, decline: `${list}/propositions/x/decliner` },
  declined: words,
} as const;

export const appointmentSamples: readonly Sample[] = [
  {
    name: 'operator-operators',
    page: 'operator-operators',
    model: {
      console: frame('operators'),
      done: 'removed',
      newHref: `${list}/nommer`,
      alone: true,
      proposals: [
        { ...proposal, mine: true },
        { ...proposal, kind: 'appoint', mine: false },
      ],
      operators: [
        shown,
        {
          ...shown,
          name: 'Hélène Marchand',
          roles: ['decider', 'administrator'],
          perimeter: undefined,
          delegation: undefined,
          state: undefined,
          inFiles: true,
          lastAt: undefined,
        },
        { ...shown, name: 'Olivier Garnier', state: 'ended' },
      ],
      removed: [
        {
          href: `${list}/fiches/eve`,
          name: 'Ève Martin',
          at: new Date('2026-11-19T08:00:00Z'),
          by: 'Julien Masson',
          inFiles: true,
        },
      ],
    },
  },
  {
    name: 'operator-card',
    page: 'operator-card',
    model: {
      console: frame('operators'),
      backHref: list,
      name: shown.name,
      shown,
      siren: '214401093',
      email: 'agent@commune.example',
      idp: 'Fournisseur d’identité de démonstration',
      subject: 'agent-commune',
      since: new Date('2026-11-01T08:00:00Z'),
      proposals: [proposal, { ...proposal, status: 'confirmed', kind: 'appoint' }],
      changeHref: `${shown.href}/modifier`,
      remove: { action: `${shown.href}/retirer`, reason: '', missing: true },
      self: false,
    },
  },
  {
    name: 'operator-card-removed',
    page: 'operator-card',
    model: {
      console: frame('operators'),
      backHref: list,
      name: shown.name,
      shown: { ...shown, inFiles: true },
      siren: '214401093',
      email: 'agent@commune.example',
      idp: 'demo',
      subject: 'agent-commune',
      since: new Date('2026-11-01T08:00:00Z'),
      proposals: [],
      self: false,
      removed: { at: new Date('2026-11-19T08:00:00Z'), by: 'Julien Masson', reason: 'Compte compromis.' },
      readmit: { action: `${shown.href}/lever`, ...words },
      appointHref: `${list}/nommer?ancien=x`,
    },
  },
  {
    name: 'operator-appoint',
    page: 'operator-appoint',
    model: {
      ...form,
      search: {
        action: `${list}/nommer/chercher`,
        typed: 'agent@commune.example',
        found: [
          {
            href: `${list}/nommer?compte=x`,
            idp: 'Fournisseur d’identité de démonstration',
            subject: 'agent-commune',
            lastAt: new Date('2026-11-20T08:12:00Z'),
          },
        ],
      },
      errors: [
        { field: 'idp', words: 'idp' },
        { field: 'sujet', words: 'taken' },
        { field: 'siren', words: 'siren_unknown' },
        { field: 'roles', words: 'roles_apart' },
        { field: 'services', words: 'services' },
        { field: 'au', words: 'order' },
        { field: 'motif', words: 'motif' },
      ],
    },
  },
  {
    name: 'operator-appoint-change',
    page: 'operator-appoint',
    model: {
      ...form,
      name: 'Yann Bihan-Morel',
      seen: 'a'.repeat(64),
      stale: true,
      identity: {
        idp: 'demo',
        subject: 'agent-commune',
        idpName: 'Démonstration',
        lastAt: new Date('2026-11-20T08:12:00Z'),
      },
      errors: [{ field: 'sujet', words: 'in_files' }],
    },
  },
  { name: 'operator-proposal', page: 'operator-proposal', model: asked },
  {
    name: 'operator-proposal-declined',
    page: 'operator-proposal',
    model: {
      ...asked,
      kind: 'appoint',
      done: false,
      status: 'declined',
      second: 'Hélène Marchand',
      updatedAt: new Date('2026-11-22T09:00:00Z'),
      answered: 'Trop tôt.',
      roles: { after: ['decider'] },
      actions: {},
    },
  },
  {
    name: 'operator-proposal-own',
    page: 'operator-proposal',
    model: {
      ...asked,
      stale: true,
      actions: { withdraw: `${list}/propositions/x/reprendre`, decline: `${list}/propositions/x/decliner` },
      declined: { reason: 'x', missing: true },
      state: 'second',
    },
  },
];
