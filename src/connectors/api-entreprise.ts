import { z } from 'zod';

import { sirenOf } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
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
/** Seconds since the epoch, or an ISO date. */
const date = z.union([z.number(), z.string()]).nullish();
const coded = z.object({ code: text }).nullish();

/** `personne_physique_attributs` is not in the schema: it is never read. */
const dataSchema = z.object({
  siret: z.string(),
  siege_social: z.boolean(),
  etat_administratif: z.enum(['A', 'F']),
  enseigne: text,
  activite_principale: coded,
  tranche_effectif_salarie: coded,
  status_diffusion: text,
  date_creation: date,
  unite_legale: z.object({
    siren: z.string(),
    rna: text,
    siret_siege_social: text,
    personne_morale_attributs: z.object({ raison_sociale: text, sigle: text }).nullish(),
    forme_juridique: coded,
    activite_principale: coded,
    tranche_effectif_salarie: coded,
    status_diffusion: text,
    etat_administratif: z.enum(['A', 'C']),
    date_creation: date,
  }),
  adresse: z.object({ code_postal: text, code_commune: text }).nullish(),
});
const foundSchema = z.object({ data: dataSchema });
/** What the API itself answers; a gateway or a filter on the way does not write it. */
const errorsSchema = z.object({ errors: z.array(z.object({ code: z.string() })).min(1) });

/**
 * API Entreprise v3 (DINUM, access granted by it): the whole Sirene register, units that are not diffusible included.
 * Each request says who asks and why: it is written in DINUM's log.
 */
export function createApiEntreprise(needs: {
  /** Without slash at the end. */
  readonly base: string;
  /** Who asks: SIRET of the operator of this broker. */
  readonly recipient: string;
  readonly ask: Ask;
  /** ISO date, in Paris. */
  readonly today: () => string;
}): OrganizationSource {
  const { base, ask, today } = needs;
  const reason = new URLSearchParams({
    context: 'Connexion aux services numériques',
    object: 'Vérification de l’organisation',
    recipient: needs.recipient,
  }).toString();

  return {
    id: 'api_entreprise',
    absenceIsProof: true,
    async bySiret(siret, signal) {
      const reply = await ask(`${base}/v3/insee/sirene/etablissements/${siret}?${reason}`, signal);
      switch (reply.status) {
        case 200: {
          const found = described(reply.read(foundSchema).data, today());
          const { siret: given } = found.establishment;
          // It follows duplicates by itself.
          return given === siret ? found : movedTo(given, siret, found);
        }
        case 404:
          reply.read(errorsSchema);
          return { kind: 'not_found' };
        // Unavailable For Legal Reasons (RFC 7725).
        case 451:
          reply.read(errorsSchema);
          return { kind: 'not_diffusible' };
        default:
          throw reply.unexpected();
      }
    },
  };
}

const wrong = (detail: string): SourceUnavailable =>
  new SourceUnavailable('api_entreprise', 'wrong_answer', detail);

function movedTo(given: Siret, asked: Siret, found: Found) {
  if (sirenOf(given) === sirenOf(asked)) throw wrong('another establishment than the one asked');
  return { ...found, kind: 'moved', successor: sirenOf(given) } as const;
}

function described(data: z.infer<typeof dataSchema>, asOf: string): Found {
  const { unite_legale: unit, adresse: address } = data;
  const siret = siretOrNothing(data.siret);
  if (siret === undefined || sirenOf(siret) !== unit.siren) throw wrong('identifiers that do not hold');
  const legalCategory = legalCategoryOf(unit.forme_juridique?.code);
  const commune = communeOf(address?.code_commune);
  const unitDiffusion = unit.status_diffusion ?? data.status_diffusion;
  return withoutPersonalData({
    kind: 'found',
    source: 'api_entreprise',
    asOf,
    organization: {
      siren: sirenOf(siret),
      facts: {
        name: shown(unit.personne_morale_attributs?.raison_sociale),
        acronym: shown(unit.personne_morale_attributs?.sigle),
        legalCategory,
        unitState: unit.etat_administratif,
        rna: rnaOf(unit.rna),
        createdOn: dayOf(unit.date_creation),
        naf: nafOf(unit.activite_principale?.code),
        sizeBand: sizeBandOf(unit.tranche_effectif_salarie?.code),
        diffusion: diffusionOf(unitDiffusion, 'diffusible'),
        headOffice: siretOrNothing(unit.siret_siege_social),
        commune: data.siege_social ? commune : undefined,
      },
    },
    establishment: {
      siret,
      state: data.etat_administratif,
      headOffice: data.siege_social,
      communeCode: commune,
      postalCode: postalCodeOf(address?.code_postal),
      naf: nafOf(data.activite_principale?.code),
      sizeBand: sizeBandOf(data.tranche_effectif_salarie?.code),
      usualName: shown(data.enseigne),
      createdOn: dayOf(data.date_creation),
      diffusion: diffusionOf(data.status_diffusion, 'diffusible'),
    },
  });
}
