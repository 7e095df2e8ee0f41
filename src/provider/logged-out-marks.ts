import { createHash } from 'node:crypto';
import type { Clock } from '../config/config.ts';
import type { EphemeralStore } from '../storage/storage.ts';
import { lifetimes } from './lifetimes.ts';

/** Seconds that a person may take at an identity provider, and then to come on from our callback. */
const longestWay = 600 + lifetimes.interaction;

/** As identity providers name people and their sessions there. */
export interface Named {
  readonly subject: string | undefined;
  readonly sid: string | undefined;
}

/**
 * Who was signed out at an identity provider, kept for as long as a sign-in that was begun before may still be under way
 * here: it is in no session yet, so that ending sessions does not end it. No name in it, only their digests.
 */
export interface LoggedOutMarks {
  readonly leave: (idp: string, named: Named) => Promise<void>;
  /** Whether a sign-in that was begun then has been ended since. */
  readonly end: (idp: string, named: Named, begunAt: number) => Promise<boolean>;
}

export function createLoggedOutMarks(needs: {
  readonly ephemeral: EphemeralStore;
  readonly clock: Clock;
}): LoggedOutMarks {
  const { ephemeral, clock } = needs;
  const key = (idp: string, { subject, sid }: Named) =>
    `idp-logged-out:${idp}:${createHash('sha256')
      .update(JSON.stringify([subject ?? null, sid ?? null]))
      .digest('base64url')}`;

  return {
    leave: (idp, named) => ephemeral.set(key(idp, named), String(clock().getTime()), longestWay),
    async end(idp, { subject, sid }, begunAt) {
      const keys = [
        ...(subject === undefined ? [] : [key(idp, { subject, sid: undefined })]),
        ...(sid === undefined ? [] : [key(idp, { subject: undefined, sid })]),
        ...(subject === undefined || sid === undefined ? [] : [key(idp, { subject, sid })]),
      ];
      if (keys.length === 0) return false;
      return (await ephemeral.getMany(keys)).some((mark) => mark !== undefined && begunAt <= Number(mark));
    },
  };
}
