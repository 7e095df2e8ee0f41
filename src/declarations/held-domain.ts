import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { z } from 'zod';

/** A mail domain in which nobody is believed until it is given back (blocking/): others may read its mailboxes. */
export const heldDomainSchema = z.object({
  /** Canonical: A-labels, lower case. Those below it are held with it. */
  domain: z.string(),
  since: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
});

export type HeldDomain = z.output<typeof heldDomainSchema>;

/**
 * Whether an address lies in a held domain, in SQL: where a right that rests on a mailbox is read.
 *
 * @param address text, or null: a column
 * @param held what else has to be true of the row of `held_domain`
 */
export const liesInHeldDomain = (
  address: RawBuilder<unknown>,
  held = sql<boolean>`true`,
): RawBuilder<unknown> => sql`
  exists (select from held_domain where ${held}
    and right('.' || split_part(lower(${address}), '@', 2), length(domain) + 1) = '.' || domain)`;
