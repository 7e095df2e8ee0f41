/** What the console owes to those it shows: who really asked, what lies out of a perimeter, a trace of who read. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { demoPeople } from '../../demo/people.ts';
import {
  applicantOf,
  association,
  createDesk,
  operatorCalled,
} from '../../src/registrations/testing/room.ts';
import type { Desk } from '../../src/registrations/testing/room.ts';
import type { Page } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { createVisitor } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const decider = 'operateur@operateur.example';
const applicant = { ...applicantOf('Ada'), sirets: ['13002526500013'], idp: 'demo' };

let world: World;
let operator: Operator;
let desk: Desk;
let visitor: Visitor;

beforeAll(async () => {
  world = await startWorld();
  operator = await createOperator(world);
  desk = createDesk(world.broker.registrations, () => new Date());
  visitor = createVisitor(world);
  const { browser } = visitor;
  const page = await browser.submitForm(await browser.get(`${world.issuer}/operateur/moi`), {
    email: decider,
  });
  await browser.submitForm(page, { person: demoPeople.find(({ email }) => email === decider)?.sub ?? '' });
}, startTimeout);
afterEach(() => operator.restore());
afterAll(async () => {
  await visitor.browser.close();
  await world.close();
});

const get = (path: string): Promise<Page> => visitor.browser.get(`${world.issuer}${path}`);
const post = (path: string, fields: Readonly<Record<string, string>>): Promise<Page> =>
  visitor.browser.post(`${world.issuer}${path}`, fields);
const words = async (path: string): Promise<string> => visitor.browser.text(await get(path));
const boundTo = (services: readonly string[]) =>
  operator.declare('operator', 'helene-marchand', (document) => ({ ...document, perimeter: { services } }));

async function sent(services: readonly string[], who = applicant): Promise<string> {
  await world.broker.stores.db.updateTable('registration_request').set({ state: 'withdrawn' }).execute();
  await world.broker.stores.db.updateTable('registration').set({ stage: 'ended' }).execute();
  const id = await desk.draft(who, services);
  await desk.submit(id, who);
  return id;
}

describe('who really asks', () => {
  test('is what the sign-in said, and a doubt when it named another organization', async () => {
    const page = await words(`/operateur/dossiers/${await sent(['docs'])}`);
    expect(page).toContain('Connecté pour');
    expect(page).toContain('SIRET 13002526500013');
    expect(page).toContain('La connexion du demandeur ne dit pas qu’il agit pour cette organisation');
    const own = { ...applicant, sirets: [`${association}00011`] };
    const theirs = await words(`/operateur/dossiers/${await sent(['docs'], own)}`);
    expect(theirs).toContain('Connecté pour');
    expect(theirs).not.toContain('ne dit pas qu’il agit');
  });
});

describe('out of a perimeter of services', () => {
  test('no page tells of the other services', async () => {
    const other = await sent(['tchap']);
    const mine = await desk.draft(applicant, ['docs']);
    await desk.submit(mine, applicant);
    const organization = `/operateur/organisations/${association}`;
    expect(await words(organization)).toContain(other);
    expect((await get(`/operateur/dossiers/${mine}`)).body).toContain(`/dossiers/${other}`);
    expect(await words('/operateur/statistiques')).toContain('Tchap');
    await boundTo(['docs']);
    const bounded = await words(organization);
    expect(bounded).toContain(mine);
    expect(bounded).not.toContain(other);
    expect(bounded).not.toContain('Tchap');
    expect((await get(`/operateur/dossiers/${mine}`)).body).not.toContain(`/dossiers/${other}`);
    expect(await words('/operateur/statistiques')).not.toContain('Tchap');
  });
});

test('an organization page states no level and no days of what nobody gave', async () => {
  await world.broker.stores.db.deleteFrom('approval').where('siren', '=', association).execute();
  await operator.approve({ id: 'refused-one', siren: association, service_id: 'docs' });
  await operator.approval('refused-one', { status: 'refused', ends_on: '2031-05-04' });
  const page = await words(`/operateur/organisations/${association}`);
  expect(page).toContain('refusé');
  expect(page).not.toContain('2031');
});

test('what no database keeps is no address and no word', async () => {
  const id = await sent(['docs']);
  for (const path of [
    `/operateur/dossiers/${id}%00`,
    '/operateur/organisations/%00',
    '/operateur?q=%00',
    '/operateur/suivant?apres=%00',
    '/operateur/journal?objet=%00',
  ])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  expect((await post(`/operateur/dossiers/${id}/actes/noter`, { texte: 'a\0b', vu: '1' })).status).toBe(422);
});

test('a number is read as it is typed', async () => {
  const id = await sent(['docs']);
  expect((await get(`/operateur/dossiers/${id.toLowerCase()}`)).status).toBe(200);
});

test('reading a file leaves one trace an hour', async () => {
  const id = await sent(['docs']);
  await get(`/operateur/dossiers/${id}`);
  await get(`/operateur/dossiers/${id}`);
  await get(`/operateur/organisations/${association}`);
  const traces = await world.broker.stores.db
    .selectFrom('audit_entry')
    .select('act')
    .where('actor', '=', 'operator:helene-marchand')
    .where('subject', 'in', [`registration:${id}`, `organization:${association}`])
    .execute();
  expect(traces.map(({ act }) => act).toSorted()).toEqual(['file.read', 'organization.read']);
});

test('the next file is neither one that was passed over nor one that a colleague holds', async () => {
  const held = await sent(['docs']);
  await desk.act(held, operatorCalled('nadia-lefort'), { act: 'take' });
  const [one, two] = [await desk.draft(applicant, ['tchap']), await desk.draft(applicant, ['visio'])];
  await desk.submit(one, applicant);
  await desk.submit(two, applicant);
  const first = new URL((await get('/operateur/suivant')).url).pathname.split('/').at(-1) ?? '';
  const second =
    new URL((await get(`/operateur/suivant?apres=${first}`)).url).pathname.split('/').at(-1) ?? '';
  expect([first, second].toSorted()).toEqual([one, two].toSorted());
  expect(await words(`/operateur/suivant?apres=${second}`)).toContain('Il ne reste pas d’autre dossier');
});

test('a right lasts five years at most', async () => {
  const id = await sent(['docs']);
  const today = new Date().toISOString().slice(0, 10);
  const page = await post(`/operateur/dossiers/${id}/apercu/agreer`, {
    service: 'docs',
    niveau: 'guest',
    fondement: 'operator_doctrine',
    du: today,
    au: `${String(Number(today.slice(0, 4)) + 5)}-12-31`,
    texte: 'Trop long.',
    vu: '1',
  });
  expect(page.status).toBe(422);
});
