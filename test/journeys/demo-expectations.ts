/** What each person of the demonstration should get at each tool, as the README promises it. */
import type { DemoToolId } from '../support/tool-client.ts';
import { people } from './visitor.ts';
import type { Email } from './visitor.ts';

/** What the organization is: the same for every tool, whatever is decided. */
export const truths = {
  dinum: {
    siret: '13002526500013',
    siren: '130025265',
    organization_label: 'Direction interministérielle du numérique (DINUM)',
    roles: ['agent_public', 'agent_public_etat'],
    is_public_service: true,
    organization_type: 'state.central',
    organization_category: 'state',
    organization_sector: 'public_law',
    organization_legal_category: '7120',
    organization_qualifications: [],
    organization_territory: { country: 'FR' },
  },
  nantes: {
    siret: '21440109300015',
    siren: '214401093',
    organization_label: 'Commune de Nantes',
    roles: ['agent_public', 'agent_public_territorial'],
    is_public_service: true,
    organization_type: 'local_authority.commune',
    organization_category: 'local_authority',
    organization_sector: 'public_law',
    organization_legal_category: '7210',
    organization_qualifications: [],
    organization_territory: {
      country: 'FR',
      region: '52',
      department: '44',
      commune: '44109',
      epci: '244400404',
      population_band: '200000_and_over',
    },
  },
  mayors: {
    siret: '00000010900009',
    siren: '000000109',
    organization_label: 'AMD-FICTIF, association des maires du département fictif',
    roles: [],
    is_public_service: false,
    organization_type: 'association.declared',
    organization_category: 'association',
    organization_sector: 'private_law',
    organization_legal_category: '9220',
    organization_qualifications: ['elected_officials_association'],
    organization_rna: 'W000000101',
    organization_territory: {
      country: 'FR',
      region: '53',
      department: '56',
      commune: '56260',
      epci: '200067932',
    },
  },
  sport: {
    siret: '00000040600009',
    siren: '000000406',
    organization_label: 'Association sportive fictive',
    roles: [],
    is_public_service: false,
    organization_type: 'association.declared',
    organization_category: 'association',
    organization_sector: 'private_law',
    organization_legal_category: '9220',
    organization_qualifications: [],
    organization_rna: 'W000000104',
    organization_territory: { country: 'FR' },
  },
} as const;

export const persons: Readonly<Record<Email, { given_name: string; usual_name: string; uid: string }>> = {
  [people.state]: { given_name: 'Camille', usual_name: 'Renaud', uid: 'demo-0001' },
  [people.commune]: { given_name: 'Yann', usual_name: 'Bihan-Morel', uid: 'demo-0002' },
  [people.elected]: { given_name: 'Bernard', usual_name: 'Tanguy', uid: 'demo-0003' },
  [people.approved]: { given_name: 'Rozenn', usual_name: 'Kervella', uid: 'demo-0004' },
  [people.association]: { given_name: 'Samir', usual_name: 'Benali', uid: 'demo-0005' },
  [people.operator]: { given_name: 'Hélène', usual_name: 'Marchand', uid: 'demo-0006' },
};

/** 31 December 2028 included: 1 January 2029, 00:00 in Paris. */
export const endOf2028 = 1861916400;

const asPublicService = { basis: 'public_service' };
const asApproved = { basis: 'approval', ground: 'members_all_public_law', valid_until: endOf2028 };
const asAnybody = { basis: 'open' };
export const writes = ['create_document', 'use'];
const talks = ['create_room', 'directory', 'use'];

/** Who opens what, as which organization, on what basis, with which entitlements. */
export const opens: readonly [Email, DemoToolId, keyof typeof truths, object, readonly string[]][] = [
  [people.state, 'docs', 'dinum', asPublicService, writes],
  [people.state, 'tchap', 'dinum', asPublicService, talks],
  [people.state, 'visio', 'dinum', asPublicService, ['host', 'join']],
  [people.commune, 'docs', 'nantes', asPublicService, writes],
  [people.commune, 'tchap', 'nantes', asPublicService, talks],
  [people.commune, 'visio', 'nantes', asPublicService, ['host', 'join']],
  [people.elected, 'docs', 'nantes', asPublicService, writes],
  [people.elected, 'docs', 'mayors', asApproved, writes],
  [people.elected, 'tchap', 'nantes', asPublicService, talks],
  [people.elected, 'visio', 'nantes', asPublicService, ['host', 'join']],
  [people.elected, 'visio', 'mayors', asAnybody, ['join']],
  [people.approved, 'docs', 'mayors', asApproved, writes],
  [people.approved, 'visio', 'mayors', asAnybody, ['join']],
  [people.association, 'visio', 'sport', asAnybody, ['join']],
  [people.operator, 'docs', 'dinum', asPublicService, writes],
  [people.operator, 'tchap', 'dinum', asPublicService, talks],
  [people.operator, 'visio', 'dinum', asPublicService, ['host', 'join']],
];

const coveredElsewhere = {
  reason: 'service_not_covered',
  code: 'M-ELIG-012',
  sentences: [
    'Votre connexion a réussi. L’accord donné à votre organisation couvre d’autres services, mais pas celui-ci.',
    'Accord en cours\nDocs, jusqu’au 31 décembre 2028',
  ],
};
const neverApproved = {
  reason: 'approval_missing',
  code: 'M-ELIG-011',
  sentences: [
    'Votre connexion a réussi, mais votre organisation n’a pas encore reçu l’accord d’un opérateur',
  ],
};

/** Who is refused where, as which organization, and what the page says. */
export const refuses: readonly [
  Email,
  'docs' | 'tchap',
  keyof typeof truths,
  { reason: string; code: string; sentences: readonly string[] },
][] = [
  [people.elected, 'tchap', 'mayors', coveredElsewhere],
  [people.approved, 'tchap', 'mayors', coveredElsewhere],
  [people.association, 'docs', 'sport', neverApproved],
  [people.association, 'tchap', 'sport', neverApproved],
];
