/** Columns of some rows as PostgreSQL reads arrays of texts: `{"a","b \\"c\\"",NULL}`, one for each column. */
export function textArrays(rows: readonly (readonly (string | null)[])[]): readonly string[] {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, index) => {
    let text = '{';
    for (const row of rows) {
      const value = row[index] ?? null;
      if (text !== '{') text += ',';
      text += value === null ? 'NULL' : quoted(value);
    }
    return `${text}}`;
  });
}

const quoted = (value: string): string => `"${TO_ESCAPE.test(value) ? value.replace(EACH, '\\$&') : value}"`;

const TO_ESCAPE = /["\\]/;
const EACH = /["\\]/g;
