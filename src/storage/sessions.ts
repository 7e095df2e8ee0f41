import type { Adapter, AdapterPayload } from 'oidc-provider';
import { applyChanges } from './apply-changes.ts';
import { decodeEntry, encodeEntry } from './entry.ts';
import { toleranceSeconds } from './ephemeral.ts';
import type { EphemeralStore, FoundSession, Write } from './ephemeral.ts';
import { aliasPrefix, hashId, sessionPrefix, uidPrefix } from './keys.ts';
import { openUnder, sealUnder } from './seal-under.ts';
import { currentUnit, flush, write } from './unit-of-work.ts';
import type { Rotation } from './unit-of-work.ts';
import { unsupported } from './unsupported.ts';

/** How long a request that set out with the former cookie still finds its session. */
const aliasSeconds = 15;
const maxHops = 3;
/** Requests of one browser that change one session at once: the last of more than this has its way. */
const maxContests = 25;
const maxRotations = 1_000;

/**
 * The id of a session that was found by its uid: the cookie is not known then, only its hash. It serves to save and
 * destroy that session, and opens nothing: `find` hashes it like any id.
 */
const handlePrefix = 'uid:';
const uidOfHandle = (id: string): string | undefined =>
  id.startsWith(handlePrefix) ? id.slice(handlePrefix.length) : undefined;

function created(uid: string, sid: string, value: string, ttl: number): Write[] {
  return [
    { kind: 'set', key: sessionPrefix + sid, value, ttl },
    { kind: 'set', key: uidPrefix + uid, value: sid, ttl },
  ];
}

/** A session as one request read it, and what it makes of it. */
interface Change {
  readonly read: AdapterPayload;
  readonly written: AdapterPayload;
  readonly ttl: number;
}

/**
 * Browser sessions: `o:Se:<session id>` holds the session, `o:u:<uid>` leads to it. When the library rotates the id
 * (destroy the old one, store the new one) the old one leads to the new one for 15 seconds, so that a request under way
 * in another tab does not lose the session. Not so when the rotation is a sign-in, or raises the authentication level:
 * there the old id must die at once (session fixation).
 *
 * The library writes sessions whole, while each tab opens a tool of its own: what another request has changed since the
 * session was read stays (apply-changes.ts), so that every tool is told of the sign-out.
 */
