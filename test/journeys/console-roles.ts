/** Every route of the console for every role, over HTTP: the table of roles is what decides, and nothing else. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operatorRoles } from '../../src/declarations/declarations.ts';
import { consoleRoutes } from '../../src/operators/operators.ts';
import { table } from '../../src/operators/roles.ts';
import { association } from '../../src/registrations/testing/room.ts';
import type { Console } from './console-world.ts';
import { createVisitor, people } from './visitor.ts';

export function roles({ as, at, operator, submitted, world }: Console): void {
  let id: string;
  beforeAll(async () => {
    await as('decider');
    id = await submitted();
  });
  afterAll(() => operator().restore());

  const addressOf = (path: string): string =>
    at(
      path
        .replace(':id', path.includes('/organisations/') ? association : id)
        .replace(':service', 'docs')
        .replace(':lot', 'L-26-00000000')
        .replace(/:piece|:courrier|:brouillon/u, randomUUID()),
    );

  describe.each(operatorRoles)('%s', (role) => {
    beforeAll(() =>
      operator().declare('operator', 'helene-marchand', (document) => ({ ...document, roles: [role] })),
    );

    test.each(consoleRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
      '%s',
      async (_name, route) => {
        const { browser } = await as('decider');
        const address = addressOf(route.path);
        const options = { redirects: 'manual' } as const;
        // Whatever the form says: an empty one is never enough to do anything.
        const page =
          route.method === 'get'
            ? await browser.get(address, options)
            : await browser.post(address, {}, options);
        const isRefused = page.status === 403 && page.body.includes('M-FILE-006');
        expect([page.status, isRefused]).toEqual([page.status, !table[role].includes(route.action)]);
        expect(page.status).not.toBe(500);
      },
    );

    test('and does nothing to the file by all this', async () => {
      expect((await world().broker.registrations.forOperator(id))?.file.version).toBe(1);
    });
  });

  test('nobody who is no operator sees any of it', async () => {
    const stranger = createVisitor(world());
    await stranger.identify(await stranger.browser.get(at('/operateur/moi')), people.state);
    for (const { method, path } of consoleRoutes) {
      const address = addressOf(path);
      const page =
        method === 'get' ? await stranger.browser.get(address) : await stranger.browser.post(address, {});
      expect([path, page.status, page.body.includes('M-FILE-035')]).toEqual([path, 403, true]);
    }
    await stranger.browser.close();
  });
}
