import { describe, expect, test } from 'vitest';
import { BrokerError } from '../../src/errors/errors.ts';
import { createBrowser } from '../support/browser-session.ts';
import { startRedis } from '../support/services.ts';
import { startWorld } from '../support/world.ts';
import type { World, WorldOptions } from '../support/world.ts';

interface Fault {
  readonly options: WorldOptions;
  readonly strike: (world: World) => Promise<void>;
}

const redis = await startRedis('Redis lost in the middle of a login');

const faults: (readonly [string, Fault])[] = [
  [
    'the store refuses the batch',
    {
      options: {},
      strike: async ({ broker }) => {
        Object.assign(broker.stores.ephemeral, {
          pipeline: () => Promise.reject(new BrokerError('M-STOR-002', { detail: 'refused by the test' })),
        });
      },
    },
  ],
];
if (redis !== undefined) {
  faults.push(['Redis is stopped', { options: { redisUrl: redis.url }, strike: () => redis.stop() }]);
}

describe.each(faults)('what a login wrote is lost: %s', (_what, { options, strike }) => {
  test('a page says what is down, with a code and an id that the log bears; no redirect, no cookie', async () => {
    const world = await startWorld(options);
    const browser = createBrowser();
    try {
      const started = await browser.get(`${world.tools}/docs/login`, { redirects: 'manual' });
      await strike(world);
      const page = await browser.get(started.location ?? '', {
        redirects: 'manual',
        headers: { accept: 'text/html' },
      });
      expect(page.status).toBe(503);
      expect(page.location).toBeUndefined();
      expect(page.headers['set-cookie']).toBeUndefined();
      expect(page.headers['content-security-policy']).toContain("default-src 'none'");
      const reference = /M-STOR-002 · ([0-9A-F]{4}-[0-9A-F]{4})/.exec(browser.text(page));
      expect(reference?.[1]).toBeDefined();
      expect(world.log.join('')).toContain(reference?.[1]);
      expect((await browser.get(`${world.issuer}/livez`)).status).toBe(200);
    } finally {
      await browser.close();
      await world.close();
    }
  });
});
