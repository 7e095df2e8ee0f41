import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { movableTime } from '../../journeys/time.ts';
import type { MovableTime } from '../../journeys/time.ts';
import { demoAnd } from '../../replay/support/declarations.ts';
import { send } from '../../replay/support/relying-party.ts';
import { createBrowser } from '../../support/browser-session.ts';
import type { Browser } from '../../support/browser-session.ts';
import { startWorld } from '../../support/world.ts';
import type { World } from '../../support/world.ts';
import { people } from './certification.ts';
import { fapi2Client, fapi2Declaration, slugOf } from './fapi2-clients.ts';
import { createFapi2Party } from './fapi2-party.ts';
import type { Fapi2Party } from './fapi2-party.ts';
import { fapi2Plan } from './fapi2-plans.ts';
import type { Fapi2Module, Fapi2Variant } from './fapi2-plans.ts';
import { newDpopKey } from './fapi2-proof.ts';
import { readKeySet, readMetadata } from './metadata.ts';
import type { KeySet, Metadata } from './metadata.ts';
import { startReceiver } from './receiver.ts';
import type { Receiver } from './receiver.ts';

export interface Fapi2World {
  readonly world: World;
  readonly receiver: Receiver;
  readonly metadata: Metadata;
  readonly keys: KeySet;
  readonly parEndpoint: string;
  readonly first: Fapi2Party;
  readonly second: Fapi2Party;
  close(): Promise<void>;
}

/** What a module works with; the keys of DPoP of the parties are the same in every module, as the suite's are not. */
export interface Fapi2Run extends Fapi2World {
  readonly variant: Fapi2Variant;
  /** New for each module, so that nobody is signed in when it starts. */
  readonly browser: Browser;
  readonly time: MovableTime;
}

export interface Fapi2Check {
  readonly checks: string;
  readonly run: (run: Fapi2Run) => Promise<void>;
}
export type Fapi2Checks = Readonly<Record<Fapi2Module, Fapi2Check>>;

/** A broker behind a proxy that ends TLS and says which certificate it was shown. */
export async function startFapi2(variant: Fapi2Variant, more: readonly object[] = []): Promise<Fapi2World> {
  const receiver = await startReceiver();
  const clients = {
    first: await fapi2Client('first', variant, receiver.origin),
    second: await fapi2Client('second', variant, receiver.origin),
  };
  const folder = await demoAnd({
    clients: [
      fapi2Declaration('first', clients.first, variant),
      fapi2Declaration('second', clients.second, variant),
      ...more,
    ],
  });
  const world = await startWorld({
    configDir: folder.dir,
    people,
    environment: {
      TRUSTED_PROXIES: '1',
      CLIENT_CERT_HEADER: 'Client-Cert',
      CLIENT_CERT_VERIFIED_HEADER: 'X-Client-Verify',
    },
  });
  await folder.remove();
  const metadata = readMetadata((await send(`${world.issuer}/.well-known/openid-configuration`)).json);
  const keys = readKeySet((await send(metadata.jwks_uri)).json);
  const { pushed_authorization_request_endpoint: parEndpoint = '' } = metadata;
  const common = { variant, metadata, parEndpoint, keys, receiver };
  return {
    world,
    receiver,
    metadata,
    keys,
    parEndpoint,
    first: createFapi2Party({ ...common, client: clients.first, dpop: await newDpopKey('ES256') }),
    second: createFapi2Party({ ...common, client: clients.second, dpop: await newDpopKey('PS256') }),
    async close() {
      await world.close();
      await receiver.close();
    },
  };
}

const lineSchema = z.looseObject({ level: z.number() });
/** From `error` on, in the scale of pino. */
const fault = 50;
export const faultsIn = (log: readonly string[]): readonly string[] =>
  log.filter((line) => lineSchema.parse(JSON.parse(line)).level >= fault);

/** The modules of one plan for a variant in its order, each a test that bears its name, on one broker. */
export function describeFapi2(plan: string, variant: Fapi2Variant, modules: Fapi2Checks): void {
  describe(`${plan}, ${slugOf(variant)}`, () => {
    const time = movableTime();
    let started: Fapi2World | undefined;
    beforeAll(async () => {
      started = await startFapi2(variant);
    });
    afterAll(() => started?.close());

    for (const [name, { checks, run }] of fapi2Plan(variant, modules)) {
      it(`fapi2-security-profile-final-${name}: ${checks}`, async () => {
        if (started === undefined) throw new Error('the broker did not start');
        const browser = createBrowser();
        const before = started.world.log.length;
        try {
          await run({ ...started, variant, browser, time });
          // A page or an answer that hides a fault of ours is no pass.
          expect(faultsIn(started.world.log.slice(before))).toEqual([]);
        } finally {
          await browser.close();
        }
      });
    }
  });
}
