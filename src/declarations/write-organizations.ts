import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { isRna, isSiret, qualificationsText, sirenOf } from '../organizations/organizations.ts';
import type { Siret, StatedFacts } from '../organizations/organizations.ts';
import { applyEstablishments, applyOrganizations } from '../register/register.ts';
import type { EstablishmentRecord } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { DeclaredOrganization } from './organization.ts';
import type { StoredOrganizations } from './stored-organizations.ts';

/**
 * Declared organizations are one statement among others of the register, that of the source `configuration`; what
 * belongs to operators (qualifications, suspension, declared population) is written beside it.
 *
 * @param organizations every declared establishment of the legal units to write
 */
export async function writeOrganizations(
  db: Kysely<Database>,
  organizations: readonly DeclaredOrganization[],
  { units, now }: { readonly units: StoredOrganizations['units']; readonly now: Date },
): Promise<void> {
  const declared = organizations.map((one) => ({ one, siret: siretOf(one) }));
  const headOffices = new Map(
    declared.flatMap(({ one, siret }) => (one.head_office ? [[sirenOf(siret), siret] as const] : [])),
  );
  const bySiren = new Map(declared.map(({ one, siret }) => [sirenOf(siret), one] as const));
  for (const [, same] of Map.groupBy(declared, ({ one }) => `${one.source_date} ${one.source}`)) {
    const [first] = same;
    if (first === undefined) continue;
    const applying = {
      source: 'configuration',
      label: first.one.source,
      asOf: first.one.source_date,
      now,
    } as const;
    const sirens = new Set(same.map(({ siret }) => sirenOf(siret)));
    await applyOrganizations(
      db,
      [...sirens].flatMap((siren) => {
        const one = bySiren.get(siren);
        return one === undefined ? [] : [{ siren, facts: factsOf(one, headOffices.get(siren)) }];
      }),
      applying,
    );
    await applyEstablishments(db, same.map(establishment), applying);
  }
  await writeOperatorsColumns(db, bySiren, { units, now });
}

function siretOf({ siret }: DeclaredOrganization): Siret {
  if (!isSiret(siret)) throw new TypeError('the schema lets only a SIRET pass');
  return siret;
}

const factsOf = (one: DeclaredOrganization, headOffice: Siret | undefined): StatedFacts => ({
  name: one.name,
  legalCategory: one.legal_category,
  ...(one.unit_state !== undefined && { unitState: one.unit_state }),
  ...(one.rna !== undefined && isRna(one.rna) && { rna: one.rna }),
  ...(one.created_on !== undefined && { createdOn: one.created_on }),
  ...(headOffice !== undefined && { headOffice }),
});

const establishment = ({
  one,
  siret,
}: {
  readonly one: DeclaredOrganization;
  readonly siret: Siret;
}): EstablishmentRecord => ({
  siret,
  state: one.establishment_state,
  headOffice: one.head_office,
  communeCode: one.commune,
  naf: one.naf,
});

async function writeOperatorsColumns(
  db: Kysely<Database>,
  bySiren: ReadonlyMap<string, DeclaredOrganization>,
  { units, now }: { readonly units: StoredOrganizations['units']; readonly now: Date },
): Promise<void> {
  const rows = [...bySiren].map(([siren, one]) => {
    const known = units.get(siren);
    const since = known?.suspended_at ?? null;
    return {
      siren,
      population: one.declared_population === undefined ? null : String(one.declared_population),
      qualifications:
        one.qualifications === undefined
          ? (known?.qualifications ?? '[]')
          : qualificationsText(one.qualifications.map(qualification)),
      suspended: one.suspended === undefined ? since : one.suspended ? (since ?? now) : null,
    };
  });
  if (rows.length === 0) return;
  await sql`
    update organization set declared_population = given.population::integer,
      qualifications = given.qualifications, suspended_at = given.suspended::timestamptz
    from unnest(
      ${rows.map(({ siren }) => siren)}::text[],
      ${rows.map(({ population }) => population)}::text[],
      ${rows.map(({ qualifications }) => qualifications)}::text[],
      ${rows.map(({ suspended }) => suspended?.toISOString() ?? null)}::text[]
    ) as given(siren, population, qualifications, suspended)
    where organization.siren = given.siren`.execute(db);
}

const qualification = ({
  id,
  starts_on,
  ends_on,
}: {
  id: string;
  starts_on: string;
  ends_on?: string | undefined;
}) => ({
  id,
  startsOn: starts_on,
  endsOn: ends_on,
});
