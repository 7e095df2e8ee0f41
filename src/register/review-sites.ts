import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import type { Seat } from './drift.ts';

/** What the establishments of one legal unit say. */
export interface Sites {
  /** One of them at least is open. */
  readonly open: boolean;
  /** Null when none of those held is the head office. */
  readonly headOfficeOpen: boolean | null;
  readonly seat: Seat | undefined;
  /** The head office at an earlier moment; undefined when nothing else was said of it since. */
  readonly seatAt: (moment: Date) => Seat | undefined;
}

const siteSchema = z.object({
  siren: z.string(),
  open: z.boolean(),
  head_office_open: z.boolean().nullable(),
  siret: z.string().nullable(),
  commune: z.string().nullable(),
});

const formerSeatSchema = z.object({
  siren: z.string(),
  siret: z.string(),
  commune: z.string(),
  changed_at: z.date(),
});

/**
 * For units of which an establishment is held. Two SQL statements.
 *
 * @param since before any moment that is asked for
 */
export async function sitesOf(
  db: Kysely<Database>,
  sirens: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, Sites>> {
  const units = await sql`
    select siren, bool_or(state = 'A') as open, bool_or(state = 'A') filter (where head_office) as head_office_open,
      min(siret) filter (where head_office) as siret, min(commune_code) filter (where head_office) as commune
    from establishment where siren = any(${[...sirens]}::text[]) group by siren`.execute(db);
  const formerSeats = await sql`
    select siren, siret, commune, changed_at from (
      select establishment.siren, subject as siret, register_change.id, changed_at, before::json ->> 'commune_code' as commune,
        before::json ->> 'head_office' as head_office
      from register_change join establishment on establishment.siret = subject
      where establishment.siren = any(${[...sirens]}::text[]) and shelf = 'establishment' and changed_at >= ${since}
    ) as former
    where head_office = 'true' and commune is not null order by id`.execute(db);
  const formerOf = Map.groupBy(z.array(formerSeatSchema).parse(formerSeats.rows), ({ siren }) => siren);
  return new Map(
    z
      .array(siteSchema)
      .parse(units.rows)
      .map(({ siren, open, head_office_open: headOfficeOpen, siret, commune }) => [
        siren,
        {
          open,
          headOfficeOpen,
          seat: siret === null || commune === null ? undefined : { siret, commune },
          seatAt: (moment) => formerOf.get(siren)?.find(({ changed_at: at }) => at >= moment),
        },
      ]),
  );
}
