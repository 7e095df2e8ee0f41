import { z } from 'zod';
import type { Seal } from '../config/config.ts';
import { hashId } from '../storage/storage.ts';
import { comparableAddress } from './comparable-address.ts';

/** As long as the choices that people make here are kept (CNIL, deliberation 2020-091). */
export const deviceCookieSeconds = 180 * 24 * 3600;
/** A browser that more people sign in with is shared: the oldest is forgotten. Keeps the cookie under a kilobyte. */
const keptKnown = 12;

const contents = z.strictObject({
  /** Random; what attempts of this browser are counted by. */
  id: z.string().regex(/^[\w-]{22}$/),
  /** Fingerprints of the accounts and addresses that have signed in here, oldest first. */
  known: z.array(z.string().max(22)).max(keptKnown),
});

/**
 * The cookie of a browser where somebody has signed in (OWASP, “Device Cookies”): sealed, for our pages alone, necessary
 * to the protection of sign-in. It proves nobody and signs nobody in: it only says that attempts about this account
 * from here are not a stranger's.
 */
export interface DeviceCookie {
  readonly name: string;
  readonly options: {
    readonly path: string;
    readonly httpOnly: true;
    readonly sameSite: 'lax';
    readonly secure: boolean;
    readonly signed: false;
    readonly overwrite: true;
    /** Milliseconds, as Koa takes them. */
    readonly maxAge: number;
  };
  /**
   * @param value of the cookie, as it came
   * @param whom the account id or the address that an attempt is about
   * @returns the id of the device when this account or address has signed in there; undefined for anybody else's
   */
  readonly open: (value: string | undefined, whom: string) => Promise<string | undefined>;
  /**
   * The cookie once these have signed in: account id, addresses.
   *
   * @returns the new value; the id stays, and the 180 days begin again
   */
  readonly note: (value: string | undefined, whom: readonly string[]) => Promise<string>;
}

/** @param needs.seal of a purpose of its own; a cookie of another use never opens here */
export function createDeviceCookie(needs: {
  readonly seal: Seal;
  readonly random: (bytes: number) => Buffer;
  readonly secureCookies: boolean;
  /** '' or the path of the issuer. */
  readonly basePath: string;
}): DeviceCookie {
  const { seal, random, secureCookies, basePath } = needs;
  const read = async (value: string | undefined) => {
    const opened = contents.safeParse(value === undefined ? undefined : await seal.open(value));
    return opened.success ? opened.data : undefined;
  };
  return {
    name: secureCookies ? '__Secure-maillon-device' : 'maillon-device',
    options: {
      path: basePath === '' ? '/' : basePath,
      httpOnly: true,
      sameSite: 'lax',
      secure: secureCookies,
      signed: false,
      overwrite: true,
      maxAge: deviceCookieSeconds * 1000,
    },
    async open(value, whom) {
      const found = await read(value);
      return found?.known.includes(fingerprint(whom)) === true ? found.id : undefined;
    },
    async note(value, whom) {
      const before = await read(value);
      const noted = whom.map(fingerprint);
      const known = [...(before?.known ?? []).filter((each) => !noted.includes(each)), ...noted].slice(
        -keptKnown,
      );
      const id = before?.id ?? random(16).toString('base64url');
      return seal.seal({ id, known }, deviceCookieSeconds);
    },
  };
}

const fingerprint = (whom: string): string => hashId(comparableAddress(whom)).slice(0, 22);
