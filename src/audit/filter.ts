import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import { z } from 'zod';

/** PostgreSQL takes no U+0000. */
const words = z
  .string()
  .regex(/^[^\0]*$/u)
  .trim()
  .min(1)
  .max(400);

/** Every member narrows. */
export const auditFilterSchema = z.object({
  /** Exactly. */
  subject: words.optional(),
  /** What the act begins with: `registration`, `registration.approve`. */
  act: words.optional(),
  /** Exactly, as `actorReference` says it. */
  actor: words.optional(),
  /** Civil days, both included, Europe/Paris. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});
export type AuditFilter = z.output<typeof auditFilterSchema>;

export function matching({ subject, act, actor, from, to }: AuditFilter): RawBuilder<SqlBool> {
  const conditions = [
    sql`true`,
    ...(subject === undefined ? [] : [sql`subject = ${subject}`]),
    ...(act === undefined ? [] : [sql`act like ${`${act.replace(/[\\%_]/g, String.raw`\$&`)}%`}`]),
    ...(actor === undefined ? [] : [sql`actor = ${actor}`]),
    ...(from === undefined ? [] : [sql`at >= ${from}::date::timestamp at time zone 'Europe/Paris'`]),
    ...(to === undefined ? [] : [sql`at < (${to}::date + 1)::timestamp at time zone 'Europe/Paris'`]),
  ];
  return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}
