import { stringify } from 'yaml';

/** The smallest object of each kind that is accepted. */
const both = (text: string) => ({ fr: text, en: text });

export const aService = {
  id: 'docs',
  name: both('Docs'),
  description: both('Write'),
  url: 'https://docs.test/',
  audience: both('Everybody'),
  decided_by: { name: both('Team'), contact: 'mailto:team@docs.test' },
} as const;

export const aClient = {
  client_id: 'docs',
  service: 'docs',
  client_secret: 'docs-secret-0123456789-0123456789-0123456789',
  redirect_uris: ['https://docs.test/cb'],
  scope: 'openid email siret',
} as const;

export const aResourceServer = {
  id: 'agenda',
  name: both('Agenda'),
  resource: 'https://agenda.test/api',
  scopes: ['agenda:read'],
  clients: ['docs'],
} as const;

export const anIdp = {
  id: 'etat',
  name: 'État',
  issuer: 'https://idp.etat.test',
  client_id: 'maillon',
  client_secret: 'idp-secret-0123456789',
  scope: 'openid email siret',
  domains: ['etat.example'],
  acr: { values: { strong: 'eidas1-mfa' }, maximum: 'eidas1-mfa' },
  any_siret: true,
  organization_link: { level: 'moderated', method: 'proof_received' },
  support: { name: 'Help', email: 'help@etat.test' },
} as const;

export const aPolicy = {
  service: 'docs',
  version: 1,
  valid_from: '2026-01-01',
  guards: [],
  rules: [
    {
      id: 'public',
      if: { 'org.public_service': true },
      allow: { level: 'member', entitlements: ['use'] },
      basis: 'public_service',
    },
  ],
  default: { deny: 'not_eligible' },
} as const;

export const anApproval = {
  id: 'amd-docs',
  siren: '000000109',
  service: 'docs',
  level: 'member',
  ground: 'members_all_public_law',
  reason: 'All its members are public-law persons.',
  starts_on: '2026-01-01',
  ends_on: '2028-12-31',
  decided_by: { given_name: 'Ada', usual_name: 'Martin', capacity: 'Head', organization: 'Operator' },
  decided_on: '2025-12-15',
} as const;

export const aMembership = {
  idp: 'etat',
  subject: 'person/1',
  siret: '00000010900009',
  level: 'moderated',
  method: 'proof_received',
  verified_at: '2026-01-05T09:00:00+01:00',
} as const;

export const anOrganization = {
  siret: '13002526500013',
  name: 'DINUM',
  legal_category: '7120',
  source: 'test',
  source_date: '2026-11-21',
} as const;

export const anOperator = {
  id: 'ada-martin',
  idp: 'etat',
  subject: 'person/2',
  given_name: 'Ada',
  usual_name: 'Martin',
  capacity: 'Head of office',
  organization: 'Operator',
  organization_siren: '130025265',
  email: 'ada@etat.example',
  roles: ['decider', 'administrator'],
  perimeter: { departments: ['56', '2A', '974'], federations: ['000000109'], services: ['docs'] },
  delegation: { from: '2026-01-01', to: '2028-12-31' },
} as const;

export const without = <T extends object>(object: T, field: keyof T): object =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));

export const yamlOf = (sections: Readonly<Record<string, readonly object[]>>): string => stringify(sections);
