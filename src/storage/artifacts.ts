import { errors } from 'oidc-provider';
import type { Adapter } from 'oidc-provider';
import type { Clock } from '../config/config.ts';
import { decodeEntry, encodeEntry, readEntry } from './entry.ts';
import { toleranceSeconds } from './ephemeral.ts';
import type { Consumption, EphemeralStore } from './ephemeral.ts';
import type { Families } from './families.ts';
import { grantPrefix, hashId, modelPrefix } from './keys.ts';
import { consume, currentUnit, flush, flushConsumption, write } from './unit-of-work.ts';
import { unsupported } from './unsupported.ts';

/** Codes, access tokens, interactions, pushed requests: what lives under its id, expires, and may be consumed once. */
export function createArtifacts(needs: {
  readonly model: string;
  readonly ephemeral: EphemeralStore;
  readonly clock: Clock;
  readonly families: Families;
}): Adapter {
  const { model, ephemeral, clock, families } = needs;
  const prefix = modelPrefix(model);
  const keyOf = (id: string) => prefix + hashId(id);
  // Only these are ever bound to a session; the others would ask for none.
  const bound = model === 'AuthorizationCode' || model === 'AccessToken';
  // A login under way names the grant of the session; it is not a token of it.
  const indexed = model !== 'Interaction';

  /** Token and session in one trip; the session is then known for the rest of this unit of work. */
  async function findBound(key: string): Promise<string | undefined> {
    const unit = currentUnit();
    if (!bound || unit === undefined) return ephemeral.get(key);
    const { value, session } = await ephemeral.getWithSession(key);
    const uid = value === undefined ? '' : readEntry(value).session;
    // What this request has read or written of it already is what it knows.
    if (uid !== '' && !unit.sessions.has(uid)) unit.sessions.set(uid, session);
    return value;
  }

  async function lost({ outcome, grant }: Consumption): Promise<Error> {
    if (model === 'PushedAuthorizationRequest') {
      // Said at the authorization endpoint, which knows no invalid_grant (RFC 9126 §4).
      return new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used');
    }
    if (outcome === 'already' && model === 'AuthorizationCode' && grant !== '') {
      // RFC 6749 §4.1.2: a code used twice takes with it the tokens that it gave. The library sees to it when it reads
      // a code already consumed; this is the one that lost the race after reading it fresh.
      await families.revokeTokens(grant);
      await families.revokeGrant(grant);
    }
    return new errors.InvalidGrant(`${model} already consumed`);
  }

  return {
    ...unsupported(model),

    async upsert(id, payload, expiresIn) {
      if (expiresIn === undefined)
        throw new Error(`${model}: no expiry, the ephemeral store keeps nothing for ever`);
      const key = keyOf(id);
      const ttl = expiresIn + toleranceSeconds;
      await write(ephemeral, { kind: 'set', key, value: encodeEntry(id, payload), ttl });
      if (indexed && payload.grantId !== undefined) {
        await write(ephemeral, {
          kind: 'index',
          key: grantPrefix + hashId(payload.grantId),
          member: key,
          ttl,
        });
      }
      await flushConsumption(ephemeral);
    },

    async find(id) {
      await flush(ephemeral);
      const value = await findBound(keyOf(id));
      return value === undefined ? undefined : decodeEntry(id, value);
    },

    async consume(id) {
      await consume(ephemeral, { key: keyOf(id), at: Math.floor(clock().getTime() / 1000), lost });
      // A code gives an access token: it is consumed, and the token written, in one step (upsert). Anything else at once.
      if (model !== 'AuthorizationCode') await flush(ephemeral);
    },

    async destroy(id) {
      await write(ephemeral, { kind: 'delete', key: keyOf(id) });
    },

    revokeByGrantId: (grantId) => families.revokeTokens(hashId(grantId)),
  };
}
