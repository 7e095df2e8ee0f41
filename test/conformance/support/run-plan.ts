import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createBrowser } from '../../support/browser-session.ts';
import type { Browser } from '../../support/browser-session.ts';
import { movableTime } from '../../journeys/time.ts';
import type { MovableTime } from '../../journeys/time.ts';
import { startCertification } from './certification.ts';
import type { Certification } from './certification.ts';
import type { ClientName } from './clients.ts';
import type { Party, ResponseMode } from './party.ts';

/** What a module works with. */
export interface Run {
  readonly certification: Certification;
  readonly mode: ResponseMode;
  /** New for each module, so that nobody is signed in when it starts. */
  readonly browser: Browser;
  readonly time: MovableTime;
  readonly party: (name: ClientName) => Party;
}

/** A module of the suite: one sentence that says what it checks, and the check. */
export interface Module {
  readonly checks: string;
  readonly run: (run: Run) => Promise<void>;
}

const lineSchema = z.looseObject({ level: z.number() });
/** From `error` on, in the scale of pino. */
const fault = 50;
const faultsIn = (log: readonly string[]): readonly string[] =>
  log.filter((line) => lineSchema.parse(JSON.parse(line)).level >= fault);

/** The modules of a plan in its order, each a test that bears its name, on one broker. */
export function describePlan<Name extends string>(
  title: string,
  names: readonly Name[],
  modules: Readonly<Record<Name, Module>>,
  mode: ResponseMode = 'default',
): void {
  describe(title, () => {
    const time = movableTime();
    let certification: Certification | undefined;
    beforeAll(async () => {
      certification = await startCertification();
    });
    afterAll(() => certification?.close());

    for (const name of names) {
      const { checks, run } = modules[name];
      it(`${name}: ${checks}`, async () => {
        if (certification === undefined) throw new Error('the broker did not start');
        const { party } = certification;
        const browser = createBrowser();
        const before = certification.world.log.length;
        try {
          await run({ certification, mode, browser, time, party: (client) => party(client, mode) });
          // A page or an answer that hides a fault of ours is no pass.
          expect(faultsIn(certification.world.log.slice(before))).toEqual([]);
        } finally {
          await browser.close();
        }
      });
    }
  });
}
