import {
  isBetweenNaturalPersons,
  isNaturalPerson,
  statedFactsSchema,
} from '../organizations/organizations.ts';
import type { FactName, StatedFacts } from '../organizations/organizations.ts';
import type { EstablishmentRecord, Found } from '../register/register.ts';

/** An answer as a source gives it: each fact of the unit may turn out not to be said. */
interface Told extends Omit<Found, 'organization'> {
  readonly organization: Omit<Found['organization'], 'facts'> & {
    readonly facts: { readonly [F in FactName]?: StatedFacts[F] | undefined };
  };
}

const notOfTheUnit = { name: undefined, acronym: undefined } as const;
const notOfTheEstablishment = {
  communeCode: undefined,
  postalCode: undefined,
  usualName: undefined,
} as const satisfies Partial<EstablishmentRecord>;
const undated = { createdOn: undefined } as const;

/**
 * What is kept of an answer, as the importers do: of natural persons only what decides (category, states, activity);
 * neither the name nor the place of who asked not to be shown (statut de diffusion P), whether or not the source masks
 * them.
 */
export function withoutPersonalData(told: Told): Found {
  const { organization, establishment } = told;
  const { facts } = organization;
  const isPerson = isOfPersons(facts);
  const isUnitHidden = isPerson || facts.diffusion === 'P';
  const isPlaceHidden = isUnitHidden || establishment.diffusion === 'P';
  return {
    ...told,
    organization: {
      ...organization,
      facts: saidOnly({
        ...facts,
        ...(isUnitHidden && notOfTheUnit),
        ...(isPlaceHidden && { commune: undefined }),
        ...(isPerson && undated),
      }),
    },
    establishment: {
      ...establishment,
      ...(isPlaceHidden && notOfTheEstablishment),
      ...(isPerson && undated),
    },
  };
}

/** What has neither a category nor a name of a legal unit may be a person; a sign over the door is then theirs. */
function isOfPersons({ legalCategory, name }: Told['organization']['facts']): boolean {
  if (legalCategory === undefined) return name === undefined;
  return isNaturalPerson(legalCategory) || isBetweenNaturalPersons(legalCategory);
}

const saidOnly = (facts: object): StatedFacts => statedFactsSchema.parse(JSON.parse(JSON.stringify(facts)));
