import type { Adapter, AdapterPayload } from 'oidc-provider';
import { BrokerError } from '../errors/errors.ts';
import { changedSession } from './apply-changes.ts';
import { decodeEntry, encodeEntry } from './entry.ts';
import { toleranceSeconds } from './ephemeral.ts';
import type { EphemeralStore, FoundSession, Write } from './ephemeral.ts';
import { aliasPrefix, hashId, sessionPrefix, uidPrefix } from './keys.ts';
import { openUnder, sealUnder } from './seal-under.ts';
import { currentUnit, flush, withdraw, write } from './unit-of-work.ts';
import type { Rotation } from './unit-of-work.ts';
import { unsupported } from './unsupported.ts';

/** How long a request that set out with the former cookie still finds its session. */
const aliasSeconds = 15;
const maxHops = 3;
/** How often a request that others were faster than looks again at what they have made of its session. */
const maxContests = 25;
const maxRotations = 1_000;

/**
 * The id of a session that was found by its uid: the cookie is not known then, only its hash. It serves to save and
 * destroy that session, and opens nothing: `find` hashes it like any id.
 */
const handlePrefix = 'uid:';
const uidOfHandle = (id: string): string | undefined =>
  id.startsWith(handlePrefix) ? id.slice(handlePrefix.length) : undefined;

/** What a write depends on that serves only while this session has not ended. */
export const whileSessionLasts = (uid: string): NonNullable<Write['provided']> => ({
  key: uidPrefix + hashId(uid),
});

/** A session as one request read it, and what it makes of it. */
interface Change {
  /** Hashed. */
  readonly uid: string;
  /** Under which it is written: a new one, the one it was read under, or a handle. */
  readonly id: string;
  /** The one that `id` replaces, if the request gives it a new one. */
  readonly formerId: string | undefined;
  readonly read: AdapterPayload;
  readonly written: AdapterPayload;
  readonly ttl: number;
}

/** A request that set out with the former cookie still finds the session, unless somebody has signed in, or proven more. */
const keepsFormerId = (read: AdapterPayload, written: AdapterPayload): boolean =>
  read.accountId !== undefined && read.accountId === written.accountId && read.acr === written.acr;

/**
 * Browser sessions: `o:Se:<session id>` holds the session, `o:u:<uid>` leads to it. When the library rotates the id
 * (destroy the old one, store the new one) the old one leads to the new one for 15 seconds, so that a request under way
 * in another tab does not lose the session. Not so when the rotation is a sign-in, or raises the authentication level:
 * there the old id must die at once (session fixation).
 *
 * Every change of a session that was read (written again, rotated, ended) is carried out if the store still holds the
 * very value that was read, as a whole or not at all; in a unit of work, a rotation is one such change. So a session
 * has one id at a time, and its uid leads to that one. Where another request was faster, the change is made again of
 * what that one has left, found by its uid: nothing, if it has ended (no sign-out is undone); else what both changed is
 * merged (apply-changes.ts), for the library writes sessions whole, while each tab opens a tool of its own. A sign-out
 * ends the session whatever it has become, and revokes the grants that it did not know of; the tools that were opened
 * between its reading and its end are not told.
 */
