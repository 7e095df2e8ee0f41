import type { Source } from './statement.ts';

/** How a source is named to people, with the licence under which it is published. */
const labels: Readonly<Record<Source, string>> = {
  operator: 'décision d’un opérateur',
  configuration: 'configuration du service',
  organizations: 'fichier d’organisations de l’opérateur',
  sirene: 'INSEE, base Sirene (Licence Ouverte 2.0)',
  api_sirene: 'INSEE, base Sirene consultée en ligne (Licence Ouverte 2.0)',
  api_entreprise: 'DINUM, API Entreprise, données de l’INSEE (accès réservé aux administrations)',
  recherche_entreprises: 'DINUM, Recherche d’entreprises (Licence Ouverte 2.0)',
  rna: 'ministère de l’Intérieur, répertoire national des associations (Licence Ouverte 2.0)',
  rna_import:
    'ministère de l’Intérieur, répertoire national des associations, associations anciennes (Licence Ouverte 2.0)',
  dpnt: 'ANCT, données de la présence numérique des territoires (Licence Ouverte 2.0)',
  administrations: 'DINUM, liste des administrations (Licence Ouverte 2.0)',
};

/** French, with the licence: « INSEE, base Sirene (Licence Ouverte 2.0) ». */
export const sourceLabel = (source: Source): string => labels[source];

/** How a line of a lot is named as a source: it says which lot, and is nobody else's. */
export const lotLabel = (lot: string): string => `lot ${lot} de l’opérateur`;
const ofLot = /^lot L-[^ ]+ de l’opérateur$/;

/** Whether an organization was described by a line of a lot, and by no file of ours since. */
export const isOfLot = (source: Source, label: string | undefined): boolean =>
  source === 'organizations' && label !== undefined && ofLot.test(label);

/** Operators know these; whoever reads a public page need not. */
const inFull: Readonly<Record<string, string>> = {
  INSEE: 'Institut national de la statistique et des études économiques',
  DINUM: 'Direction interministérielle du numérique',
  ANCT: 'Agence nationale de la cohésion des territoires',
  DGCL: 'Direction générale des collectivités locales',
};

/** For public pages: any label, an operator's own words included, with the names of institutions in full. */
export const publicSourceLabel = (label: string): string =>
  label.replaceAll(/\b[A-Z]{4,5}\b/g, (acronym) => inFull[acronym] ?? acronym);
