import type { Kysely } from 'kysely';
import { readQualifications } from '../organizations/organizations.ts';
import { declaredBefore } from '../register/register.ts';
import type { Database, OrganizationTable } from '../storage/storage.ts';
import { comparable } from './comparable.ts';
import type { Comparable } from './diff.ts';
import { sirenOfSiret } from './organization.ts';
import type { DeclaredOrganization } from './organization.ts';
import { inBatches } from './stored.ts';

export interface StoredOrganizations {
  readonly comparables: readonly Comparable[];
  /** By SIREN: what an apply must carry over when the files do not say it. */
  readonly units: ReadonlyMap<string, Pick<OrganizationTable, 'suspended_at' | 'qualifications'>>;
}

/**
 * What the configuration said of the declared establishments when it was last applied, whatever the registers have said
 * since: what they say is no difference between files and database. Other establishments are not looked at: the register
 * may hold millions that no file declares.
 */
export async function storedOrganizations(
  db: Kysely<Database>,
  declared: readonly DeclaredOrganization[],
): Promise<StoredOrganizations> {
  const units = await inBatches([...new Set(declared.map(({ siret }) => sirenOfSiret(siret)))], (sirens) =>
    db.selectFrom('organization').selectAll().where('siren', 'in', sirens).execute(),
  );
  const unitOf = new Map(units.flatMap((unit) => (unit.siren === null ? [] : [[unit.siren, unit] as const])));
  const before = await declaredBefore(db, {
    units,
    sirets: declared.map(({ siret }) => siret),
  });
  // A legal unit has one head office: of several declared ones, the last.
  const headOffices = new Map(
    declared.flatMap(({ siret, head_office: is }) => (is ? [[sirenOfSiret(siret), siret] as const] : [])),
  );
  return {
    units: unitOf,
    comparables: declared.flatMap((said) => {
      const siren = sirenOfSiret(said.siret);
      const unit = unitOf.get(siren);
      const statement = before.units.get(siren);
      const establishment = before.establishments.get(said.siret);
      if (unit === undefined || statement === undefined || establishment === undefined) return [];
      const { facts } = statement;
      const isOther = said.head_office && headOffices.get(siren) !== said.siret;
      return [
        comparable('organization', said.siret, {
          siret: said.siret,
          name: facts.name,
          legal_category: facts.legalCategory,
          unit_state: facts.unitState,
          rna: facts.rna,
          created_on: facts.createdOn,
          declared_population: unit.declared_population,
          source: statement.label,
          source_date: statement.asOf,
          establishment_state: establishment.state,
          commune: establishment.commune_code,
          naf: establishment.naf,
          head_office: isOther || establishment.head_office,
          // What the files do not say belongs to the operators, and is not compared.
          suspended: said.suspended === undefined ? undefined : unit.suspended_at !== null,
          qualifications:
            said.qualifications === undefined ? undefined : qualificationsAsDeclared(unit.qualifications),
        }),
      ];
    }),
  };
}

const qualificationsAsDeclared = (text: string): readonly object[] =>
  readQualifications(text).map(({ id, startsOn, endsOn }) => ({
    id,
    starts_on: startsOn,
    ...(endsOn === undefined ? {} : { ends_on: endsOn }),
  }));
