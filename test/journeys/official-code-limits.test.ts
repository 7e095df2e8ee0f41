/** Codes to the mailbox of an organization: what somebody asks for in vain uses up none of them. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limitsTable } from '../../src/limits/limits.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { mailsTo } from './partner-person.ts';
import { createVisitor, people } from './visitor.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld({ limits: limitsTable });
}, startTimeout);
afterAll(() => world.close());

const office = 'bureau@club-officiel.example';

/** At the page of the association, of which the registers know the mailbox. */
async function asksForCode() {
  const statement = { dpnt: { facts: { contactEmail: office }, asOf: '2026-11-01' } };
  await sql`
    update organization set statements = (statements::jsonb || ${JSON.stringify(statement)}::jsonb)::text
    where siren = '000000109'`.execute(world.broker.stores.db);
  const visitor = createVisitor(world);
  const { browser } = visitor;
  const mine = await browser.get(`${world.issuer}/compte/organisations`);
  await visitor.identify(await browser.click(mine, 'Se connecter'), people.commune);
  const href = `${world.issuer}/compte/organisations/rejoindre/000000109`;
  const way = await browser.get(href);
  const contact = /name="contact" value="([^"]+)"/u.exec(way.body)?.[1] ?? '';
  return { browser, href, contact };
}

test('whoever asks again and again is told to wait, is not refused, and uses up nothing', async () => {
  const { browser, href, contact } = await asksForCode();
  const answers = [];
  for (let turn = 0; turn < 10; turn += 1)
    answers.push((await browser.post(href, { voie: 'code', contact })).status);
  expect(new Set(answers.slice(1))).toEqual(new Set([200]));
  expect(await mailsTo(world, office)).toHaveLength(1);
  await browser.close();
});

test('whoever gives up and asks again is told to wait, and nothing is written', async () => {
  const { browser, href, contact } = await asksForCode();
  const written = async () => {
    const { rows } = await sql`
      select (select count(*)::int from joined_membership) as memberships,
        (select count(*)::int from joining_event) as events`.execute(world.broker.stores.db);
    return rows[0];
  };
  await browser.post(href, { voie: 'code', contact });
  await browser.post(`${world.issuer}/compte/organisations/000000109/annuler`, {});
  const before = await written();
  expect((await browser.post(href, { voie: 'code', contact })).status).toBe(200);
  expect(await written()).toEqual(before);
  await browser.close();
});
