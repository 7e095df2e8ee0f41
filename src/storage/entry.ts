import type { AdapterPayload } from 'oidc-provider';
import { openUnder, sealUnder } from './seal-under.ts';
import { hashId } from './keys.ts';

/**
 * Stands for the entry's own id inside its JSON (an interaction holds its id in `returnTo`). JSON.stringify escapes
 * control characters, so that this one never occurs by itself.
 */
const self = '\u001a';

/**
 * The JSON of an artifact without any bearer value: its own id is left out, the ids of others (session cookie, pushed
 * request, device code) are sealed under it.
 */
export function encodePayload(id: string, payload: AdapterPayload): string {
  const kept: AdapterPayload = { ...payload };
  delete kept.jti;
  delete kept.consumed;
  if (kept.session?.cookie !== undefined) {
    kept.session = { ...kept.session, cookie: sealUnder(id, kept.session.cookie) };
  }
  if (kept.parJti !== undefined) kept.parJti = sealUnder(id, kept.parJti);
  if (kept.kind === 'Interaction' && kept.deviceCode !== undefined) {
    kept.deviceCode = sealUnder(id, kept.deviceCode);
  }
  return JSON.stringify(kept).replaceAll(id, self);
}

/** The payload as the library wrote it; a new object at each call. */
export function decodePayload(id: string, json: string): AdapterPayload {
  const payload: unknown = JSON.parse(json.replaceAll(self, id));
  if (!isPayload(payload)) throw new Error('a stored artifact is not an object');
  payload.jti = id;
  if (payload.session?.cookie !== undefined) {
    payload.session = { ...payload.session, cookie: openUnder(id, payload.session.cookie) };
  }
  if (payload.parJti !== undefined) payload.parJti = openUnder(id, payload.parJti);
  if (payload.kind === 'Interaction' && payload.deviceCode !== undefined) {
    payload.deviceCode = openUnder(id, payload.deviceCode);
  }
  return payload;
}

function isPayload(value: unknown): value is AdapterPayload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `L|<grant>|<session uid>|<json>`, or `C<epoch seconds>|…` once consumed; both ids hashed, empty when there is none. The
 * header spares the scripts of Redis a parser. The uid is given for tokens that live and die with their session only.
 */
export function encodeEntry(id: string, payload: AdapterPayload): string {
  const state = payload.consumed === undefined ? 'L' : `C${String(payload.consumed)}`;
  const grant = payload.grantId === undefined ? '' : hashId(payload.grantId);
  const bound = payload.expiresWithSession === true ? payload.sessionUid : undefined;
  return `${state}|${grant}|${bound === undefined ? '' : hashId(bound)}|${encodePayload(id, payload)}`;
}

export interface Entry {
  /** Epoch seconds. */
  readonly consumed: number | undefined;
  /** Hashed, or empty. */
  readonly grant: string;
  /** Hashed, or empty. */
  readonly session: string;
  readonly json: string;
}

export function readEntry(value: string): Entry {
  const [state = '', grant = '', session = ''] = value.split('|', 3);
  const json = value.slice(state.length + grant.length + session.length + 3);
  return { consumed: state === 'L' ? undefined : Number(state.slice(1)), grant, session, json };
}

export function decodeEntry(id: string, value: string): AdapterPayload {
  const entry = readEntry(value);
  const payload = decodePayload(id, entry.json);
  if (entry.consumed !== undefined) payload.consumed = entry.consumed;
  return payload;
}
