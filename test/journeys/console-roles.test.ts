/** Every route of the console for every role, over HTTP: the table of roles is what decides, and nothing else. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operatorRoles } from '../../src/declarations/declarations.ts';
import { consoleRoutes } from '../../src/operators/operators.ts';
import { table } from '../../src/operators/roles.ts';
import { applicantOf, association, createDesk } from '../../src/registrations/testing/room.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

let world: World;
let operator: Operator;
let visitor: Visitor;
let id: string;

beforeAll(async () => {
  world = await startWorld();
  operator = await createOperator(world);
  visitor = createVisitor(world);
  const desk = createDesk(world.broker.registrations, () => new Date());
  const applicant = applicantOf('Ada');
  id = await desk.draft(applicant);
  await desk.submit(id, applicant);
  await visitor.identify(await visitor.browser.get(`${world.issuer}/operateur/moi`), people.operator);
}, startTimeout);
afterAll(async () => {
  await visitor.browser.close();
  await world.close();
});

const addressOf = (path: string): string =>
  `${world.issuer}${path
    .replace(':id', path.includes('/organisations/') ? association : id)
    .replace(':service', 'docs')
    .replace(/:piece|:courrier|:brouillon/u, randomUUID())}`;

describe.each(operatorRoles)('%s', (role) => {
  beforeAll(() =>
    operator.declare('operator', 'helene-marchand', (document) => ({ ...document, roles: [role] })),
  );

  test.each(consoleRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s',
    async (_name, route) => {
      const { browser } = visitor;
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
    expect((await world.broker.registrations.forOperator(id))?.file.version).toBe(1);
  });
});

test('nobody who is no operator sees any of it', async () => {
  const stranger = createVisitor(world);
  await stranger.identify(await stranger.browser.get(`${world.issuer}/operateur/moi`), people.state);
  for (const { method, path } of consoleRoutes) {
    const address = addressOf(path);
    const page =
      method === 'get' ? await stranger.browser.get(address) : await stranger.browser.post(address, {});
    expect([path, page.status, page.body.includes('M-FILE-035')]).toEqual([path, 403, true]);
  }
  await stranger.browser.close();
});