export function createSessions(needs: {
  readonly ephemeral: EphemeralStore;
  /** Revokes grants, with what was issued under them. */
  readonly revoke: (grants: readonly string[]) => Promise<void>;
}): Adapter {
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
      const uid = payload.uid === undefined ? undefined : hashId(payload.uid);
      // What is saved later was read first: a second look does not make a change of others one of this request.
      if (uid !== undefined && currentUnit()?.sessions.get(uid)?.sid !== sid) remember(uid, { sid, value });
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

  /** What this session had just been destroyed for, to be stored under this id. */
  function takeRotation(uid: string, id: string): Rotation | undefined {
    const rotations = currentUnit()?.rotations ?? outsideUnits;
    const rotation = rotations.get(uid);
    rotations.delete(uid);
    return rotation?.oldId === id ? undefined : rotation;
  }

  function created({ uid, id, formerId, read, written, ttl }: Change): Write[] {
    const sid = hashId(id);
    return [
      { kind: 'set', key: uidPrefix + uid, value: sid, ttl },
      { kind: 'set', key: sessionPrefix + sid, value: encodeEntry(id, written), ttl },
      ...(formerId === undefined || !keepsFormerId(read, written) ? [] : [aliasOf(formerId, id)]),
    ];
  }

  const aliasOf = (formerId: string, id: string): Write => ({
    kind: 'set',
    key: aliasPrefix + hashId(formerId),
    value: sealUnder(formerId, id),
    ttl: aliasSeconds,
  });

  /** The first write tells: where it is refused, nothing of the session is written. */
  function changed(found: FoundSession, change: Change, otherwise?: () => Promise<void>): Write[] {
    const { uid, id, ttl, written, formerId } = change;
    const held = { key: sessionPrefix + found.sid, held: found.value };
    if (formerId !== undefined) {
      const [lead, ...rest] = created(change);
      const led = { key: uidPrefix + uid, held: hashId(id) };
      return [
        ...(lead === undefined ? [] : [{ ...lead, provided: held, otherwise }]),
        ...rest.map((each) => ({ ...each, provided: led })),
        { kind: 'delete', key: held.key, provided: led },
      ];
    }
    const lead = { key: uidPrefix + uid, held: found.sid };
    return [
      { kind: 'set', key: held.key, value: encodeEntry(id, written), ttl, provided: held, otherwise },
      { kind: 'set', key: lead.key, value: lead.held, ttl, provided: lead },
    ];
  }

  /** Another request has changed the session since, or its id, or has ended it. */
  async function changeAgain(change: Change): Promise<void> {
    for (let contest = 0; contest < maxContests; contest += 1) {
      const found = await ephemeral.sessionByUid(change.uid);
      if (found === undefined) return;
      const current = decodeEntry(change.id, found.value);
      const written = changedSession(current, change.read, change.written);
      if (!mayGoOn(current, written, change.written)) return;
      const formerId = await rotatedTo(found.sid, change.formerId);
      const refused = await ephemeral.pipeline(changed(found, { ...change, formerId, written }));
      if (!refused.includes(0)) return;
    }
    throw new BrokerError('M-STOR-002', { detail: `a session was changed ${maxContests} times meanwhile` });
  }

  /** The id that another request gave the session, where the former one leads to it; else the former one. */
  async function rotatedTo(sid: string, formerId: string | undefined): Promise<string | undefined> {
    if (formerId === undefined) return undefined;
    const alias = await ephemeral.get(aliasPrefix + hashId(formerId));
    const next = alias === undefined ? formerId : openUnder(formerId, alias);
    return hashId(next) === sid ? next : formerId;
  }

  function ending(uid: string, { sid, value }: FoundSession, otherwise?: () => Promise<void>): Write[] {
    const held = { key: sessionPrefix + sid, held: value };
    return [
      { kind: 'delete', key: uidPrefix + uid, provided: held, otherwise },
      { kind: 'delete', key: held.key, provided: held },
    ];
  }

  /** Another request has changed the session that is to end, or its id. */
  async function endAgain(uid: string, read: AdapterPayload): Promise<void> {
    for (let contest = 0; contest < maxContests; contest += 1) {
      const found = await ephemeral.sessionByUid(uid);
      if (found === undefined) return;
      const current = decodeEntry(handlePrefix, found.value);
      if (current.accountId !== read.accountId) return;
      const refused = await ephemeral.pipeline(ending(uid, found));
      if (!refused.includes(0)) {
        const known = new Set(grantsOf(read));
        return needs.revoke(grantsOf(current).filter((grant) => !known.has(grant)));
      }
    }
    throw new BrokerError('M-STOR-002', { detail: `a session was changed ${maxContests} times meanwhile` });
  }

  /** @returns what it was, and the writes that end it: not sent yet in a unit of work */
  async function end(uid: string, found: FoundSession): Promise<readonly Write[]> {
    const read = decodeEntry(handlePrefix, found.value);
    const writes = ending(uid, found, () => endAgain(uid, read));
    await write(ephemeral, ...writes);
    if (currentUnit()?.sessions.get(uid)?.sid === found.sid) remember(uid, undefined);
    return writes;
  }

  return {
    ...unsupported('Session'),

    async upsert(id, payload, expiresIn) {
      if (payload.uid === undefined || expiresIn === undefined)
        throw new Error('a session needs a uid and an expiry');
      const uid = hashId(payload.uid);
      const byHandle = uidOfHandle(id) !== undefined;
      const known = byHandle ? await sessionOf(uid) : currentUnit()?.sessions.get(uid);
      const sid = byHandle ? known?.sid : hashId(id);
      if (sid === undefined) return; // Found by its uid, ended since: it stays ended.
      const rotation = byHandle ? undefined : takeRotation(uid, id);
      const rotating = rotation !== undefined && withdraw(ephemeral, rotation.ending);
      const found = rotating ? rotation.found : known?.sid === sid ? known : undefined;
      const change: Change = {
        uid,
        id,
        formerId: rotation?.oldId,
        read: rotation?.former ?? (found === undefined ? {} : decodeEntry(id, found.value)),
        written: payload,
        ttl: expiresIn + toleranceSeconds,
      };
      await write(
        ephemeral,
        ...(found === undefined ? created(change) : changed(found, change, () => changeAgain(change))),
      );
      remember(uid, { sid, value: encodeEntry(id, payload) });
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
        if (session !== undefined) await end(hashId(handle), session);
        return;
      }
      const sid = hashId(id);
      const value = await before(sid);
      const former = value === undefined ? undefined : decodeEntry(id, value);
      if (value === undefined || former?.uid === undefined) return;
      const [uid, found] = [hashId(former.uid), { sid, value }];
      noteRotation(uid, { oldId: id, former, found, ending: await end(uid, found) });
    },
  };
}

const grantsOf = ({ authorizations = {} }: AdapterPayload): readonly string[] =>
  Object.values(authorizations).flatMap(({ grantId }) => grantId ?? []);

/**
 * Whether a change may be made of a session that another request has changed: never of somebody else's, and what comes of
 * it is of the level that this request knew or has proven, so that a former cookie gains nothing.
 */
function mayGoOn(current: AdapterPayload, merged: AdapterPayload, written: AdapterPayload): boolean {
  if (current.accountId !== undefined && current.accountId !== written.accountId) return false;
  return merged.accountId === written.accountId && merged.acr === written.acr;
}
