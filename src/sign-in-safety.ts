/**
 * What protects every factor of a sign-in, made once for compose.ts: one-time codes, limits of attempts, and the
 * cookie of browsers that have signed in before.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { createOneTimeCodes } from './codes/codes.ts';
import type { OneTimeCodes } from './codes/codes.ts';
import { createSeal } from './config/config.ts';
import type { Clock, Config } from './config/config.ts';
import { assertNotHeld } from './homerealm/homerealm.ts';
import type { HeldDomains } from './homerealm/homerealm.ts';
import { createDeviceCookie, createLimits } from './limits/limits.ts';
import type { DeviceCookie, Limits, LimitTable } from './limits/limits.ts';
import type { EphemeralStore } from './storage/storage.ts';

export interface SignInSafety {
  readonly codes: OneTimeCodes;
  readonly limits: Limits;
  readonly devices: DeviceCookie;
}

export function createSignInSafety({
  config,
  ephemeral,
  clock,
  snapshot,
  limits,
}: {
  readonly config: Pick<Config, 'encryptionKeys' | 'issuer' | 'issuerPath'>;
  readonly ephemeral: EphemeralStore;
  readonly clock: Clock;
  readonly snapshot: () => HeldDomains;
  /** The table of limits/ when absent. */
  readonly limits?: LimitTable | undefined;
}): SignInSafety {
  // A key that is replaced makes wrong the codes of one hour: they are asked for again.
  const [newest = ''] = config.encryptionKeys;
  const pepper = new Uint8Array(hkdfSync('sha256', newest, 'maillon codes', 'one-time codes', 32));
  return {
    codes: createOneTimeCodes({
      ephemeral,
      clock,
      random: randomBytes,
      pepper,
      assertTrusted: (address) => assertNotHeld(address, snapshot()),
    }),
    limits: createLimits({ ephemeral, table: limits }),
    devices: createDeviceCookie({
      seal: createSeal(config.encryptionKeys, 'device-cookie', clock),
      random: randomBytes,
      secureCookies: config.issuer.protocol === 'https:',
      basePath: config.issuerPath,
    }),
  };
}
