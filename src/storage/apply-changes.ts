import { isDeepStrictEqual } from 'node:util';
import type { AdapterPayload } from 'oidc-provider';

type Members = Record<string, unknown>;

/** Each member whole: of one that was changed meanwhile as well, this change stands. */
function applyChanges(current: Members, read: Readonly<Members>, written: Readonly<Members>): void {
  for (const name of new Set([...Object.keys(read), ...Object.keys(written)])) {
    if (isDeepStrictEqual(read[name], written[name])) continue;
    if (written[name] === undefined) Reflect.deleteProperty(current, name);
    else current[name] = written[name];
  }
}

/**
 * Makes of a session the changes that a request made of what it had read, where another request has changed it since.
 * What both changed is as this one wrote it, tool by tool in `authorizations`, and member by member beside them; the id
 * stays that of `current`.
 *
 * @param current what is written now
 * @param read what the request had read
 * @param written what it made of it
 */
export function changedSession(
  current: AdapterPayload,
  read: AdapterPayload,
  written: AdapterPayload,
): AdapterPayload {
  const session = { ...current };
  const { jti, authorizations } = current;
  applyChanges(session, { ...read, jti, authorizations }, { ...written, jti, authorizations });
  if (isDeepStrictEqual(read.authorizations, written.authorizations)) return session;
  const tools = { ...authorizations };
  applyChanges(tools, read.authorizations ?? {}, written.authorizations ?? {});
  return { ...session, authorizations: tools };
}