export function createSessions(needs: { readonly ephemeral: EphemeralStore }): Adapter {
  const { ephemeral } = needs;
  const outsideUnits = new Map<string, Rotation>();

  function remember(uid: string, session: FoundSession | undefined): void {
    currentUnit()?.sessions.set(uid, session);
  }

  async function sessionOf(uid: string): Promise<FoundSession | undefined> {
    const known = currentUnit()?.sessions;
    if (known?.has(uid) === true) return known.get(uid);
    await flush(ephemeral);
    const session = await ephemeral.sessionByUid(uid);
    remember(uid, session);
    return session;
  }

  async function find(id: string, hops = maxHops): Promise<AdapterPayload | undefined> {
    await flush(ephemeral);
    const sid = hashId(id);
    const [value, alias] = await ephemeral.getMany([sessionPrefix + sid, aliasPrefix + sid]);
    if (value !== undefined) {
      const payload = decodeEntry(id, value);
      if (payload.uid !== undefined) remember(hashId(payload.uid), { sid, value });
      return payload;
    }
    return alias === undefined || hops === 0 ? undefined : find(openUnder(id, alias), hops - 1);
  }

  /** What is stored under an id that is about to go: from this unit of work, else from the store. */
  async function before(sid: string): Promise<string | undefined> {
    for (const session of currentUnit()?.sessions.values() ?? []) {
      if (session?.sid === sid) return session.value;
    }
    await flush(ephemeral);
    return ephemeral.get(sessionPrefix + sid);
  }

  function noteRotation(uid: string, rotation: Rotation): void {
    const rotations = currentUnit()?.rotations ?? outsideUnits;
    const [oldest] = outsideUnits.keys();
    if (outsideUnits.size >= maxRotations && oldest !== undefined) outsideUnits.delete(oldest);
    rotations.set(uid, rotation);
  }

  function aliasOf(uid: string, id: string, payload: AdapterPayload, ttl: number): Write[] {
    const rotations = currentUnit()?.rotations ?? outsideUnits;
    const rotation = rotations.get(uid);
    rotations.delete(uid);
    if (rotation === undefined || rotation.oldId === id) return [];
    rotation.next = { id, accountId: payload.accountId, ttl };
    const samePerson = rotation.accountId !== undefined && rotation.accountId === payload.accountId;
    if (!samePerson || rotation.acr !== payload.acr) return [];
    const key = aliasPrefix + hashId(rotation.oldId);
    return [{ kind: 'set', key, value: sealUnder(rotation.oldId, id), ttl: aliasSeconds }];
  }

  /** Writes a session that this request has read. One that has ended meanwhile stays ended: no sign-out is undone. */
  function changed(id: string, uid: string, { sid, value: held }: FoundSession, change: Change): Write[] {
    const { written, ttl } = change;
    const otherwise = () => changeAgain(id, sid, change);
    return [
      { kind: 'setIf', key: sessionPrefix + sid, held, value: encodeEntry(id, written), ttl, otherwise },
      { kind: 'prolongIf', key: uidPrefix + uid, value: sid, ttl },
    ];
  }

  /** Another request has changed the session since, or its id: what this one changed is changed there. */
  async function changeAgain(id: string, sid: string, change: Change): Promise<void> {
    const key = sessionPrefix + sid;
    for (let contest = 0; contest < maxContests; contest += 1) {
      const [held, alias] = await ephemeral.getMany([key, aliasPrefix + sid]);
      if (held === undefined) {
        if (alias === undefined || uidOfHandle(id) !== undefined) return;
        const next = openUnder(id, alias);
        return changeAgain(next, hashId(next), change);
      }
      const session = decodeEntry(id, held);
      // Each is stored under an id of its own.
      applyChanges(session, { ...change.read, jti: id }, { ...change.written, jti: id });
      const value = encodeEntry(id, session);
      const refused = await ephemeral.pipeline([{ kind: 'setIf', key, held, value, ttl: change.ttl }]);
      if (refused.length === 0) return;
    }
  }

  /** Another request has changed the session that is to go: it goes, and where it goes on under a new id, the change goes along. */
  async function moveAlong({ oldId, accountId, next }: Rotation, read: AdapterPayload): Promise<void> {
    const value = await ephemeral.take(sessionPrefix + hashId(oldId));
    if (value === undefined || next === undefined || next.accountId !== accountId) return;
    const written = decodeEntry(oldId, value);
    await changeAgain(next.id, hashId(next.id), { read, written, ttl: next.ttl });
  }

  async function end(uid: string, sid: string, session: Write): Promise<void> {
    await write(ephemeral, session, { kind: 'deleteIf', key: uidPrefix + uid, value: sid });
    if (currentUnit()?.sessions.get(uid)?.sid === sid) remember(uid, undefined);
  }

  return {
    ...unsupported('Session'),

    async upsert(id, payload, expiresIn) {
      const { uid } = payload;
      if (uid === undefined || expiresIn === undefined)
        throw new Error('a session needs a uid and an expiry');
      const hashedUid = hashId(uid);
      const ttl = expiresIn + toleranceSeconds;
      const byHandle = uidOfHandle(id) !== undefined;
      const session = byHandle ? await sessionOf(hashedUid) : undefined;
      const sid = byHandle ? session?.sid : hashId(id);
      if (sid === undefined) return; // Found by its uid, ended since: it stays ended.
      const value = encodeEntry(id, payload);
      const found = byHandle ? session : currentUnit()?.sessions.get(hashedUid);
      if (found?.sid === sid) {
        const change = { read: decodeEntry(id, found.value), written: payload, ttl };
        await write(ephemeral, ...changed(id, hashedUid, found, change));
      } else await write(ephemeral, ...created(hashedUid, sid, value, ttl));
      if (!byHandle) await write(ephemeral, ...aliasOf(uid, id, payload, ttl));
      remember(hashedUid, { sid, value });
    },

    find: (id) => find(id),

    async findByUid(uid) {
      const session = await sessionOf(hashId(uid));
      return session === undefined ? undefined : decodeEntry(handlePrefix + uid, session.value);
    },

    async destroy(id) {
      const handle = uidOfHandle(id);
      if (handle !== undefined) {
        const session = await sessionOf(hashId(handle));
        if (session === undefined) return;
        await end(hashId(handle), session.sid, { kind: 'delete', key: sessionPrefix + session.sid });
        return;
      }
      const sid = hashId(id);
      const value = await before(sid);
      const former = value === undefined ? undefined : decodeEntry(id, value);
      if (value === undefined || former?.uid === undefined) return;
      const rotation: Rotation = { oldId: id, accountId: former.accountId, acr: former.acr, next: undefined };
      const otherwise = () => moveAlong(rotation, former);
      await end(hashId(former.uid), sid, { kind: 'deleteIf', key: sessionPrefix + sid, value, otherwise });
      noteRotation(former.uid, rotation);
    },
  };
}
