import { z } from 'zod';

import { legalCategory as categoryOf, sirenOf } from '../organizations/organizations.ts';
import type { Siret, StatedFacts } from '../organizations/organizations.ts';
import type { Found } from '../register/register.ts';
import type { Ask } from './ask.ts';
import {
  communeOf,
  dayOf,
  diffusionOf,
  legalCategoryOf,
  nafOf,
  postalCodeOf,
  rnaOf,
  shown,
  siretOrNothing,
  sizeBandOf,
} from './insee-values.ts';
import { withoutPersonalData } from './personal-data.ts';
import { SourceUnavailable } from './source.ts';
import type { OrganizationSource } from './source.ts';

const text = z.string().nullish();

const establishmentSchema = z.object({
  siret: z.string(),
  etat_administratif: z.enum(['A', 'F']),
  est_siege: z.boolean().nullish(),
  /** The code of the commune; its name is `libelle_commune`. */
  commune: text,
  code_postal: text,
  activite_principale: text,
  activite_principale_naf25: text,
  tranche_effectif_salarie: text,
  date_creation: text,
  nom_commercial: text,
  liste_enseignes: z.array(text).nullish(),
  statut_diffusion_etablissement: text,
});

const unitSchema = z.object({
  siren: z.string(),
  nom_complet: text,
  nom_raison_sociale: text,
  sigle: text,
  nature_juridique: text,
  etat_administratif: z.enum(['A', 'C']),
  activite_principale: text,
  activite_principale_naf25: text,
  tranche_effectif_salarie: text,
  statut_diffusion: text,
  date_creation: text,
  siege: establishmentSchema.nullish(),
  matching_etablissements: z.array(establishmentSchema).nullish(),
  complements: z
    .object({
      identifiant_association: text,
      est_administration: z.boolean().nullish(),
      /** Its name until 2025. */
      est_service_public: z.boolean().nullish(),
    })
    .nullish(),
});
const resultsSchema = z.object({ results: z.array(unitSchema), total_results: z.int().nonnegative() });

/** API Recherche d'entreprises (DINUM, open). Units that are not diffusible are absent from it. */
export function createRechercheEntreprises(needs: {
  /** Without slash at the end. */
  readonly base: string;
  readonly ask: Ask;
  /** ISO date, in Paris. */
  readonly today: () => string;
}): OrganizationSource {
  const { base, ask, today } = needs;
  // `minimal` leaves directors and accounts out: nothing about persons is sent to us.
  const shape = 'minimal=true&include=siege,matching_etablissements,complements&page=1&per_page=1';

  return {
    id: 'recherche_entreprises',
    absenceIsProof: false,
    async bySiret(siret, signal) {
      // Fourteen digits are a direct look-up.
      const reply = await ask(`${base}/search?q=${siret}&${shape}`, signal);
      if (reply.status !== 200) throw reply.unexpected();
      const { results } = reply.read(resultsSchema);
      const unit = results.find(({ siren }) => siren === sirenOf(siret));
      const establishments = [unit?.siege, ...(unit?.matching_etablissements ?? [])];
      const establishment = establishments.find((one) => one?.siret === siret) ?? undefined;
      return unit === undefined || establishment === undefined
        ? { kind: 'not_found' }
        : described({ siret, unit, establishment, asOf: today() });
    },
  };
}

function described({
  siret,
  unit,
  establishment,
  asOf,
}: {
  readonly siret: Siret;
  readonly unit: z.infer<typeof unitSchema>;
  readonly establishment: z.infer<typeof establishmentSchema>;
  readonly asOf: string;
}): Found {
  const legalCategory = legalCategoryOf(unit.nature_juridique);
  const headOffice = siretOrNothing(unit.siege?.siret);
  if (headOffice !== undefined && sirenOf(headOffice) !== unit.siren)
    throw new SourceUnavailable('recherche_entreprises', 'wrong_answer', 'identifiers that do not hold');
  return withoutPersonalData({
    kind: 'found',
    source: 'recherche_entreprises',
    asOf,
    organization: {
      siren: sirenOf(siret),
      facts: {
        // `nom_complet` adds the acronym in brackets; of a person, and only there, it is the person's name.
        name:
          shown(unit.nom_raison_sociale) ??
          (legalCategory === undefined ? undefined : shown(unit.nom_complet)),
        acronym: shown(unit.sigle),
        legalCategory,
        unitState: unit.etat_administratif,
        rna: rnaOf(unit.complements?.identifiant_association),
        createdOn: dayOf(unit.date_creation),
        naf: nafOf(unit.activite_principale),
        naf25: nafOf(unit.activite_principale_naf25),
        sizeBand: sizeBandOf(unit.tranche_effectif_salarie),
        diffusion: diffusionOf(unit.statut_diffusion, 'O'),
        headOffice,
        commune:
          diffusionOf(unit.siege?.statut_diffusion_etablissement, 'O') === 'P'
            ? undefined
            : communeOf(unit.siege?.commune),
        publicService: exceptionOf(unit, legalCategory),
      },
    },
    establishment: {
      siret,
      state: establishment.etat_administratif,
      headOffice: siret === headOffice || establishment.est_siege === true,
      communeCode: communeOf(establishment.commune),
      postalCode: postalCodeOf(establishment.code_postal),
      naf: nafOf(establishment.activite_principale),
      naf25: nafOf(establishment.activite_principale_naf25),
      sizeBand: sizeBandOf(establishment.tranche_effectif_salarie),
      usualName: shown(establishment.nom_commercial) ?? shown(establishment.liste_enseignes?.at(0)),
      createdOn: dayOf(establishment.date_creation),
      diffusion: diffusionOf(establishment.statut_diffusion_etablissement, 'O'),
    },
  });
}

/**
 * Stated only where it corrects the legal category (liste des administrations): of the others, our table of categories
 * knows the facets as well, which this API does not give.
 */
function exceptionOf(
  { complements }: z.infer<typeof unitSchema>,
  legalCategory: string | undefined,
): StatedFacts['publicService'] {
  const administration = complements?.est_administration ?? complements?.est_service_public ?? false;
  return administration && !categoryOf(legalCategory).publicService
    ? { public: true, facets: [] }
    : undefined;
}
