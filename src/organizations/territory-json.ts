/** A JSON object, whatever its fields. */
export const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `z.int().nonnegative()` takes. */
export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/**
 * @throws SyntaxError when the text is no JSON
 * @throws TypeError when it is no list
 */
export function listIn(text: string): readonly unknown[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new TypeError('a JSON list is expected');
  return parsed;
}
