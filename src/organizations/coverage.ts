import type { Rna, Siren } from './identifiers.ts';
import type { ListedMember, MemberList, UnreadLine } from './member-list.ts';
import { sameName } from './place-name.ts';
import type { LegalSector, OrganizationType } from './organization-type.ts';
import type { Commune, Epci, TerritoryIndex } from './territory-index.ts';

/** What the register holds of a member. */
export interface MemberFacts {
  readonly siren?: Siren | undefined;
  readonly rna?: Rna | undefined;
  readonly name: string;
  readonly type: OrganizationType;
  readonly sector: LegalSector;
  /** Of the legal unit. */
  readonly active: boolean;
}

export interface MemberException {
  readonly line: number;
  /** The line of the list. */
  readonly text: string;
  readonly reason:
    | 'not_public_law'
    | 'type_unknown'
    | 'not_found'
    | 'closed'
    /** The code is one of a commune that became part of another one. */
    | 'merged'
    /** The line names a commune, and gives the code of another one (or a postcode). */
    | 'name_differs'
    /** The line gives the SIREN of a commune, and the code of another one. */
    | 'contradiction'
    | UnreadLine['reason'];
  /** Who it is, or would be. */
  readonly name?: string;
}

export interface Share<T> {
  readonly covered: number;
  readonly total: number;
  readonly missing: readonly T[];
}

export interface CoverageReport {
  /** Different members that were identified. */
  readonly members: number;
  /** Lines that name a member, read or not, each member once. */
  readonly listed: number;
  /** `unknown` as soon as one line is: it may be anybody. */
  readonly allPublicLaw: 'yes' | 'no' | 'unknown';
  readonly exceptions: readonly MemberException[];
  readonly duplicates: readonly {
    readonly line: number;
    readonly text: string;
    readonly firstLine: number;
  }[];
  /** Most numerous first. */
  readonly byType: readonly { readonly type: OrganizationType; readonly count: number }[];
  readonly department?: {
    readonly code: string;
    readonly communes: Share<Commune>;
    /** À fiscalité propre, with at least one commune in the département. */
    readonly epcis: Share<Epci>;
  };
}

interface Known {
  readonly key: string;
  readonly facts: MemberFacts;
  readonly commune?: Commune | undefined;
  readonly epci?: Epci | undefined;
}

type Resolved = { readonly known: Known } | { readonly exception: MemberException };

/**
 * What a list of members shows of an association: whether all are public-law persons, and how much of a département
 * they cover. Communes and groupings are known by the map itself; anybody else by the register.
 *
 * Pure. Unknown is not yes: one member that nobody identified, or that has closed, and `allPublicLaw` is not `yes`.
 *
 * @param facts by SIREN or RNA number
 */
export function coverage(
  list: MemberList,
  facts: ReadonlyMap<string, MemberFacts>,
  index: TerritoryIndex,
  department?: string,
): CoverageReport {
  const exceptions: MemberException[] = [...list.unread];
  const duplicates: { line: number; text: string; firstLine: number }[] = [];
  const known = new Map<string, Known>();
  const firstLines = new Map<string, number>();
  const types = new Map<OrganizationType, number>();
  for (const member of list.members) {
    const resolved = resolve(member, facts, index);
    const { line, text } = member;
    const key = 'known' in resolved ? resolved.known.key : keyOf(member, resolved.exception);
    const firstLine = firstLines.get(key);
    if (firstLine !== undefined) {
      duplicates.push({ line, text, firstLine });
      continue;
    }
    firstLines.set(key, line);
    if ('exception' in resolved) {
      exceptions.push(resolved.exception);
      continue;
    }
    const { name, type, sector } = resolved.known.facts;
    known.set(key, resolved.known);
    types.set(type, (types.get(type) ?? 0) + 1);
    if (sector === 'unknown') exceptions.push({ line, text, name, reason: 'type_unknown' });
    else if (sector !== 'public_law') exceptions.push({ line, text, name, reason: 'not_public_law' });
  }
  const listed = firstLines.size + list.unread.length;
  return {
    members: known.size,
    listed,
    allPublicLaw: verdict(listed, exceptions),
    exceptions: exceptions.toSorted((one, other) => one.line - other.line),
    duplicates,
    byType: [...types]
      .map(([type, count]) => ({ type, count }))
      .toSorted((one, other) => other.count - one.count),
    ...(department !== undefined && { department: shareOf(department, [...known.values()], index) }),
  };
}

