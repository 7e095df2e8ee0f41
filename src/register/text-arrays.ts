/**
 * Columns of some rows as PostgreSQL reads arrays of texts: `{"a","b \\"c\\"",NULL}`, one for each column. A column that
 * holds nothing is `{}`: `unnest` fills it up beside one that holds something, and it costs nothing to read.
 */
export function textArrays(rows: readonly (readonly (string | null)[])[]): readonly string[] {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, index) => {
    const texts = rows.map((row) => {
      const value = row[index] ?? null;
      return value === null ? 'NULL' : quoted(value);
    });
    return rows.every((row) => (row[index] ?? null) === null) ? '{}' : `{${texts.join(',')}}`;
  });
}

function quoted(value: string): string {
  if (!TO_ESCAPE.test(value)) return `"${value}"`;
  // JSON escapes these two the same way, and ten times as quickly; nothing else must be left that it would escape.
  const isPlain = !CONTROL.test(value) && value.isWellFormed();
  return isPlain ? JSON.stringify(value) : `"${value.replace(EACH, '\\$&')}"`;
}

const TO_ESCAPE = /["\\]/;
const EACH = /["\\]/g;
/** Before the space. */
const CONTROL = /[^ -\uffff]/;
