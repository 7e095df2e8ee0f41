/** One model or more for each page, as the rooms give them: shared by the rendering tests and the Chromium tests. */
import type { PageName, Pages, Publisher } from '../../src/http/http.ts';
import { accountSamples } from './account-samples.ts';
import { applicantSamples } from './applicant-samples.ts';
import { joiningSamples } from './joining-samples.ts';
import { memberSamples } from './member-samples.ts';
import { dataSamples } from './data-samples.ts';
import { appointmentSamples } from './appointment-samples.ts';
import { domainSamples } from './domain-samples.ts';
import { exceptionSamples } from './exception-samples.ts';
import { operatorSamples } from './operator-samples.ts';
import { lotSamples } from './lot-samples.ts';
import { lotStateSamples } from './lot-state-samples.ts';
import { policySamples } from './policy-samples.ts';
import { partnerSamples } from './partner-samples.ts';
import { providerSamples } from './provider-samples.ts';

export interface Sample<K extends PageName = PageName> {
  readonly name: string;
  readonly page: K;
  readonly model: Pages[K];
}

const sample = <K extends PageName>(name: string, page: K, model: Pages[K]): Sample<K> => ({
  name,
  page,
  model,
});

const back = { href: '/interaction/essai/abandon' };

export const publisher: Publisher = {
  name: 'Syndicat mixte fictif',
  address: '1 place de l’Exemple, 00000 Exempleville',
  director: 'La présidente du syndicat',
  host: 'Hébergeur fictif, 2 rue de l’Exemple, 00000 Exempleville',
  contact: 'mailto:contact@syndicat.example',
  dataProtectionOfficer: 'mailto:donnees@syndicat.example',
};

const services: Pages['home']['services'] = [
  {
    id: 'docs',
    name: 'Docs',
    description: 'Écrire à plusieurs.',
    audience: 'Les agents publics, et les associations qui ont un accord.',
    url: 'https://docs.example/',
  },
  {
    id: 'tchap',
    name: 'Tchap',
    description: 'La messagerie des agents publics.',
    audience: 'Les agents publics. Les autres sont invités.',
  },
];

const types: Pages['home']['types'] = [
  { value: 'association', label: 'association' },
  { value: 'local_authority', label: 'collectivité territoriale' },
];

