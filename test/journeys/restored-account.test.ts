/** An account whose owner was given it back while somebody else was signed in to it: what was open before ends, and only that. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createVisitor, people } from './visitor.ts';

let world: World;
/** Milliseconds that the clock of the broker is ahead. */
let ahead = 0;

beforeAll(async () => {
  world = await startWorld({ clock: () => new Date(Date.now() + ahead) });
}, startTimeout);
afterAll(() => world.close());

test('the intruder’s session ends, however late; the owner’s, opened since, is left alone at each look', async () => {
  const docs = createToolClient(world, 'docs');
  const [intruder, owner] = [createVisitor(world), createVisitor(world)];
  const theirs = await intruder.enter(docs, people.state);
  await sql`update account set access_ended_at = now()
    where id = (select account_id from identity where subject = 'agent-etat')`.execute(
    world.broker.stores.db,
  );
  // Nobody looks for more than an hour.
  ahead = 2 * 3600_000;
  const own = await owner.enter(docs, people.state);
  expect((await intruder.ask(docs, { prompt: 'none' })).code).toBeDefined();
  for (let look = 0; look < 2; look += 1) {
    await world.broker.blocking.watch();
    expect((await intruder.ask(docs, { prompt: 'none' })).error).toBe('login_required');
    expect((await docs.userinfo(theirs.accessToken)).status).toBe(401);
    expect((await docs.userinfo(own.accessToken)).status).toBe(200);
    expect((await owner.ask(docs, { prompt: 'none' })).code).toBeDefined();
  }
  expect((await docs.refresh(own.refreshToken)).status).toBe(200);
  await Promise.all([intruder.browser.close(), owner.browser.close()]);
}, 30_000);
