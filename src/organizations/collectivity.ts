import { departmentByCode, regionByCode } from './territory-divisions.ts';
import type { Division } from './territory-divisions.ts';
import type { Commune, Epci, TerritoryIndex } from './territory-index.ts';

/** The authority that has the powers of a département over a commune. */
export interface Collectivity {
  /** Code officiel géographique, « collectivité territoriale ayant les compétences départementales » (CTCD). */
  readonly code: string;
  /** French. */
  readonly name: string;
  /** It has the powers of the region as well. */
  readonly isRegion: boolean;
}

/** Article L. 3611-1 of the code général des collectivités territoriales: it left the département of the Rhône. */
const METROPOLE_DE_LYON = { siren: '200046977', code: '69M' };

/** By département, where it is not « the département of that name ». */
const special: Readonly<Record<string, Collectivity>> = {
  '2A': { code: '20R', name: 'Collectivité de Corse', isRegion: true },
  '2B': { code: '20R', name: 'Collectivité de Corse', isRegion: true },
  '67': { code: '6AE', name: "Collectivité européenne d'Alsace", isRegion: false },
  '68': { code: '6AE', name: "Collectivité européenne d'Alsace", isRegion: false },
  '75': { code: '75C', name: 'Ville de Paris', isRegion: false },
  '972': { code: '972R', name: 'Collectivité territoriale de Martinique', isRegion: true },
  '973': { code: '973R', name: 'Collectivité territoriale de Guyane', isRegion: true },
  '976': { code: '976D', name: 'Département de Mayotte', isRegion: true },
};

/** Articles 73 and 74 of the Constitution, and its title XIII: authorities of their own, under their own code. */
const overseas: ReadonlySet<string> = new Set(['975', '977', '978', '986', '987', '988']);

/** Undefined where nobody is elected: the austral lands and Clipperton, which the State administers. */
export function collectivityOf(commune: Pick<Commune, 'department' | 'epci'>): Collectivity | undefined {
  const { department: code, epci } = commune;
  if (epci === METROPOLE_DE_LYON.siren)
    return { code: METROPOLE_DE_LYON.code, name: 'Métropole de Lyon', isRegion: false };
  const known = special[code];
  if (known !== undefined) return known;
  const division = departmentByCode(code);
  if (division === undefined) return undefined;
  if (overseas.has(code)) return { code, name: division.name, isRegion: true };
  return /^9[89]/.test(code)
    ? undefined
    : { code: `${code}D`, name: `Département ${division.ofName}`, isRegion: false };
}

/** A commune and all that stands above it. */
export interface TerritoryChain {
  readonly commune: Commune;
  readonly epci: Epci | undefined;
  readonly department: Division | undefined;
  readonly collectivity: Collectivity | undefined;
  readonly region: Division | undefined;
}

/** @param code of a commune, or of what is part of one (arrondissement, delegated or associated commune) */
export function territoryChain(code: string, index: TerritoryIndex): TerritoryChain | undefined {
  const commune = index.communeByCode(code);
  if (commune === undefined) return undefined;
  return {
    commune,
    epci: commune.epci === undefined ? undefined : index.epciBySiren(commune.epci),
    department: departmentByCode(commune.department),
    collectivity: collectivityOf(commune),
    region: regionByCode(commune.region),
  };
}
