/** The pages of `/demandes`, as the room of applicants gives them. */
import type { PageName, Pages } from '../../src/http/http.ts';
import type { Sample } from './page-samples.ts';

const sample = <K extends PageName>(name: string, page: K, model: Pages[K]): Sample<K> => ({
  name,
  page,
  model,
});

const number = 'D-26-7K3QXWPB';
const file = `/demandes/${number}`;

const stepNames = ['organisation', 'vous', 'services', 'motif', 'pieces', 'contacts', 'relire'] as const;
const draft = (current: (typeof stepNames)[number]) => ({
  number,
  steps: stepNames.map((step, index) => ({
    step,
    href: `${file}/${step}`,
    current: step === current,
    complete: index < stepNames.indexOf(current),
  })),
  action: `${file}/${current}`,
  errors: [],
});

const organization = {
  id: '000000109',
  name: 'AMD-FICTIF, association des maires du département fictif',
  type: 'association déclarée',
  siren: '000000109',
  rna: 'W000000101',
  commune: 'Vannes (56)',
  createdOn: '1990-05-12',
  active: true,
  isAssociation: true,
  source: { label: 'Organisation inventée pour la démonstration', asOf: '2026-11-21' },
} as const;

const members: NonNullable<Pages['applicants/evidence']['members']> = {
  sentences: [
    'Sur 264 membres, 2 restent à vérifier : il n’est pas établi que tous sont des personnes morales de droit public.',
    'Les membres couvrent 99 % des communes du département 56 (Morbihan) : 248 sur 249.',
  ],
  toCheck: [
    { line: 12, text: 'Commune de Vane;56000', words: 'name_differs', name: 'Vannes' },
    { line: 40, text: 'Amicale des anciens', words: 'no_identifier' },
  ],
  toCheckCount: 2,
  twice: [{ line: 51, text: 'Vannes;56260', firstLine: 3 }],
  readAt: new Date('2026-12-01T10:00:00Z'),
};

const pieces = [
  {
    id: '1',
    words: 'statutes',
    name: 'statuts-2024.pdf',
    size: 182_000,
    uploadedAt: new Date('2026-12-01T09:30:00Z'),
    href: `${file}/pieces/1`,
  },
];

const contact = { name: 'Rozenn Kervella', email: 'rozenn@amd-fictif.example', phone: '02 97 00 00 00' };
const noAgreement = { reference: '', startsOn: '', endsOn: '' };
const asked = {
  text: 'Il manque la liste des dirigeants de cette année.',
  endsOn: '2026-12-20',
  pieces: [{ words: 'directors' }],
};
const kinds = [{ id: 'statutes' }, { id: 'declaration_receipt', held: 'rna' }, { id: 'other' }] as const;