function verdict(listed: number, exceptions: readonly MemberException[]): 'yes' | 'no' | 'unknown' {
  if (exceptions.some(({ reason }) => reason === 'not_public_law')) return 'no';
  return listed === 0 || exceptions.length > 0 ? 'unknown' : 'yes';
}

/** A line that contradicts itself names nobody for sure: it is like no other. */
function keyOf({ line, siren, rna, commune }: ListedMember, { reason }: MemberException): string {
  const itself = `line ${line}`;
  return reason === 'contradiction' || reason === 'name_differs'
    ? itself
    : (siren ?? rna ?? commune ?? itself);
}

function resolve(
  member: ListedMember,
  facts: ReadonlyMap<string, MemberFacts>,
  index: TerritoryIndex,
): Resolved {
  const { line, text, siren, rna, commune: code, name } = member;
  const at = { line, text };
  if (siren !== undefined || rna !== undefined) {
    const commune = siren === undefined ? undefined : index.communeBySiren(siren);
    const epci = siren === undefined ? undefined : index.epciBySiren(siren);
    const beside = code === undefined ? undefined : index.communeByCode(code);
    if (commune !== undefined && code !== undefined && beside?.code !== commune.code)
      return { exception: { ...at, name: commune.name, reason: 'contradiction' } };
    return resolveUnit(at, { key: siren ?? rna ?? '', commune, epci }, facts);
  }
  const commune = index.communeByCode(code ?? '');
  if (commune === undefined) return { exception: { ...at, reason: 'not_found' } };
  if (name !== undefined && !sameName(name, commune.name))
    return { exception: { ...at, name: commune.name, reason: 'name_differs' } };
  if (commune.code !== code) return { exception: { ...at, name: commune.name, reason: 'merged' } };
  return resolveUnit(at, { key: commune.siren ?? commune.code, commune, epci: undefined }, facts);
}

function resolveUnit(
  at: { readonly line: number; readonly text: string },
  { key, commune, epci }: Omit<Known, 'facts'>,
  facts: ReadonlyMap<string, MemberFacts>,
): Resolved {
  const mapped = onTheMap(commune, epci);
  const found = facts.get(key) ?? mapped;
  // Territories alone, imported before the base Sirene, give a unit its name and no legal category: the map knows it.
  const held =
    found?.sector === 'unknown' && mapped !== undefined ? { ...mapped, active: found.active } : found;
  if (held === undefined) return { exception: { ...at, reason: 'not_found' } };
  if (!held.active) return { exception: { ...at, name: held.name, reason: 'closed' } };
  return { known: { key, facts: held, commune, epci } };
}

/** The map holds current communes and groupings only: all of them public-law persons. */
function onTheMap(commune: Commune | undefined, epci: Epci | undefined): MemberFacts | undefined {
  const sector = 'public_law';
  if (commune !== undefined)
    return { name: commune.name, type: 'local_authority.commune', sector, active: true };
  if (epci !== undefined) return { name: epci.name, type: 'local_authority.epci', sector, active: true };
  return undefined;
}

function shareOf(
  code: string,
  known: readonly Known[],
  index: TerritoryIndex,
): NonNullable<CoverageReport['department']> {
  const communes = [...index.communes()].filter((commune) => commune.department === code);
  const sirens = new Set(communes.flatMap(({ epci }) => epci ?? []));
  const epcis = [...sirens].flatMap((siren) => index.epciBySiren(siren) ?? []);
  const memberCommunes = new Set(known.flatMap(({ commune }) => commune?.code ?? []));
  const memberEpcis = new Set(known.flatMap(({ epci }) => epci?.siren ?? []));
  return {
    code,
    communes: share(communes, (commune) => memberCommunes.has(commune.code)),
    epcis: share(epcis, ({ siren }) => memberEpcis.has(siren)),
  };
}

function share<T>(all: readonly T[], isMember: (one: T) => boolean): Share<T> {
  const missing = all.filter((one) => !isMember(one));
  return { covered: all.length - missing.length, total: all.length, missing };
}
