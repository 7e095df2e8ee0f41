import type { Adapter, AdapterPayload } from 'oidc-provider';
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

/** A session read by this request is changed if it is still there: a sign-out in another tab is not undone. */
function changed(uid: string, sid: string, value: string, ttl: number): Write[] {
  return [
    { kind: 'setIfPresent', key: sessionPrefix + sid, value, ttl },
    { kind: 'prolongIf', key: uidPrefix + uid, value: sid, ttl },
  ];
}

/**
 * Browser sessions: `o:Se:<session id>` holds the session, `o:u:<uid>` leads to it. When the library rotates the id
 * (destroy the old one, store the new one) the old one leads to the new one for 15 seconds, so that a request under way
 * in another tab does not lose the session. Not so when the rotation is a sign-in, or raises the authentication level:
 * there the old id must die at once (session fixation).
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
  async function before(id: string): Promise<AdapterPayload | undefined> {
    const sid = hashId(id);
    for (const session of currentUnit()?.sessions.values() ?? []) {
      if (session?.sid === sid) return decodeEntry(id, session.value);
    }
    await flush(ephemeral);
    const value = await ephemeral.get(sessionPrefix + sid);
    return value === undefined ? undefined : decodeEntry(id, value);
  }

  function noteRotation(uid: string, rotation: Rotation): void {
    const rotations = currentUnit()?.rotations ?? outsideUnits;
    const [oldest] = outsideUnits.keys();
    if (outsideUnits.size >= maxRotations && oldest !== undefined) outsideUnits.delete(oldest);
    rotations.set(uid, rotation);
  }

  function aliasOf(uid: string, id: string, payload: AdapterPayload): Write[] {
    const rotations = currentUnit()?.rotations ?? outsideUnits;
    const rotation = rotations.get(uid);
    rotations.delete(uid);
    if (rotation === undefined || rotation.oldId === id) return [];
    const samePerson = rotation.accountId !== undefined && rotation.accountId === payload.accountId;
    if (!samePerson || rotation.acr !== payload.acr) return [];
    const key = aliasPrefix + hashId(rotation.oldId);
    return [{ kind: 'set', key, value: sealUnder(rotation.oldId, id), ttl: aliasSeconds }];
  }

  async function end(uid: string, sid: string): Promise<void> {
    await write(
      ephemeral,
      { kind: 'delete', key: sessionPrefix + sid },
      { kind: 'deleteIf', key: uidPrefix + uid, value: sid },
    );
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
      const value = encodeEntry(id, payload);
      const byHandle = uidOfHandle(id) !== undefined;
      const sid = byHandle ? (await sessionOf(hashedUid))?.sid : hashId(id);
      if (sid === undefined) return; // Found by its uid, ended since: it stays ended.
      const found = currentUnit()?.sessions.get(hashedUid)?.sid === sid;
      await write(ephemeral, ...(byHandle || found ? changed : created)(hashedUid, sid, value, ttl));
      if (!byHandle) await write(ephemeral, ...aliasOf(uid, id, payload));
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
        if (session !== undefined) await end(hashId(handle), session.sid);
        return;
      }
      const former = await before(id);
      if (former?.uid === undefined) return;
      await end(hashId(former.uid), hashId(id));
      noteRotation(former.uid, { oldId: id, accountId: former.accountId, acr: former.acr });
    },
  };
}
