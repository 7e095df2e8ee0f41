/** The browser of the journeys: the machine's own Chromium (`npm test` names it in CHROMIUM), driven by Playwright. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export const chromiumIsHere = existsSync(executablePath);

/** A browser with a profile of its own, thrown away at its end; nothing but the pages uses the network. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    // A container that runs as root has no sandbox to offer.
    chromiumSandbox: false,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** Without Chromium: one line that says which suite did not run; with CI=true that is a failure. */
export function sayThatChromiumIsMissing(suite: string): void {
  test(`${suite}, in Chromium`, () => {
    process.stderr.write(
      `Not run: ${suite}: no Chromium at ${executablePath} (Debian: apt-get install chromium).\n`,
    );
    expect(process.env['CI'], 'in CI nothing is left out: install chromium').not.toBe('true');
  });
}
