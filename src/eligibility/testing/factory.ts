import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { organizationFacts, parseSiren, parseSiret } from '../../organizations/organizations.ts';
import type {
  OrganizationFacts,
  RegisteredOrganization,
  TerritoryIndex,
} from '../../organizations/organizations.ts';
import { parsePolicy } from '../policy.ts';
import type { Policy } from '../policy.ts';
import type { Approval, Invitation, Subject } from '../subject.ts';

export const now = new Date('2026-11-22T10:00:00Z');

const nowhere: TerritoryIndex = {
  communeByCode: () => undefined,
  communeBySiren: () => undefined,
  epciBySiren: () => undefined,
  communes: () => [],
  epcis: () => [],
  populations: () => [],
};

type Registered = Partial<Omit<RegisteredOrganization, 'siren' | 'siret'>> & { readonly siret?: string };

/** An invented association of mayors, unless told otherwise. */
export function organization(
  { siret = '00000010900009', ...registered }: Registered = {},
  territories: TerritoryIndex = nowhere,
): OrganizationFacts {
  const parsed = parseSiret(siret);
  const siren = parseSiren(siret.slice(0, 9));
  if (parsed === undefined || siren === undefined) throw new Error(`not a SIRET: ${siret}`);
  return organizationFacts(
    {
      siren,
      siret: parsed,
      name: 'AMD-FICTIF',
      legalCategory: '9220',
      unitState: 'A',
      establishmentState: 'A',
      rna: undefined,
      communeCode: undefined,
      naf: undefined,
      createdOn: undefined,
      declaredPopulation: undefined,
      qualifications: [],
      suspended: false,
      source: 'demo',
      sourceDate: '2026-11-01',
      diffusion: 'O',
      origins: {},
      statedFlags: [],
      ...registered,
    },
    territories,
  );
}

export const association = organization();
export const dinum = organization({ siret: '13002526500013', name: 'DINUM', legalCategory: '7120' });
export const company = organization({ siret: '55203253400646', name: 'Danone', legalCategory: '5599' });

/** A commune or a grouping with its inhabitants, and those of the grouping that it belongs to. */
export function authority(
  legalCategory: '7210' | '7346',
  municipal: number | undefined,
  epci?: number | 'none',
): OrganizationFacts {
  const facts = organization({ siret: '00000090100009', legalCategory });
  const of = (count: number | undefined): OrganizationFacts['territory']['population'] =>
    count === undefined
      ? undefined
      : { municipal: count, total: count + 100, edition: '2023', source: 'INSEE' };
  const { communeCode: commune } = organization({ communeCode: '44109' });
  return {
    ...facts,
    territory: {
      ...facts.territory,
      commune,
      epci: epci === 'none' ? undefined : '200000000',
      population: of(municipal),
      epciPopulation: epci === 'none' ? undefined : of(epci),
    },
  };
}

export function subject(changes: Partial<Subject> = {}): Subject {
  return {
    organization: association,
    approvals: [],
    invitations: [],
    user: { emailDomain: 'amd-fictif.example', emailVerified: true, link: 'moderated' },
    auth: { acr: 'eidas1', amr: ['pwd'], idp: 'demo-idp', authTime: new Date('2026-11-22T09:00:00Z') },
    clientId: 'docs',
    ...changes,
  };
}

export function withAcr(
  acr: string | undefined,
  changes: Partial<Subject['auth']> = {},
): Pick<Subject, 'auth'> {
  return { auth: { ...subject().auth, acr, ...changes } };
}

export function withLink(link: Subject['user']['link']): Pick<Subject, 'user'> {
  return { user: { ...subject().user, link } };
}

export function approval(changes: Partial<Approval> = {}): Approval {
  return {
    id: 'a1',
    siren: '000000109',
    service: 'docs',
    level: 'member',
    ground: 'members_all_public_law',
    startsOn: '2026-01-01',
    endsOn: '2028-12-31',
    status: 'active',
    operator: 'DINUM',
    ...changes,
  };
}

export function invitation(changes: Partial<Invitation> = {}): Invitation {
  return {
    id: 'i1',
    service: 'docs',
    startsOn: '2026-11-01',
    endsOn: '2026-12-31',
    status: 'active',
    ...changes,
  };
}

/** A policy of one guard-free list of rules, refusing by default. */
export function policy(document: Readonly<Record<string, unknown>>): Policy {
  return parsePolicy({
    service: 'docs',
    version: 3,
    valid_from: '2026-01-01',
    guards: [],
    rules: [],
    default: { deny: 'not_eligible' },
    ...document,
  });
}

/** A rule that allows when the condition is true. */
export function rule(condition: unknown, changes: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    id: 'only',
    if: condition,
    allow: { level: 'member', entitlements: ['use'] },
    basis: 'open',
    ...changes,
  };
}

const fileSchema = z.strictObject({ policies: z.tuple([z.unknown()]) });

export function demoDocument(service: string): Record<string, unknown> {
  const text = readFileSync(
    new URL(`../../../config/demo/policies/${service}.yaml`, import.meta.url),
    'utf8',
  );
  return z.record(z.string(), z.unknown()).parse(fileSchema.parse(parse(text)).policies[0]);
}

export const demoPolicy = (service: string): Policy => parsePolicy(demoDocument(service));
