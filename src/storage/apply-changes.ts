import { isDeepStrictEqual } from 'node:util';

type Members = Record<string, unknown>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Makes in an object the changes that a request made of what it had read, where another request has changed the object since.
 * Of a member that both changed, this one's stands.
 *
 * @param current what is written now; it is changed
 * @param read what the request had read
 * @param written what it made of it
 */
export function applyChanges(current: Members, read: Readonly<Members>, written: Readonly<Members>): void {
  for (const name of new Set([...Object.keys(read), ...Object.keys(written)])) {
    const [before, after, now] = [read[name], written[name], current[name]];
    if (isDeepStrictEqual(before, after)) continue;
    if (isMembers(after) && isMembers(now)) applyChanges(now, isMembers(before) ? before : {}, after);
    else if (after === undefined) Reflect.deleteProperty(current, name);
    else current[name] = after;
  }
}
