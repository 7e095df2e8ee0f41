import { z } from 'zod';

import { packageEntries } from './territory-package.ts';

/** A département or a region of the Code officiel géographique: a constituency, not the authority that governs it. */
export interface Division {
  readonly code: string;
  readonly name: string;
  /** « du Morbihan », « de l'Ain »: with the preposition that French wants. */
  readonly ofName: string;
  /** Of a département: its region. */
  readonly region?: string;
}

// INSEE's « type de nom en clair » (COG, TNCC): which article goes with a name.
const prepositions = ['de ', "d'", 'du ', 'de la ', 'des ', "de l'", 'des ', 'de las ', 'de los '];

const entrySchema = z.object({
  code: z.string(),
  nom: z.string(),
  typeLiaison: z.int(),
  region: z.string().optional(),
});

function read(file: string): ReadonlyMap<string, Division> {
  const divisions = new Map<string, Division>();
  for (const { code, nom: name, typeLiaison, region } of packageEntries(file, entrySchema)) {
    const ofName = `${prepositions[typeLiaison] ?? 'de '}${name}`;
    divisions.set(code, { code, name, ofName, ...(region !== undefined && { region }) });
  }
  return divisions;
}

let departments: ReadonlyMap<string, Division> | undefined;
let regions: ReadonlyMap<string, Division> | undefined;

/** Overseas collectivities (975, 987…) stand among the départements, as in the Code officiel géographique. */
export function departmentByCode(code: string): Division | undefined {
  departments ??= read('departements');
  return departments.get(code);
}

export function regionByCode(code: string): Division | undefined {
  regions ??= read('regions');
  return regions.get(code);
}
