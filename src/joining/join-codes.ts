import { domainIsUnder } from './join-facts.ts';
import type { OrganizationAsked, ProvenMailbox } from './join-facts.ts';

/*
 * What the rules of joining read in codes: INSEE legal categories (level III), NAF rev. 2, headcount bands, domain labels.
 * Never a label: a spelling that a register changes must not change who is let in.
 */

/** Why a way is closed or another one is asked for; each has its sentence in `locales/`. */
export const joinReasons = [
  /** Anybody opens a mailbox there: it says nothing of any organization. */
  'open_mailbox',
  /** Nobody has verified that the domain is the organization's. */
  'domain_not_verified',
  /** `ac-nantes.fr`: one domain for every school of an academy. */
  'shared_education_domain',
  /** An address of the State says nothing of an organization that is not public. */
  'state_domain_elsewhere',
  /** An establishment that is not the seat: the swimming pool is not the town hall. */
  'not_head_office',
  'school',
  /** A headcount that nobody knows is not a small one. */
  'headcount_unknown',
  /** Few people, or one, prove nothing either. */
  'small_organization',
  'large_organization',
  'sole_trader',
  /** Proof by the registers of company directors is not offered here. */
  'executive_certification_not_offered',
  'legal_category_unknown',
  'no_representative',
  /** An association whose first representative an operator confirms, with its papers. */
  'first_representative',
] as const;
export type JoinReason = (typeof joinReasons)[number];

/** Commune et commune nouvelle; commune associée et commune déléguée. */
const communes: ReadonlySet<string> = new Set(['7210', '7312']);
/** Pre-primary and primary schools stand among the establishments of a commune. */
const primarySchools: ReadonlySet<string> = new Set(['85.10Z', '85.20Z']);
/** Lower and upper secondary, when they are établissements publics locaux d'enseignement. */
const secondarySchools: ReadonlySet<string> = new Set(['85.31Z', '85.32Z']);
/** Associations of the law of 1901, congregations, local law of Alsace and Moselle. */
const associations: ReadonlySet<string> = new Set([
  '9210',
  '9220',
  '9221',
  '9222',
  '9223',
  '9224',
  '9230',
  '9240',
  '9260',
]);
/** Bands of 50 people and more; NN and 00 to 12 are below. */
const large: ReadonlySet<string> = new Set(['21', '22', '31', '32', '41', '42', '51', '52', '53']);
const small: ReadonlySet<string> = new Set(['NN', '00', '01', '02', '03', '11', '12']);

/** Establishments for the agents of one administration alone: Chorus Pro. */
export const reservedEstablishments: ReadonlyMap<string, readonly string[]> = new Map([
  ['11000201100044', ['finances.gouv.fr']],
]);

export const isCommune = ({ legalCategory }: Pick<OrganizationAsked, 'legalCategory'>): boolean =>
  communes.has(legalCategory ?? '');

export function isSchool({
  legalCategory = '',
  naf = '',
}: Pick<OrganizationAsked, 'legalCategory' | 'naf'>): boolean {
  if (communes.has(legalCategory)) return primarySchools.has(naf);
  return legalCategory === '7331' && secondarySchools.has(naf);
}

export const isAssociationCode = (legalCategory: string | undefined): boolean =>
  associations.has(legalCategory ?? '');

/** By label: `evilgouv.fr` is nobody's, `culture.gouv.fr` is the State's. */
export const isOfStateDomain = (domain: string): boolean => domainIsUnder(domain, 'gouv.fr');

/** One domain for the whole of an academy: `ac-nantes.fr`, and what stands below it. */
const ofAcademy = (domain: string): boolean => /(?:^|\.)ac-[a-z0-9-]+\.fr$/u.test(domain);

/** Why the domain of a mailbox says nothing of this organization; empty when it may. */
export function mailboxReasons(
  { domain, openToAll }: ProvenMailbox,
  { publicService }: Pick<OrganizationAsked, 'publicService'>,
): readonly JoinReason[] {
  if (openToAll) return ['open_mailbox'];
  if (ofAcademy(domain)) return ['shared_education_domain'];
  if (isOfStateDomain(domain) && !publicService) return ['state_domain_elsewhere'];
  return [];
}

/** What of the establishment and of its size closes a way that other lists leave open. */
export function placeReasons(organization: OrganizationAsked): readonly JoinReason[] {
  const { headOffice, sizeBand, legalCategory } = organization;
  const reasons: JoinReason[] = [];
  if (isSchool(organization)) reasons.push('school');
  else if (!headOffice) reasons.push('not_head_office');
  if (sizeBand !== undefined && small.has(sizeBand)) reasons.push('small_organization');
  else if (sizeBand !== undefined && large.has(sizeBand)) reasons.push('large_organization');
  else reasons.push('headcount_unknown');
  if (legalCategory === undefined) reasons.push('legal_category_unknown');
  if (isAssociationCode(legalCategory)) reasons.push('first_representative');
  return reasons;
}

/** Families 1 (sole traders), 5 and 6 (companies): those whose directors the register of companies names. */
export function executiveReasons({ legalCategory = '' }: OrganizationAsked): readonly JoinReason[] {
  if (legalCategory.startsWith('1')) return ['sole_trader', 'executive_certification_not_offered'];
  return /^[56]/u.test(legalCategory) ? ['executive_certification_not_offered'] : [];
}