export const samples: readonly Sample[] = [
  sample('email', 'email', {
    service: 'Docs',
    action: '/interaction/essai/adresse',
    back,
    requestHref: '/demandes',
  }),
  sample('email-error', 'email', {
    service: 'Docs',
    action: '/interaction/essai/adresse',
    back: { ...back, post: true },
    email: 'prenom.nom@@ma-commune',
    error: 'malformed',
    hidden: { etape: '1' },
  }),
  sample('unknown-domain', 'unknown-domain', {
    service: 'Tchap',
    email: 'camille@clubdelecture.example',
    domain: 'clubdelecture.example',
    retryHref: '/interaction/essai',
    action: '/interaction/essai/adresse',
    suggestions: [],
    requestHref: '/demandes',
    back,
    reference: { code: 'M-ROUT-002', id: '7F3A-91C2' },
  }),
  sample('unknown-domain-suggestion', 'unknown-domain', {
    service: 'Tchap',
    email: 'camille.lemarchand@exemplevile.example',
    domain: 'exemplevile.example',
    retryHref: '/interaction/essai',
    action: '/interaction/essai/adresse',
    suggestions: [
      {
        email: 'camille.lemarchand@exempleville.example',
        shown: 'camille.lemarchand@exempleville.example',
      },
    ],
    requestHref: '/demandes',
    back,
    reference: { code: 'M-ROUT-002', id: '7F3A-91C2' },
  }),
  sample('unknown-domain-suggestions', 'unknown-domain', {
    email: 'camille@exempleil.example',
    domain: 'exempleil.example',
    retryHref: '/interaction/essai',
    action: '/interaction/essai/adresse',
    suggestions: [
      { email: 'camille@exemple-il.example', shown: 'camille@exemple-il.example' },
      { email: 'camille@xn--xempleil-90a.example', shown: 'camille@éxempleil.example' },
    ],
  }),
  sample('free-mail', 'free-mail', {
    service: 'Docs',
    email: 'camille.lemarchand@gmail.com',
    domain: 'gmail.com',
    retryHref: '/interaction/essai',
    requestHref: '/demandes',
    back,
    reference: { code: 'M-ROUT-003', id: '7F3A-91C2' },
  }),
  sample('choose-idp', 'choose-idp', {
    service: 'Docs',
    action: '/interaction/essai/connexion',
    email: 'agent@commune.example',
    idps: [
      { id: 'commune', name: 'Commune d’Exempleville' },
      { id: 'metropole', name: 'Métropole d’Exempleville' },
    ],
    remembered: false,
    back,
    retryHref: '/interaction/essai',
  }),
  sample('choose-idp-remembered', 'choose-idp', {
    service: 'Docs',
    action: '/interaction/essai/connexion',
    email: 'agent@commune.example',
    idps: [
      { id: 'ancienne', name: 'Commune d’Exempleville', about: 'connexion.exempleville.example' },
      { id: 'commune', name: 'Commune d’Exempleville', about: 'agents.exempleville.example' },
      { id: 'metropole', name: 'Métropole d’Exempleville' },
    ],
    selected: 'commune',
    remembered: true,
    back,
    retryHref: '/interaction/essai',
  }),
  sample('choose-idp-forgotten', 'choose-idp', {
    service: 'Docs',
    action: '/interaction/essai/connexion',
    email: 'agent@commune.example',
    idps: [
      { id: 'commune', name: 'Commune d’Exempleville' },
      { id: 'metropole', name: 'Métropole d’Exempleville' },
    ],
    remembered: false,
    forgotten: true,
    back,
  }),
  sample('choose-idp-error', 'choose-idp', {
    service: 'Docs',
    action: '/interaction/essai/connexion',
    email: 'agent@commune.example',
    idps: [{ id: 'commune', name: 'Commune d’Exempleville' }],
    remembered: false,
    error: 'missing',
  }),
  sample('choose-organization', 'choose-organization', {
    service: 'Tchap',
    action: '/interaction/essai/organisation',
    organizations: [
      {
        siret: '21440109300015',
        name: 'Commune de Nantes',
        type: 'Commune',
        commune: 'Nantes',
        opens: 'yes',
      },
      {
        siret: '00000010900009',
        name: 'AMD-FICTIF Association des maires du département fictif',
        type: 'Association déclarée',
        opens: 'no',
      },
      { siret: '00000020800009', name: 'Association fictive reconnue', type: 'Association', opens: 'guest' },
    ],
    selected: '21440109300015',
    back,
  }),
  sample('choose-organization-error', 'choose-organization', {
    action: '/interaction/essai/organisation',
    organizations: [{ siret: '21440109300015', name: 'Commune de Nantes', type: 'Commune' }],
    error: 'missing',
    back: { ...back, post: true },
  }),
  sample('refusal-revoked', 'refusal', {
    service: 'Docs',
    organization: {
      name: 'Association départementale des maires fictive',
      type: 'Association déclarée',
      kind: 'association',
    },
    revoked: true,
    otherOrganizationHref: '/interaction/essai/organization',
    back,
    reference: { code: 'M-ELIG-020', id: '7F3A-91C2' },
  }),
  sample('select-account', 'select-account', {
    service: 'Docs',
    action: '/interaction/essai/compte',
    name: 'Maëlle Le Goff',
    email: 'maelle.legoff@amd-fictif.example',
    back,
  }),
  sample('form-post', 'form-post', {
    service: 'Docs',
    action: '/interaction/essai/retour',
    hidden: { code: 'abc"><i>', state: 'def' },
    // As it is without script: with it, nobody sees the page.
    autoSubmit: false,
  }),
  sample('refusal-other-kind', 'refusal', {
    service: 'Docs',
    organization: { name: 'Commune de Nantes', type: 'commune', kind: 'commune', siret: '21440109300015' },
    reason:
      'Votre connexion a réussi. Cette fois, Docs attend une organisation de cette sorte : association déclarée ou fondation.',
    otherOrganizationHref: '/interaction/essai/organisation',
    back,
    reference: { code: 'M-OIDC-006', id: '7F3A-91C2' },
  }),
  sample('refusal', 'refusal', {
    service: 'Tchap',
    organization: {
      name: 'AMD-FICTIF',
      type: 'Association déclarée',
      kind: 'association',
      siret: '00000010900009',
    },
    reason: 'Votre connexion a réussi. L’accord donné à votre association couvre Docs, mais pas Tchap.',
    approvals: [
      { service: 'Docs', endsOn: '2028-12-31' },
      { service: 'Visio', endsOn: '2027-01-01', level: 'guest' },
    ],
    decidedBy: {
      name: 'L’opérateur du département',
      contact: 'mailto:operateur@operateur.example',
      delay: 'Réponse sous deux mois.',
    },
    steps: [
      { text: 'Demander l’accès à Tchap pour votre association.', href: '/demandes' },
      { text: 'Demander à un agent public de vous inviter à un salon.' },
    ],
    ways: [
      { words: 'contest', href: '/demandes/D-26-7K3QXWPB', name: 'D-26-7K3QXWPB' },
      { words: 'support', href: 'mailto:aide@commune.example', name: 'la commune d’Exempleville' },
      { words: 'retry', href: '/interaction/essai' },
      { words: 'other', href: '/compte' },
    ],
    endedOn: '2026-10-31',
    requestHref: '/demandes',
    otherOrganizationHref: '/interaction/essai/organisation',
    back: { ...back, post: true },
    reference: { code: 'M-ELIG-012', id: '7F3A-91C2' },
  }),
  sample('refusal-plain', 'refusal', {
    service: 'Docs',
    back,
    reference: { code: 'M-ELIG-001', id: '0C1D-22E3' },
  }),
  sample('step-up', 'step-up', {
    service: 'Docs',
    idp: 'Commune d’Exempleville',
    action: '/interaction/essai/connexion',
    hidden: { idp: 'commune' },
    back,
  }),
  sample('step-up-own', 'step-up', {
    service: 'Tchap',
    action: '/interaction/essai/renforcer',
    back,
    reference: { code: 'M-ELIG-022', id: '7F3A-91C2' },
  }),
  sample('step-up-email-code', 'step-up', {
    service: 'Docs',
    idp: 'Commune d’Exempleville',
    action: '/interaction/essai/connexion',
    emailCode: { action: '/interaction/essai/email-code/send', email: 'camille.martin@exempleville.example' },
    back,
  }),
  sample('step-up-tried', 'step-up', {
    service: 'Docs',
    idp: 'Commune d’Exempleville',
    action: '/interaction/essai/connexion',
    tried: true,
    back: { ...back, post: true },
    reference: { code: 'M-ELIG-022', id: '51AB-0F0F' },
  }),
  sample('error', 'error', {
    title: 'Commune d’Exempleville ne répond pas',
    why: 'Nous n’arrivons pas à joindre le site sur lequel vous donnez votre mot de passe.',
    todo: ['Recommencez dans quelques minutes.', 'Si cela dure, prévenez votre service informatique.'],
    service: 'Docs',
    support: { href: 'mailto:aide@commune.example', name: 'la commune d’Exempleville' },
    back,
    reference: { code: 'M-UPST-001', id: '7F3A-91C2' },
  }),
  sample('error-no-organization', 'error', {
    title: 'Il manque votre organisation',
    why: 'FranceConnect dit qui vous êtes, mais pas pour quelle organisation vous agissez.',
    todo: ['Si votre organisation vous a donné une adresse électronique, connectez-vous avec elle.'],
    service: 'Docs',
    otherAccountHref: '/interaction/essai/other-account',
    back,
    reference: { code: 'M-UPST-030', id: '7F3A-91C2' },
  }),
  sample('error-two-languages', 'error', {
    title: 'Cette tentative de connexion n’est plus valable',
    why: 'Elle a expiré, ou elle a déjà servi.',
    todo: ['Retournez au service et recommencez.'],
    reference: { code: 'M-UPST-004', id: '7F3A-91C2' },
    other: {
      lang: 'en',
      title: 'This sign-in attempt is no longer valid',
      why: 'It has expired, or it was used already.',
      todo: ['Go back to the service and sign in again.'],
    },
  }),
  sample('logout', 'logout', {
    service: 'Docs',
    action: '/session/end/confirm',
    xsrf: 'abcdef',
    autoSubmit: false,
  }),
  sample('logged-out', 'logged-out', {
    service: 'Docs',
    serviceHref: 'https://docs.example/',
    idp: 'Commune d’Exempleville',
  }),
  sample('account', 'account', {
    concerns: { requestsHref: '/demandes', guestsHref: '/invitations', membersHref: '/membres' },
    action: '/compte/deconnexion',
    email: 'camille.martin@exempleville.example',
    services: [],
    done: 'one',
    sessions: [
      {
        handle: 'a'.repeat(43),
        current: true,
        startedAt: new Date('2026-11-22T09:30:00Z'),
        device: { browser: 'Firefox', system: 'Windows' },
        idp: 'Commune d’Exempleville',
        services: ['Docs', 'Tchap'],
      },
      { handle: 'b'.repeat(43), current: false, device: {}, services: [] },
    ],
  }),
  sample('account-nobody', 'account', {
    services: [{ name: 'Docs', href: 'https://docs.example/' }, { name: 'Tchap' }],
  }),
  sample('sponsors-list', 'sponsors/list', {
    email: 'agent@etat.example',
    done: 'invited',
    guests: [
      {
        id: '6b0c1a5e-0f0e-4f1e-8f54-0d2f5c9f3a10',
        address: 'membre@asso.example',
        service: 'Tchap',
        endsOn: '2027-01-31',
        state: 'open',
        reason: 'Préparer les réunions du comité.',
        lastAt: new Date('2026-11-22T09:30:00Z'),
        renewHref: '/invitations/6b0c1a5e-0f0e-4f1e-8f54-0d2f5c9f3a10/prolonger',
        revokeHref: '/invitations/6b0c1a5e-0f0e-4f1e-8f54-0d2f5c9f3a10/retirer',
      },
      {
        id: 'a0e9b5b2-3f0a-4b53-9a4b-6a3a5d1c7e21',
        address: 'tres.longue-adresse.de.quelqu-un@une-association-au-nom-vraiment-tres-long.example',
        service: 'Tchap',
        endsOn: '2026-10-31',
        state: 'revoked',
        reason: '"><i>Un texte hostile</i>',
      },
    ],
    services: ['Tchap'],
    newHref: '/invitations/nouvelle',
    strongerHref: '/entrer?vers=/invitations&renforce=1',
    most: 50,
  }),
  sample('sponsors-form-errors', 'sponsors/form', {
    action: '/invitations/nouvelle',
    backHref: '/invitations',
    errors: [
      { field: 'email', words: 'email_malformed' },
      { field: 'until', words: 'until_too_late' },
    ],
    email: 'membre@asso.example, autre@asso.example',
    service: 'tchap',
    reason: 'Préparer les réunions.',
    until: '2030-01-01',
    services: [{ id: 'tchap', name: 'Tchap', organization: 'Commune d’Exempleville' }],
    today: '2026-11-22',
    latest: '2027-11-22',
  }),
  sample('sponsors-review', 'sponsors/review', {
    sendAction: '/invitations',
    changeAction: '/invitations/nouvelle',
    hidden: { email: 'membre@asso.example', service: 'tchap', reason: 'Réunions', until: '2027-01-31' },
    address: 'membre@asso.example',
    service: 'Tchap',
    organization: 'Commune d’Exempleville',
    reason: 'Réunions',
    endsOn: '2027-01-31',
    sponsorEmail: 'agent@etat.example',
  }),
  sample('sponsors-revoke', 'sponsors/revoke', {
    action: '/invitations/6b0c1a5e-0f0e-4f1e-8f54-0d2f5c9f3a10/retirer',
    backHref: '/invitations',
    guest: {
      address: 'membre@asso.example',
      service: 'Tchap',
      endsOn: '2027-01-31',
      state: 'open',
      reason: 'Réunions',
    },
    live: 2,
    lastAt: new Date('2026-11-22T09:30:00Z'),
  }),
  sample('operator-me', 'operator-me', {
    console: {
      sections: [
        { words: 'todo', href: '/operateur', current: false },
        { words: 'organizations', href: '/operateur/organisations', current: false },
        { words: 'policies', href: '/operateur/regles', current: false },
        { words: 'record', href: '/operateur/journal', current: false },
        { words: 'me', href: '/operateur/moi', current: true },
      ],
    },
    name: 'Hélène Marchand',
    capacity: 'Cheffe du bureau des partenariats',
    organization: 'Opérateur de démonstration',
    email: 'operateur@operateur.example',
    roles: ['reader', 'reviewer', 'decider', 'policy_editor', 'administrator', 'auditor'],
    perimeter: {
      departments: ['Morbihan (56)', 'Finistère (29)'],
      federations: ['AMD-FICTIF, association des maires du département fictif (000000109)'],
      services: ['Docs'],
    },
    delegation: { from: '2026-01-01', to: '2030-12-31' },
    idp: 'Commune d’Exempleville',
    signedInAt: new Date('2026-11-22T09:30:00Z'),
    signOutHref: '/compte',
  }),
  ...memberSamples,
  ...joiningSamples,
  ...operatorSamples,
  ...appointmentSamples,
  ...domainSamples,
  ...exceptionSamples,
  ...lotSamples,
  ...lotStateSamples,
  ...policySamples,
  ...providerSamples,
  ...partnerSamples,
  ...accountSamples,
  sample('home', 'home', { services, types }),
  sample('home-error', 'home', { services, types, query: '130025265000', error: 'malformed' }),
  sample('home-commune-error', 'home', {
    services,
    types,
    query: 'comité des fêtes',
    commune: '93200',
    error: 'unknownCommune',
  }),
  sample('home-result', 'home', {
    services,
    types,
    query: '00000010900009',
    result: {
      name: 'AMD-FICTIF Association des maires du département fictif',
      acronym: 'AMD',
      type: 'association déclarée',
      siret: '00000010900009',
      rna: 'W000000101',
      commune: 'Vannes',
      active: true,
      source:
        'Institut national de la statistique et des études économiques, base Sirene (Licence Ouverte 2.0)',
      sourceDate: '2026-11-01',
      origins: {
        rna: {
          label: 'ministère de l’Intérieur, répertoire national des associations (Licence Ouverte 2.0)',
          asOf: '2026-10-31',
        },
        type: {
          label: 'décision d’un opérateur',
          asOf: '2026-11-12',
          correction: {
            by: 'responsable des opérateurs, Opérateur fictif',
            on: '2026-11-12T09:00:00Z',
            reason: 'Le code du registre date d’avant le changement de statuts, publié le 3 octobre.',
          },
        },
      },
      doubts: ['L’établissement est fermé, l’organisation est active.'],
      copiedOn: new Date('2026-11-03T14:12:00Z'),
      rows: [
        { service: 'Docs', answer: 'yes', reason: 'Accord en cours.', endsOn: '2028-12-31' },
        {
          service: 'Tchap',
          answer: 'no',
          reason: 'L’accord donné à cette association couvre Docs, mais pas Tchap.',
        },
        { service: 'Visio', answer: 'guest', reason: 'Ouvert à toute personne invitée.' },
      ],
    },
  }),
  sample('home-without-siret', 'home', {
    services,
    types,
    query: 'W000000101',
    result: {
      name: 'Les amis de la lecture de Saint-Denis',
      type: 'association déclarée',
      rna: 'W000000101',
      commune: 'Saint-Denis',
      createdOn: '1998-03-02',
      active: true,
      source: 'ministère de l’Intérieur, répertoire national des associations (Licence Ouverte 2.0)',
      sourceDate: '2026-11-01',
      rows: [],
    },
  }),
  sample('home-list', 'home', {
    services,
    types,
    query: 'comite des fete',
    list: {
      found: Array.from({ length: 6 }, (_, at) => ({
        href: `/?id=W00000010${String(at)}`,
        name:
          at % 3 === 0
            ? 'COMITE DES FETES'
            : 'Comité des fêtes de Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson',
        acronym: at % 5 === 0 ? 'CDF' : undefined,
        type: 'association déclarée',
        place: at % 2 === 0 ? 'Vannes (56)' : 'Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson (51)',
        active: at < 5,
        siren: at % 4 === 0 ? '000000109' : undefined,
        rna: `W0000001${String(at).padStart(2, '0')}`,
        createdOn: at < 2 ? '1998-03-02' : undefined,
      })),
      total: 400,
      more: true,
      page: 2,
      pages: 20,
      previousHref: '/?q=comite',
      nextHref: '/?q=comite&page=3',
      corrections: [{ typed: 'fete', instead: ['fêtes'] }],
    },
  }),
  sample('home-nothing', 'home', {
    services,
    types,
    query: 'zygomorphe',
    commune: 'Vannes',
    list: { found: [], total: 0, more: false, page: 1, pages: 1, corrections: [] },
  }),
  sample('home-communes', 'home', {
    services,
    types,
    query: 'comité des fêtes',
    commune: 'saint denis',
    communes: ['93', '974', '30', '11'].map((department) => ({
      name: 'Saint-Denis',
      department,
      href: `/?q=comite&commune=${department}066`,
    })),
  }),
  sample('letter', 'letter', {
    pdfHref: '/demandes/D-26-7K3QXWPB/courriers/1.pdf',
    backHref: '/demandes/D-26-7K3QXWPB',
    letter: {
      title: 'Refus d’accès à Docs',
      reference: 'D-26-7K3QXWPB',
      date: '2026-12-01',
      sender: { name: 'Bureau des accès', lines: ['1 rue de l’Exemple, 75000 Paris'] },
      recipient: { name: 'Association des maires', lines: ['À l’attention de Maëlys Cœurdassier'] },
      blocks: [
        { kind: 'paragraph', text: 'La demande est rejetée.' },
        { kind: 'heading', text: 'Motifs de la décision' },
        { kind: 'list', items: ['Un premier motif.', 'Un second motif.'] },
        { kind: 'facts', facts: [{ name: 'Service', value: 'Docs' }] },
      ],
      signature: {
        givenName: 'Ada',
        usualName: 'Martin',
        capacity: 'cheffe de bureau',
        organization: 'Opérateur de démonstration',
      },
    },
  }),
  sample('mailbox', 'mailbox', {
    mails: [
      {
        href: '/dev/mailbox/1',
        to: 'presidence@amd-fictif.example',
        subject: 'Accusé de réception de votre demande',
        createdAt: new Date('2026-12-01T10:00:00Z'),
      },
    ],
  }),
  sample('mailbox-empty', 'mailbox', { mails: [] }),
  sample('mailbox-mail', 'mailbox-mail', {
    subject: 'Accusé de réception de votre demande',
    to: 'presidence@amd-fictif.example',
    about: 'registration:D-26-7K3QXWPB',
    createdAt: new Date('2026-12-01T10:00:00Z'),
    text: 'Votre demande a été reçue.\n\nhttps://connexion.example/demandes/D-26-7K3QXWPB\n',
    links: ['https://connexion.example/demandes/D-26-7K3QXWPB'],
    htmlHref: '/dev/mailbox/1/html',
    backHref: '/dev/mailbox',
  }),
  sample('accessibilite', 'accessibilite', { site: 'https://connexion.example' }),
  sample('donnees-personnelles', 'donnees-personnelles', { site: 'https://connexion.example', publisher }),
  sample('mentions-legales', 'mentions-legales', { site: 'https://connexion.example', publisher }),
  sample('mentions-legales-empty', 'mentions-legales', { site: 'https://connexion.example' }),
  sample('aide', 'aide', { site: 'https://connexion.example', publisher }),
  ...applicantSamples,
  ...dataSamples,
];
