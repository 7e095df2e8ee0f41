import { z } from 'zod';

export interface StoredDocument {
  /** For the log. */
  readonly id: string;
  readonly text: string;
}

/**
 * Reads documents of the database into values.
 *
 * A text seen before gives the very object of before, so that what others remember about it stays good. A document that
 * does not read is left out and told: an unknown client is refused, a service without policy admits nobody. Members
 * that a newer version wrote are ignored (versions N and N−1 run side by side), except where `strict`.
 */
export function createDocumentReader<T>(
  schema: z.ZodType<T>,
  onProblem: (error: unknown) => void,
  { strict = false }: { readonly strict?: boolean } = {},
): (documents: readonly StoredDocument[]) => readonly T[] {
  let known = new Map<string, T>();
  return (documents) => {
    const read = new Map<string, T>();
    for (const { id, text } of documents) {
      const kept = known.get(text);
      const value = kept === undefined ? parse(schema, text, strict) : { ok: true as const, value: kept };
      if (value.ok) read.set(text, value.value);
      else onProblem(new Error(`${id} cannot be read and is left out: ${value.reason}`));
    }
    known = read;
    return [...read.values()];
  };
}

type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

function parse<T>(schema: z.ZodType<T>, text: string, strict: boolean): Parsed<T> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
  const first = schema.safeParse(document);
  if (first.success) return { ok: true, value: first.data };
  const unknown = first.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
  if (strict || unknown.length < first.error.issues.length)
    return { ok: false, reason: z.prettifyError(first.error) };
  for (const { path, keys } of unknown) {
    for (const key of keys) forget(document, [...path, key]);
  }
  const second = schema.safeParse(document);
  return second.success
    ? { ok: true, value: second.data }
    : { ok: false, reason: z.prettifyError(second.error) };
}

function forget(value: unknown, path: readonly PropertyKey[]): void {
  const [key, ...rest] = path;
  if (typeof value !== 'object' || value === null || key === undefined) return;
  if (rest.length === 0) Reflect.deleteProperty(value, key);
  else forget(Reflect.get(value, key), rest);
}
