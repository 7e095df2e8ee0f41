import { administrations } from './administrations.ts';
import { banatic } from './banatic.ts';
import { communes } from './communes.ts';
import { dpnt } from './dpnt.ts';
import { emailDomains } from './email-domains.ts';
import type { Importer } from './importer.ts';
import { ownOrganizations } from './own-organizations.ts';
import { populations } from './populations.ts';
import { rnaImport } from './rna-import.ts';
import { rnaWaldec } from './rna-waldec.ts';
import { sireneEstablishments } from './sirene-establishments.ts';
import { sireneUnits } from './sirene-units.ts';

/** In the order in which an operator would import them: legal units before their establishments. */
export const everyImporter: readonly Importer[] = [
  sireneUnits,
  sireneEstablishments,
  rnaWaldec,
  rnaImport,
  administrations,
  communes,
  populations,
  banatic,
  dpnt,
  emailDomains,
  ownOrganizations,
];
