/** The shapes of the three sources, with what they hold beside what we read: directors, names, addresses. */

interface Told {
  readonly siret: string;
  readonly headOffice?: boolean;
  readonly state?: 'A' | 'F';
  readonly unitState?: 'A' | 'C';
  readonly name?: string | null;
  readonly legalCategory?: string | null;
  readonly rna?: string | null;
  readonly diffusion?: 'O' | 'P';
  /** That of the legal unit, unless told otherwise. */
  readonly establishmentDiffusion?: 'O' | 'P';
}

export const nantes = '21440109300015';
/** Another establishment of the same unit. */
export const school = '21440109300049';

const told = ({
  headOffice = true,
  state = 'A',
  unitState = 'A',
  diffusion = 'O',
  rna = null,
  ...given
}: Told) => ({
  ...given,
  siren: given.siret.slice(0, 9),
  nic: given.siret.slice(9),
  headOffice,
  state,
  unitState,
  diffusion,
  establishmentDiffusion: given.establishmentDiffusion ?? diffusion,
  rna,
  name: given.name === undefined ? 'COMMUNE DE NANTES' : given.name,
  legalCategory: given.legalCategory === undefined ? '7210' : given.legalCategory,
});

/** API Sirene 3.11, `etablissement`. */
export function sireneEstablishment(given: Told): object {
  const { siret, siren, nic, headOffice, state, unitState, name, legalCategory, rna, diffusion } =
    told(given);
  const { establishmentDiffusion } = told(given);
  const hidden = diffusion === 'P' ? '[ND]' : undefined;
  return {
    score: null,
    siren,
    nic,
    siret,
    statutDiffusionEtablissement: establishmentDiffusion,
    dateCreationEtablissement: '1983-03-01',
    trancheEffectifsEtablissement: '42',
    anneeEffectifsEtablissement: '2023',
    activitePrincipaleRegistreMetiersEtablissement: null,
    dateDernierTraitementEtablissement: '2026-10-01T10:00:00.000',
    etablissementSiege: headOffice,
    nombrePeriodesEtablissement: 2,
    uniteLegale: {
      etatAdministratifUniteLegale: unitState,
      statutDiffusionUniteLegale: diffusion,
      unitePurgeeUniteLegale: null,
      dateCreationUniteLegale: '1982-01-01',
      categorieJuridiqueUniteLegale: legalCategory,
      denominationUniteLegale: hidden ?? name,
      sigleUniteLegale: null,
      denominationUsuelle1UniteLegale: null,
      sexeUniteLegale: legalCategory === '1000' ? 'F' : null,
      nomUniteLegale: legalCategory === '1000' ? 'KERVELLA' : null,
      prenom1UniteLegale: legalCategory === '1000' ? 'ROZENN' : null,
      activitePrincipaleUniteLegale: '84.11Z',
      nomenclatureActivitePrincipaleUniteLegale: 'NAFRev2',
      activitePrincipaleNAF25UniteLegale: '84.11Y',
      identifiantAssociationUniteLegale: rna,
      trancheEffectifsUniteLegale: '51',
      nicSiegeUniteLegale: headOffice ? nic : '00015',
    },
    adresseEtablissement: {
      complementAdresseEtablissement: null,
      numeroVoieEtablissement: hidden ?? '2',
      typeVoieEtablissement: hidden ?? 'RUE',
      libelleVoieEtablissement: hidden ?? "DE L'HOTEL DE VILLE",
      codePostalEtablissement: hidden ?? '44000',
      libelleCommuneEtablissement: 'NANTES',
      codeCommuneEtablissement: hidden ?? '44109',
    },
    adresse2Etablissement: { codeCommuneEtablissement: null },
    // Not in order, as INSEE warns: the current period is the one without end.
    periodesEtablissement: [
      {
        dateFin: '2007-12-31',
        dateDebut: '1983-03-01',
        etatAdministratifEtablissement: state === 'A' ? 'F' : 'A',
        enseigne1Etablissement: null,
        denominationUsuelleEtablissement: 'ANCIEN NOM',
        activitePrincipaleEtablissement: '75.1A',
      },
      {
        dateFin: null,
        dateDebut: '2008-01-01',
        etatAdministratifEtablissement: state,
        enseigne1Etablissement: 'MAIRIE',
        enseigne2Etablissement: null,
        denominationUsuelleEtablissement: null,
        activitePrincipaleEtablissement: '84.11Z',
        activitePrincipaleNAF25Etablissement: '84.11Y',
        caractereEmployeurEtablissement: 'O',
      },
    ],
  };
}

export const sireneFound = (given: Told): object => ({
  header: { statut: 200, message: 'ok' },
  etablissement: sireneEstablishment(given),
});

export const sireneList = (given: Told): object => ({
  header: { statut: 200, message: 'ok', total: 1, debut: 0, nombre: 1 },
  etablissements: [sireneEstablishment(given)],
});

export const sireneRefusal = (statut: number, message = 'refus'): object => ({ header: { statut, message } });