export const applicantSamples: readonly Sample[] = [
  sample('applicants-start', 'applicants/start', {
    open: true,
    signInHref: '/entrer?vers=%2Fdemandes',
    anybody: true,
    silence: 'refusal',
    deciders: [{ service: 'Docs', name: 'Équipe Docs', contact: 'mailto:docs@operateur.example' }],
    files: [],
    about: { service: { id: 'docs', name: 'Docs' } },
  }),
  sample('applicants-files', 'applicants/start', {
    open: true,
    action: '/demandes',
    email: 'membre@amd-fictif.example',
    anybody: true,
    silence: 'refusal',
    deciders: [],
    done: 'kept',
    files: [
      {
        id: number,
        href: file,
        name: organization.name,
        submittedOn: new Date('2026-12-01T10:00:00Z'),
        opened: false,
        requests: [
          { service: 'Docs', state: 'approved', tone: 'yes' },
          { service: 'Tchap', state: 'info_requested', tone: 'wait' },
        ],
        next: { words: 'wait', endsOn: '2027-02-01' },
      },
      {
        id: 'D-26-00000000',
        href: '/demandes/D-26-00000000',
        opened: false,
        requests: [],
        next: { words: 'continue' },
      },
    ],
  }),
  sample('applicants-organization', 'applicants/organization', {
    ...draft('organisation'),
    chosen: organization,
    own: [],
    nextHref: `${file}/vous`,
    searchAction: `${file}/organisation`,
  }),
  sample('applicants-organization-list', 'applicants/organization', {
    ...draft('organisation'),
    errors: [{ field: 'q', words: 'organization_missing' }],
    own: [{ ...organization, place: 'Vannes (56)' }],
    nextHref: `${file}/vous`,
    searchAction: `${file}/organisation`,
    query: 'amicale',
    list: {
      found: [
        {
          id: 'W561009999',
          name: 'Amicale du phare',
          type: 'association déclarée',
          active: true,
          rna: 'W561009999',
        },
        {
          id: '000000307',
          name: 'Amicale dissoute',
          type: 'association déclarée',
          active: false,
          siren: '000000307',
        },
      ],
      more: true,
      nextHref: `${file}/organisation?q=amicale&page=2`,
    },
  }),
  sample('applicants-you', 'applicants/you', {
    ...draft('vous'),
    name: 'Rozenn Kervella',
    email: 'membre@amd-fictif.example',
    idp: 'Fournisseur de démonstration',
    capacity: '',
    mandateUntil: '2028-12-31',
    errors: [{ field: 'acting-capacity', words: 'acting_capacity_missing' }],
  }),
  sample('applicants-services', 'applicants/services', {
    ...draft('services'),
    errors: [{ field: 'services-tchap-users', words: 'services_users_number_shape', about: 'Tchap' }],
    services: [
      {
        id: 'tchap',
        name: 'Tchap',
        description: 'Échanger des messages entre agents publics.',
        decidedBy: 'Équipe Tchap',
        chosen: true,
        why: 'Échanger avec les maires.',
        users: 'douze',
        accepted: true,
        href: 'https://tchap.example/',
      },
      {
        id: 'visio',
        name: 'Visio',
        description: 'Se réunir à distance.',
        decidedBy: 'Équipe Visio',
        chosen: false,
        why: '',
        users: '',
        accepted: false,
        href: 'https://visio.example/',
      },
    ],
    others: [{ name: 'Docs', words: 'open', endsOn: '2028-12-31' }],
  }),
  sample('applicants-purpose', 'applicants/purpose', {
    ...draft('motif'),
    purpose: 'Réunir les maires.',
    grounds: [{ id: 'members_all_public_law' }, { id: 'delegated_public_service' }],
    ground: 'members_all_public_law',
    agreement: noAgreement,
    publicShare: '',
    notes: '',
  }),
  sample('applicants-evidence', 'applicants/evidence', {
    ...draft('pieces'),
    kinds,
    pieces: pieces.map((piece) => ({ ...piece, removeAction: `${piece.href}/retirer` })),
    membersAction: `${file}/membres`,
    templateHref: '/demandes/liste-des-membres.csv',
    members,
    refused: { code: 'M-FILE-009', field: 'piece' },
    nextHref: `${file}/contacts`,
  }),
  sample('applicants-contacts', 'applicants/contacts', {
    ...draft('contacts'),
    dataProtection: contact,
    security: { ...contact, email: 'rozenn' },
    domains: 'amd-fictif.example',
    errors: [{ field: 'security-email', words: 'security_email_email_shape' }],
  }),
  sample('applicants-review', 'applicants/review', {
    ...draft('relire'),
    organization,
    you: {
      name: 'Rozenn Kervella',
      email: 'membre@amd-fictif.example',
      capacity: 'directrice',
      mandateUntil: '2028-12-31',
    },
    services: [{ name: 'Tchap', why: 'Échanger avec les maires.\nAu quotidien.', users: '12' }],
    purpose: 'Réunir les maires.',
    ground: 'members_all_public_law',
    agreement: noAgreement,
    publicShare: '',
    notes: '',
    pieces,
    members,
    dataProtection: contact,
    security: contact,
    domains: ['amd-fictif.example'],
    seen: 'abc',
    stale: true,
    incomplete: [{ step: 'contacts', href: `${file}/contacts?relire=1` }],
    deleteHref: `${file}/supprimer`,
    errors: [{ field: 'declaredAt', words: 'declaredAt_not_declared' }],
  }),
  sample('applicants-receipt', 'applicants/receipt', {
    number,
    email: 'membre@amd-fictif.example',
    pdfHref: `${file}/courriers/1/pdf`,
    fileHref: file,
    letter: {
      title: 'Accusé de réception de votre demande',
      reference: number,
      date: '2026-12-01',
      sender: { name: 'Bureau des accès', lines: ['1 rue de l’Exemple, 75000 Paris'] },
      recipient: { name: organization.name, lines: ['À l’attention de Rozenn Kervella'] },
      blocks: [
        { kind: 'paragraph', text: 'Votre demande a été reçue le 1er décembre 2026.' },
        { kind: 'heading', text: 'Ce que vaut l’absence de réponse' },
        { kind: 'paragraph', text: 'À défaut de décision, elle sera réputée rejetée.' },
      ],
    },
  }),
  sample('applicants-file', 'applicants/file', {
    number,
    organization: organization.name,
    submittedAt: new Date('2026-12-01T10:00:00Z'),
    opened: false,
    asked,
    requests: [
      {
        service: 'Tchap',
        state: 'info_requested',
        tone: 'wait',
        says: [{ words: 'info_requested', endsOn: '2026-12-20' }, { words: 'paused' }],
        actions: [],
      },
      {
        service: 'Docs',
        state: 'refused',
        tone: 'no',
        says: [
          { words: 'reason', text: 'L’organisation n’exerce pas de mission publique.' },
          { words: 'appeal_until', endsOn: '2027-02-01' },
        ],
        actions: [{ act: 'appeal', service: 'docs', href: `${file}/recours/docs` }],
      },
    ],
    actions: [
      { act: 'supply', href: `${file}/repondre` },
      { act: 'withdraw_request', href: `${file}/retirer` },
    ],
    timeline: [
      { words: 'ask_pieces', at: new Date('2026-12-05T10:00:00Z'), letterHref: `${file}/courriers/2` },
      { words: 'confirm_refusal', service: 'Docs', at: new Date('2026-12-04T10:00:00Z') },
      { words: 'submit', at: new Date('2026-12-01T10:00:00Z'), letterHref: `${file}/courriers/1` },
    ],
    letters: [
      {
        title: 'Documents demandés',
        at: new Date('2026-12-05T10:00:00Z'),
        href: `${file}/courriers/2`,
        pdfHref: `${file}/courriers/2/pdf`,
        unread: true,
      },
    ],
    pieces,
    done: 'replied',
    listHref: '/demandes',
    contact: { name: 'Bureau des accès', href: 'mailto:acces@operateur.example' },
  }),
  // Nobody has asked: it is read, and renewed.
  sample('applicants-file-opened', 'applicants/file', {
    number,
    organization: organization.name,
    submittedAt: new Date('2026-12-01T10:00:00Z'),
    opened: true,
    requests: [
      {
        service: 'Docs',
        state: 'renewal_due',
        tone: 'wait',
        says: [
          { words: 'level_member' },
          { words: 'until', endsOn: '2028-12-31' },
          { words: 'renewal', endsOn: '2028-12-31' },
        ],
        actions: [],
      },
    ],
    actions: [{ act: 'renew', href: `${file}/renouveler` }],
    timeline: [{ words: 'grant', at: new Date('2026-12-01T10:00:00Z'), letterHref: `${file}/courriers/1` }],
    letters: [
      {
        title: 'Accès à Docs accordé',
        at: new Date('2026-12-01T10:00:00Z'),
        href: `${file}/courriers/1`,
        pdfHref: `${file}/courriers/1/pdf`,
        unread: false,
      },
    ],
    pieces: [],
    listHref: '/demandes',
    contact: { name: 'Bureau des accès', href: 'mailto:acces@operateur.example' },
  }),
  sample('applicants-reply', 'applicants/reply', {
    number,
    action: `${file}/repondre`,
    membersAction: '/demandes/D-26-7K2M9QXR/repondre/membres',
    templateHref: '/demandes/liste-des-membres.csv',
    uploadAction: `${file}/repondre/pieces`,
    seen: '4',
    errors: [{ field: 'text', words: 'text_or_piece_missing' }],
    text: '',
    backHref: file,
    asked,
    kinds,
    kind: 'other',
    pieces: [],
  }),
  sample('applicants-act', 'applicants/act', {
    number,
    action: `${file}/recours/docs`,
    seen: '7',
    meanwhile: [{ words: 'communicate_motives' }],
    errors: [],
    text: 'La mission a été confirmée\npar le conseil.',
    backHref: file,
    act: 'appeal',
    service: 'Docs',
    writes: true,
    endsOn: '2027-02-01',
  }),
  sample('applicants-renounce', 'applicants/renounce', {
    number,
    action: `${file}/renoncer/docs`,
    seen: '7',
    meanwhile: [{ words: 'remind' }],
    errors: [{ field: 'from', words: 'from_over', about: '2028-12-31' }],
    text: 'Nous utilisons un autre outil.',
    from: '01/01/2029',
    backHref: file,
    service: 'Docs',
    endsOn: '2028-12-31',
    impact: { people: 12, sessions: 15, grants: 21, tools: ['Docs', 'Grist'], more: false },
    others: [{ startsOn: '2026-01-01', endsOn: '2027-12-31' }],
  }),
];
