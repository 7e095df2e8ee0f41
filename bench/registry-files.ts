import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Importer } from '../src/importers/importers.ts';
import { inventedOrganizations } from './registry-names.ts';
import type { InventedOrganization } from './registry-names.ts';

/**
 * Invented files in the exact form of the registers, for the bench: the same on every run. Names are invented. Numbers
 * are counted up (SIREN from 200 000 00x, RNA from W100000000), which may coincide with those of real organizations: the
 * files and the database they fill are temporary, and nothing of them goes anywhere else. A legal unit in five is an
 * association that gives its RNA number, so that the RNA file meets them.
 */
export interface Numbers {
  readonly siren: string;
  readonly siret: string;
  readonly rna: string;
}

/** Deterministic, 0 ≤ x < 1. */
function random(seed: number): number {
  let value = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 4_294_967_296;
}

function pick<T>(list: readonly [T, ...T[]], seed: number, skew = 1): T {
  return list[Math.floor(random(seed) ** skew * list.length)] ?? list[0];
}

const luhnDigit = (digits: string): string => {
  let sum = 0;
  for (let at = digits.length - 1, doubled = true; at >= 0; at -= 1, doubled = !doubled) {
    const digit = Number(digits[at]) * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return String((10 - (sum % 10)) % 10);
};

export function numbersOf(i: number): Numbers {
  const eight = String(20_000_000 + i);
  const siren = `${eight}${luhnDigit(eight)}`;
  const thirteen = `${siren}0001`;
  return { siren, siret: `${thirteen}${luhnDigit(thirteen)}`, rna: rnaOf(i) };
}

const rnaOf = (i: number): string => `W${String(100_000_000 + i)}`;
const isAssociation = (i: number): boolean => i % 5 === 0;
const categories = ['9220', '5710', '5499', '7210', '6540', '9230', '8410', '7361'] as const;

type Line = Readonly<Record<string, string>>;

export const unitLine = (i: number, { name, ceased }: InventedOrganization): Line => {
  const { siren, siret, rna } = numbersOf(i);
  return {
    siren,
    statutDiffusionUniteLegale: 'O',
    dateCreationUniteLegale: '2004-05-17',
    trancheEffectifsUniteLegale: 'NN',
    dateDernierTraitementUniteLegale: '2026-10-01T09:00:00',
    nombrePeriodesUniteLegale: '3',
    dateDebut: '2008-01-01',
    etatAdministratifUniteLegale: ceased ? 'C' : 'A',
    denominationUniteLegale: name,
    categorieJuridiqueUniteLegale: isAssociation(i) ? '9220' : pick(categories, i + 11),
    identifiantAssociationUniteLegale: isAssociation(i) ? rna : '',
    activitePrincipaleUniteLegale: '94.99Z',
    nomenclatureActivitePrincipaleUniteLegale: 'NAFRev2',
    nicSiegeUniteLegale: siret.slice(9),
    economieSocialeSolidaireUniteLegale: 'O',
    caractereEmployeurUniteLegale: 'N',
    activitePrincipaleNAF25UniteLegale: '94.99Y',
  };
};

export const establishmentLine = (i: number, { communeCode, communeName }: InventedOrganization): Line => {
  const { siren, siret } = numbersOf(i);
  return {
    siren,
    nic: siret.slice(9),
    siret,
    statutDiffusionEtablissement: 'O',
    dateCreationEtablissement: '2004-05-17',
    etablissementSiege: 'true',
    nombrePeriodesEtablissement: '2',
    numeroVoieEtablissement: '12',
    typeVoieEtablissement: 'RUE',
    libelleVoieEtablissement: 'DE LA MAIRIE',
    codePostalEtablissement: '56000',
    libelleCommuneEtablissement: communeName,
    codeCommuneEtablissement: communeCode,
    dateDebut: '2008-01-01',
    etatAdministratifEtablissement: 'A',
    activitePrincipaleEtablissement: '94.99Z',
    nomenclatureActivitePrincipaleEtablissement: 'NAFRev2',
    caractereEmployeurEtablissement: 'N',
  };
};

/** Every fifth of the first ones is also a legal unit of the other file. */
export const associationLine = (i: number, one: InventedOrganization): Line => ({
  id: rnaOf(i),
  rup_mi: '',
  gestion: '561S',
  date_creat: '2004-05-01',
  date_decla: '2020-03-01',
  date_publi: '2004-05-17',
  date_disso: random(i + 17) < 0.05 ? '2019-06-30' : '0001-01-01',
  nature: 'D',
  groupement: 'S',
  titre: one.name,
  titre_court: one.acronym ?? '',
  objet: 'promouvoir la vie locale',
  adrs_codeinsee: one.communeCode,
  adrs_codepostal: '56000',
  adrs_libcommune: one.communeName,
  position: random(i + 17) < 0.05 ? 'D' : 'A',
  maj_time: '2026-10-01 09:00:00',
});

/** One unit in sixteen, communes all: as many as the real list names beside a million units. */
export const administrationLine = (i: number, { name }: InventedOrganization): Line | undefined =>
  i % 16 === 3
    ? {
        siren: numbersOf(i).siren,
        nom_complet: name,
        nature_juridique: '7210',
        a_mission_service_public_administratif: 'True',
        est_administration_d_etat: 'False',
        est_collectivite: 'True',
        a_acces_espace_agent: 'True',
      }
    : undefined;

/** The list of the week after, without one in ten. */
export const administrationLeftLine = (i: number, one: InventedOrganization): Line | undefined =>
  i % 160 === 3 ? undefined : administrationLine(i, one);

const quoted = (value: string): string =>
  /[",;\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/** @param line undefined: the organization is not in the file
 * @returns lines, the header not counted */
export async function writeRegister(
  path: string,
  { columns, separator }: Pick<Importer, 'columns' | 'separator'>,
  rows: number,
  line: (i: number, one: InventedOrganization) => Line | undefined,
): Promise<number> {
  const stream = createWriteStream(path);
  stream.write(`${columns.join(separator)}\n`);
  let [i, lines] = [0, 0];
  for (const one of inventedOrganizations(rows)) {
    const values = line(i, one);
    i += 1;
    if (values === undefined) continue;
    lines += 1;
    const written = stream.write(
      `${columns.map((column) => quoted(values[column] ?? '')).join(separator)}\n`,
    );
    if (!written) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
  return lines;
}
