import { z } from 'zod';

import { sirenOf } from '../organizations/organizations.ts';
import type { Siren, Siret } from '../organizations/organizations.ts';
import type { Answer, Found } from '../register/register.ts';
import type { Ask, Reply } from './ask.ts';
import {
  communeOf,
  dayOf,
  diffusionOf,
  legalCategoryOf,
  nafOf,
  postalCodeOf,
  rnaOf,
  shown,
  sirenOrNothing,
  siretOrNothing,
  sizeBandOf,
} from './insee-values.ts';
import { withoutPersonalData } from './personal-data.ts';
import { SourceUnavailable } from './source.ts';
import type { OrganizationSource } from './source.ts';

const text = z.string().nullish();

/** Names of natural persons are not in the schema: they are never read. */
const establishmentSchema = z.object({
  siren: z.string(),
  siret: z.string(),
  statutDiffusionEtablissement: text,
  dateCreationEtablissement: text,
  trancheEffectifsEtablissement: text,
  etablissementSiege: z.boolean(),
  uniteLegale: z.object({
    statutDiffusionUniteLegale: text,
    dateCreationUniteLegale: text,
    trancheEffectifsUniteLegale: text,
    etatAdministratifUniteLegale: z.enum(['A', 'C']),
    denominationUniteLegale: text,
    sigleUniteLegale: text,
    categorieJuridiqueUniteLegale: text,
    identifiantAssociationUniteLegale: text,
    activitePrincipaleUniteLegale: text,
    activitePrincipaleNAF25UniteLegale: text,
    nicSiegeUniteLegale: text,
  }),
  adresseEtablissement: z.object({ codePostalEtablissement: text, codeCommuneEtablissement: text }).nullish(),
  periodesEtablissement: z.array(
    z.object({
      /** Null, or absent with `masquerValeursNulles`: the period that lasts. */
      dateFin: text,
      etatAdministratifEtablissement: z.enum(['A', 'F']).nullish(),
      enseigne1Etablissement: text,
      denominationUsuelleEtablissement: text,
      activitePrincipaleEtablissement: text,
      activitePrincipaleNAF25Etablissement: text,
    }),
  ),
});
type SireneEstablishment = z.infer<typeof establishmentSchema>;

const oneSchema = z.object({
  header: z.object({ statut: z.literal(200) }),
  etablissement: establishmentSchema,
});
const listSchema = z.object({
  header: z.object({ statut: z.literal(200) }),
  etablissements: z.array(establishmentSchema).min(1),
});
/** What INSEE itself answers; a gateway or a filter on the way does not write it. */
const refusalSchema = (statut: number) => z.object({ header: z.object({ statut: z.literal(statut) }) });
const duplicateSchema = z.object({ header: z.object({ message: z.string() }) });

/** API Sirene 3.11, public plan (INSEE): one request an establishment, a second one for a duplicate. */
export function createApiSirene(needs: {
  /** Without slash at the end. */
  readonly base: string;
  readonly ask: Ask;
  /** ISO date, in Paris. */
  readonly today: () => string;
}): OrganizationSource {
  const { base, ask, today } = needs;

  async function successorOf(siret: Siret, reply: Reply, signal: AbortSignal): Promise<Answer> {
    const successor = successorNamed(sirenOf(siret), reply);
    // The head office: the duplicate has no establishment that the successor would number alike.
    const query = new URLSearchParams({ q: `siren:${successor} AND etablissementSiege:true`, nombre: '1' });
    const followed = await ask(`${base}/siret?${query.toString()}`, signal);
    if (followed.status !== 200) throw followed.unexpected();
    const [headOffice] = followed.read(listSchema).etablissements;
    if (headOffice?.siren !== successor) throw wrong('another unit than the successor asked');
    return { ...described(headOffice, today()), kind: 'moved', successor };
  }

  return {
    id: 'api_sirene',
    absenceIsProof: true,
    async bySiret(siret, signal) {
      const reply = await ask(`${base}/siret/${siret}`, signal);
      switch (reply.status) {
        case 200: {
          const { etablissement } = reply.read(oneSchema);
          if (etablissement.siret !== siret) throw wrong('another establishment than the one asked');
          return described(etablissement, today());
        }
        case 301:
          return successorOf(siret, reply, signal);
        case 403:
          reply.read(refusalSchema(403));
          return { kind: 'not_diffusible' };
        case 404:
          reply.read(refusalSchema(404));
          return { kind: 'not_found' };
        default:
          throw reply.unexpected();
      }
    },
  };
}

