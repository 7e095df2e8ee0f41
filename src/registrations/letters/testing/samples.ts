import type { CommonFacts, FactsOf, LetterFacts, LetterKind } from '../facts.ts';

/** One file of an invented association, told by each kind of letter. */
export const common: CommonFacts = {
  registration: 'D-26-7K3QXWPB',
  date: '2026-12-10',
  organization: {
    name: 'Association des maires du département fictif',
    siren: '000000109',
    rna: 'W000000109',
  },
  applicant: {
    givenName: 'Maëlys',
    usualName: 'Cœurdassier',
    email: 'presidence@amd-fictif.example',
    capacity: 'présidente',
  },
  authority: {
    name: 'Bureau des accès de l’opérateur de démonstration',
    address: '1 rue de l’Exemple, 75000 Paris',
    email: 'acces@operateur.example',
    phone: '01 00 00 00 00',
    court: 'tribunal administratif de Paris, 7 rue de Jouy, 75181 Paris Cedex 04',
  },
  fileHref: 'https://connexion.example.fr/demandes/D-26-7K3QXWPB',
};

const docs = {
  id: 'docs',
  name: 'Docs',
  decidedBy: { name: 'Équipe Docs', contact: 'mailto:docs@operateur.example' },
};
const tchap = { id: 'tchap', name: 'Tchap' };
const author = {
  givenName: 'Ada',
  usualName: 'Martin',
  capacity: 'cheffe du bureau des accès, par délégation',
  organization: 'Opérateur de démonstration',
};
const second = {
  givenName: 'Noël',
  usualName: 'Durand',
  capacity: 'adjoint à la cheffe de bureau',
  organization: 'Opérateur de démonstration',
};
const reason = {
  motive: 'Les membres de l’organisation ne sont pas tous des personnes morales de droit public.',
  text: 'La liste fournie compte 12 membres, dont trois sociétés.\n\nLa part publique est de 75 %.',
  rule: `article L. 100-3 du code des relations entre le public et l’administration`,
};
const terms = {
  level: 'member',
  ground: 'members_all_public_law',
  conditions: [
    'Seuls les élus et les agents de l’association utilisent le service.',
    'La liste des membres est tenue à jour chaque année.',
  ],
  startsOn: '2026-12-11',
  endsOn: '2029-12-31',
} as const;
const heard = { notifiedOn: '2026-11-20', answerBy: '2026-12-05', answered: true };
const signed = { author, automated: true };
const signedByTwo = { author, second, automated: false };

/** A file that the administration opened: nobody has asked. */
export const fromNobody = { applicant: undefined, contact: 'contact@amd-fictif.example' } as const;

/** The day of the letter only where it comes later than the others. */
const own: { readonly [K in LetterKind]: FactsOf[K] & Partial<CommonFacts> } = {
  receipt: {
    date: '2026-11-21',
    receivedOn: '2026-11-21',
    silence: 'refusal',
    silenceOn: '2027-01-21',
    services: [docs, tchap],
    evidence: [
      { label: 'Statuts en vigueur', name: 'statuts.pdf' },
      { label: 'Liste des membres', name: 'membres.csv' },
    ],
  },
  pieces_asked: {
    author,
    receivedOn: '2026-11-21',
    services: [docs, tchap],
    pieces: ['Statuts en vigueur', 'Mandat de la personne qui demande'],
    text: 'Les statuts fournis ne sont pas signés.',
    until: '2027-01-09',
    blocking: true,
    silence: 'refusal',
  },
  transfer: {
    author,
    receivedOn: '2026-11-21',
    services: [docs, tchap],
    to: 'Direction interministérielle fictive\n\n2 rue de l’Exemple, 75000 Paris',
    silence: 'refusal',
    silenceOn: '2027-01-21',
  },
  grant: {
    ...fromNobody,
    author,
    preparedBy: second,
    services: [
      { service: docs, terms },
      { service: tchap, terms: { ...terms, level: 'guest', conditions: [], endsOn: '2028-12-31' } },
    ],
    text: 'Convention du 2 mars 2026 entre l’État et les associations départementales de maires.\n\nTous les membres sont des communes.',
  },
  approval: {
    ...signed,
    service: docs,
    receivedOn: '2026-11-21',
    terms,
    text: 'Tous les membres sont des communes.',
  },
  refusal: { ...signedByTwo, service: docs, receivedOn: '2026-11-21', reason },
  implicit_refusal: {
    date: '2027-01-22',
    services: [docs, tchap],
    receivedOn: '2026-11-21',
    refusedOn: '2027-01-21',
  },
  implicit_acceptance: {
    date: '2027-01-22',
    services: [docs],
    receivedOn: '2026-11-21',
    acceptedOn: '2027-01-21',
    terms: { ...terms, startsOn: '2027-01-22' },
  },
  motives: {
    date: '2027-02-20',
    author,
    service: tchap,
    receivedOn: '2026-11-21',
    refusedOn: '2027-01-21',
    askedOn: '2027-02-01',
    reason,
  },
  suspension_notice: { author, service: docs, reason, answerBy: '2026-12-25' },
  suspension: { ...signedByTwo, service: docs, reason, urgent: false, heard },
  reinstatement: {
    ...signed,
    service: docs,
    suspendedOn: '2026-12-01',
    text: 'Les comptes en cause ont été fermés.',
    terms,
  },
  abrogation: {
    ...signedByTwo,
    service: docs,
    approvedOn: '2026-03-02',
    because: 'condition',
    reason,
    heard: { ...heard, answered: false },
  },
  withdrawal: { ...signedByTwo, service: docs, approvedOn: '2026-10-02', because: 'illegal', reason, heard },
  observations_recorded: {
    service: docs,
    receivedOn: '2026-12-12',
    text: 'Par téléphone : la présidente conteste les faits.',
    answerBy: '2026-12-25',
  },
  appeal_receipt: {
    service: docs,
    appealedOn: '2026-12-10',
    against: { as: 'refused', on: '2026-11-30' },
    silenceOn: '2027-02-10',
  },
  appeal_decision: {
    date: '2027-01-15',
    ...signedByTwo,
    service: docs,
    appealedOn: '2026-12-10',
    against: { as: 'refused', on: '2026-11-30' },
    outcome: 'reversed',
    text: 'Les trois sociétés ont quitté l’association.',
    rule: reason.rule,
    terms: { ...terms, startsOn: '2027-01-16' },
  },
  identification: { opens: true, number: 'W561009999', services: [{ service: docs, terms }] },
  renunciation: { service: docs, receivedOn: '2026-12-10', from: '2027-01-01' },
  expiry_reminder: {
    date: '2029-10-02',
    service: docs,
    endsOn: '2029-12-31',
    daysLeft: 90,
    renewHref: common.fileHref,
  },
  closure: {
    service: docs,
    text: 'Le registre public indique que l’organisation a cessé son activité.',
  },
};

/** Facts of one kind, with what a test changes of them. */
export const sample = <K extends LetterKind>(
  kind: K,
  changes: Partial<CommonFacts & FactsOf[K]> = {},
): LetterFacts<K> => ({ ...common, ...own[kind], ...changes });

export const kinds: readonly LetterKind[] = [
  'receipt',
  'pieces_asked',
  'transfer',
  'grant',
  'approval',
  'refusal',
  'implicit_refusal',
  'implicit_acceptance',
  'motives',
  'suspension_notice',
  'observations_recorded',
  'suspension',
  'reinstatement',
  'abrogation',
  'withdrawal',
  'appeal_receipt',
  'appeal_decision',
  'renunciation',
  'identification',
  'expiry_reminder',
  'closure',
];