/** API Entreprise v3. */
export function entrepriseFound(given: Told & { readonly redirectFrom?: string }): object {
  const { siret, siren, headOffice, state, unitState, name, legalCategory, rna, diffusion } = told(given);
  const { establishmentDiffusion } = told(given);
  const person = legalCategory === '1000';
  return {
    data: {
      siret,
      siege_social: headOffice,
      etat_administratif: state,
      date_fermeture: state === 'F' ? 1315173600 : null,
      enseigne: person ? 'ROZENN KERVELLA' : 'MAIRIE',
      activite_principale: {
        code: '84.11Z',
        libelle: 'Administration publique générale',
        nomenclature: 'NAFRev2',
      },
      tranche_effectif_salarie: {
        code: '42',
        intitule: '1 000 à 1 999 salariés',
        de: 1000,
        a: 1999,
        date_reference: '2023',
      },
      diffusable_commercialement: establishmentDiffusion === 'O',
      status_diffusion: establishmentDiffusion === 'O' ? 'diffusible' : 'partiellement_diffusible',
      date_creation: 415321200,
      unite_legale: {
        siren,
        rna,
        siret_siege_social: headOffice ? siret : `${siren}00015`,
        type: person ? 'personne_physique' : 'personne_morale',
        personne_morale_attributs: { raison_sociale: person ? null : name, sigle: null },
        personne_physique_attributs: {
          nom_usage: person ? 'KERVELLA' : null,
          prenom_usuel: person ? 'ROZENN' : null,
          sexe: null,
        },
        categorie_entreprise: null,
        status_diffusion: diffusion === 'O' ? 'diffusible' : 'partiellement_diffusible',
        forme_juridique: { code: legalCategory, libelle: 'Commune et commune nouvelle' },
        activite_principale: {
          code: '84.11Z',
          libelle: 'Administration publique générale',
          nomenclature: 'NAFRev2',
        },
        tranche_effectif_salarie: { code: '51', intitule: '2 000 à 4 999 salariés', de: 2000, a: 4999 },
        etat_administratif: unitState,
        economie_sociale_et_solidaire: null,
        date_creation: 378687600,
      },
      adresse: {
        numero_voie: '2',
        code_postal: '44000',
        libelle_commune: 'NANTES',
        code_commune: '44109',
        acheminement_postal: { l1: 'COMMUNE DE NANTES' },
      },
    },
    links: { unite_legale: `https://entreprise.api.gouv.fr/v3/insee/sirene/unites_legales/${siren}` },
    meta: { date_derniere_mise_a_jour: 1760000000, redirect_from_siret: given.redirectFrom ?? null },
  };
}

export const entrepriseError = (code: string): object => ({
  errors: [
    { code, title: 'Entité non trouvée', detail: 'Le siret indiqué n’existe pas', source: null, meta: {} },
  ],
});

/** API Recherche d'entreprises, with `minimal=true`. */
export function rechercheFound(
  given: Told & { readonly complements?: object | null; readonly establishment?: object },
): object {
  const { siret, siren, headOffice, state, unitState, name, legalCategory, diffusion } = told(given);
  const { establishmentDiffusion } = told(given);
  // The name of a person is in `nom_complet` only.
  const person = legalCategory === '1000' || name === null;
  const establishment = (number: string, isHeadOffice: boolean, itsState: string) => ({
    siret: number,
    etat_administratif: itsState,
    est_siege: isHeadOffice,
    commune: '44109',
    libelle_commune: 'NANTES',
    code_postal: '44000',
    activite_principale: '84.11Z',
    tranche_effectif_salarie: '42',
    date_creation: '1983-03-01',
    liste_enseignes: ['MAIRIE'],
    liste_finess: null,
    liste_uai: null,
    nom_commercial: null,
    statut_diffusion_etablissement: establishmentDiffusion,
    ...given.establishment,
  });
  return {
    results: [
      {
        siren,
        nom_complet: person ? 'ROZENN KERVELLA' : name,
        nom_raison_sociale: person ? null : name,
        sigle: null,
        nature_juridique: legalCategory,
        etat_administratif: unitState,
        activite_principale: '84.11Z',
        section_activite_principale: 'O',
        tranche_effectif_salarie: '51',
        statut_diffusion: diffusion,
        date_creation: '1982-01-01',
        siege: establishment(headOffice ? siret : `${siren}00015`, true, headOffice ? state : 'A'),
        matching_etablissements: headOffice ? [] : [establishment(siret, false, state)],
        complements:
          given.complements === undefined
            ? {
                collectivite_territoriale: null,
                est_association: given.rna !== undefined,
                est_administration: true,
                identifiant_association: given.rna ?? null,
              }
            : given.complements,
        admin: { slug: 'commune-de-nantes', a_acces_espace_agent: true },
      },
    ],
    total_results: 1,
    page: 1,
    per_page: 1,
    total_pages: 1,
  };
}

export const rechercheNothing = {
  results: [],
  total_results: 0,
  page: 1,
  per_page: 1,
  total_pages: 0,
} as const;