const wrong = (detail: string): SourceUnavailable =>
  new SourceUnavailable('api_sirene', 'wrong_answer', detail);

/** The only SIREN other than ours that `Location`, or else the message, names. The address itself is never followed. */
function successorNamed(siren: Siren, reply: Reply): Siren {
  const places = [
    () => new URL(reply.location ?? '', 'https://location.invalid').pathname,
    () => reply.read(duplicateSchema).header.message,
  ];
  for (const place of places) {
    const named = [...place().matchAll(/(?<!\d)(\d{9})(?:\d{5})?(?!\d)/g)]
      .map(([, digits]) => sirenOrNothing(digits))
      .filter((found) => found !== undefined && found !== siren);
    const [only, ...others] = new Set(named);
    if (only !== undefined && others.length === 0) return only;
  }
  throw wrong('HTTP 301 that names no successor');
}

function described(establishment: SireneEstablishment, asOf: string): Found {
  const { uniteLegale: unit, adresseEtablissement: address } = establishment;
  const siret = siretOrNothing(establishment.siret);
  const current = establishment.periodesEtablissement.find((period) => (period.dateFin ?? null) === null);
  const state = current?.etatAdministratifEtablissement ?? undefined;
  if (siret === undefined || sirenOf(siret) !== establishment.siren)
    throw wrong('identifiers that do not hold');
  if (current === undefined || state === undefined) throw wrong('no current state of the establishment');
  const legalCategory = legalCategoryOf(unit.categorieJuridiqueUniteLegale);
  const commune = communeOf(address?.codeCommuneEtablissement);
  return withoutPersonalData({
    kind: 'found',
    source: 'api_sirene',
    asOf,
    organization: {
      siren: sirenOf(siret),
      facts: {
        name: shown(unit.denominationUniteLegale),
        acronym: shown(unit.sigleUniteLegale),
        legalCategory,
        unitState: unit.etatAdministratifUniteLegale,
        rna: rnaOf(unit.identifiantAssociationUniteLegale),
        createdOn: dayOf(unit.dateCreationUniteLegale),
        naf: nafOf(unit.activitePrincipaleUniteLegale),
        naf25: nafOf(unit.activitePrincipaleNAF25UniteLegale),
        sizeBand: sizeBandOf(unit.trancheEffectifsUniteLegale),
        diffusion: diffusionOf(unit.statutDiffusionUniteLegale, 'O'),
        headOffice: siretOrNothing(`${establishment.siren}${unit.nicSiegeUniteLegale ?? ''}`),
        // The commune of the unit is that of its head office.
        commune: establishment.etablissementSiege ? commune : undefined,
      },
    },
    establishment: {
      siret,
      state,
      headOffice: establishment.etablissementSiege,
      communeCode: commune,
      postalCode: postalCodeOf(address?.codePostalEtablissement),
      naf: nafOf(current.activitePrincipaleEtablissement),
      naf25: nafOf(current.activitePrincipaleNAF25Etablissement),
      sizeBand: sizeBandOf(establishment.trancheEffectifsEtablissement),
      usualName: shown(current.denominationUsuelleEtablissement) ?? shown(current.enseigne1Etablissement),
      createdOn: dayOf(establishment.dateCreationEtablissement),
      diffusion: diffusionOf(establishment.statutDiffusionEtablissement, 'O'),
    },
  });
}
