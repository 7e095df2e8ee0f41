import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startTimeout } from './each-backend.ts';
import { guestsOfMembers } from './guests-of-a-member.ts';
import { members } from './members-of-an-organization.ts';
import { createOperator } from './operator.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const nantes = '21440109300015';
const mayors = '00000010900009';

let world: World;
let visitor: Visitor;
let docs: ToolClient;
let tchap: ToolClient;

beforeAll(async () => {
  world = await startWorld();
}, startTimeout);
afterAll(() => world.close());

beforeEach(() => {
  visitor = createVisitor(world);
  docs = createToolClient(world, 'docs');
  tchap = createToolClient(world, 'tchap');
});
afterEach(() => visitor.browser.close());

const isChoice = (body: string) => body.includes('name="siret"');
const siretOf = async (client: ToolClient, accessToken = '') =>
  (await client.userinfo(accessToken)).claims['siret'];

describe('Bernard Tanguy, councillor of Nantes and member of the board of AMD-FICTIF', () => {
  test('is asked for whom he acts, and sees what each organization opens in this tool', async () => {
    const page = await visitor.signIn('tchap', people.elected);
    expect(page.status).toBe(200);
    const text = visitor.browser.text(page);
    expect(text).toContain('Pour quelle organisation agissez-vous ?');
    expect(text).toMatch(/Commune de Nantes\ncommune · Nantes.*214 401 093 00015 Ouvre Tchap/);
    expect(text).toMatch(/AMD-FICTIF.*\nassociation déclarée.*000 000 109 00009 N’ouvre pas Tchap/);
  });

  test('chooses for each tool, once for each', async () => {
    await visitor.choose(await visitor.signIn('docs', people.elected), mayors);
    const page = await visitor.open('tchap');
    expect(isChoice(page.body)).toBe(true);
    await visitor.choose(page, nantes);
    expect((await visitor.session('docs')).userinfo).toMatchObject({
      siret: mayors,
      is_public_service: false,
    });
    expect((await visitor.session('tchap')).userinfo).toMatchObject({
      siret: nantes,
      is_public_service: true,
    });

    await visitor.open('docs');
    expect((await visitor.session('docs')).userinfo).toMatchObject({ siret: mayors });
    await visitor.open('tchap');
    expect((await visitor.session('tchap')).userinfo).toMatchObject({ siret: nantes });
  });

  test('finds the last choice of this tool ticked on this device, in another session; nobody else does', async () => {
    const ticked = (body: string) => /value="(\d{14})"[^>]* checked/u.exec(body)?.[1];
    const first = await visitor.signIn('docs', people.elected);
    expect(ticked(first.body)).toBe(nantes);
    await visitor.choose(first, mayors);
    expect(ticked((await visitor.open('tchap')).body)).toBe(nantes);
    const again = { prompt: 'login' };
    expect(ticked((await visitor.signIn('docs', people.elected, again)).body)).toBe(mayors);
    const other = createVisitor(world);
    expect(ticked((await other.signIn('docs', people.elected)).body)).toBe(nantes);
    await other.browser.close();
  });

  test('is refused as the one and opens the tool as the other, from the page of the refusal', async () => {
    const refusal = await visitor.choose(await visitor.signIn('tchap', people.elected), mayors);
    expect(refusal.status).toBe(403);
    const choice = await visitor.browser.click(refusal, 'autre organisation');
    expect(isChoice(choice.body)).toBe(true);
    await visitor.choose(choice, nantes);
    expect((await visitor.session('tchap')).userinfo).toMatchObject({
      siret: nantes,
      eligibility: { decision: 'allow', basis: 'public_service' },
    });
  });

  test('prompt=select_organization asks again; tokens of before keep their organization', async () => {
    const asMayor = await visitor.enter(docs, people.elected, {}, mayors);
    const asCouncillor = await visitor.enter(docs, people.elected, { prompt: 'select_organization' }, nantes);
    expect(await siretOf(docs, asCouncillor.accessToken)).toBe(nantes);
    expect(await siretOf(docs, asMayor.accessToken)).toBe(mayors);

    const [mayorAgain, councillorAgain] = [
      await docs.refresh(asMayor.refreshToken),
      await docs.refresh(asCouncillor.refreshToken),
    ];
    expect(await siretOf(docs, mayorAgain.access_token)).toBe(mayors);
    expect(await siretOf(docs, councillorAgain.access_token)).toBe(nantes);
    expect((await docs.userinfo(asMayor.accessToken)).claims).toMatchObject({
      is_public_service: false,
      roles: [],
      organization_type: 'association.declared',
      eligibility: { basis: 'approval' },
    });
  });

  test('a choice made for one tool changes nothing in the tokens of another', async () => {
    const atTchap = await visitor.enter(tchap, people.elected, {}, nantes);
    await visitor.enter(docs, people.elected, {}, mayors);
    await visitor.enter(docs, people.elected, { prompt: 'select_organization' }, nantes);
    await visitor.enter(docs, people.elected, { prompt: 'select_organization' }, mayors);
    expect(await siretOf(tchap, atTchap.accessToken)).toBe(nantes);
    expect(await visitor.ask(tchap, { prompt: 'none' })).toEqual(aCode);
  });

  test('two browsers, two choices, at the same time', async () => {
    const other = createVisitor(world);
    const here = await visitor.enter(docs, people.elected, {}, nantes);
    const there = await other.enter(docs, people.elected, {}, mayors);
    expect(await siretOf(docs, here.accessToken)).toBe(nantes);
    expect(await siretOf(docs, there.accessToken)).toBe(mayors);
    expect(here.claims['sub']).toBe(there.claims['sub']);
    const again = await docs.refresh(here.refreshToken);
    expect(await siretOf(docs, again.access_token)).toBe(nantes);
    await other.browser.close();
  });

  test('both grants see the end of the approval, each for its own organization', async () => {
    const operator = await createOperator(world);
    const asMayor = await visitor.enter(docs, people.elected, {}, mayors);
    const asCouncillor = await visitor.enter(docs, people.elected, { prompt: 'select_organization' }, nantes);
    await operator.approval('amd-fictif-docs', { status: 'suspended' });
    try {
      expect((await docs.userinfo(asMayor.accessToken)).status).toBe(401);
      expect((await docs.userinfo(asCouncillor.accessToken)).status).toBe(200);
    } finally {
      await operator.restore();
    }
  });

  test.each([
    ['of somebody else', '13002526500013'],
    ['with a wrong digit', '21440109300016'],
    ['of zeros', '00000000000000'],
    ['not a number', '1e13'],
    ['empty', ''],
  ])('a SIRET %s is not his: the page asks again, and no code is given', async (_what, siret) => {
    const page = await visitor.signIn('docs', people.elected);
    const { pathname, origin } = new URL(page.url);
    const again = await visitor.browser.post(`${origin}${pathname}/organization`, { siret });
    expect(again.status).toBe(422);
    expect(isChoice(again.body)).toBe(true);
    expect((await visitor.session('docs')).signed_in).toBe(false);
    await visitor.choose(again, nantes);
    expect((await visitor.session('docs')).userinfo).toMatchObject({ siret: nantes });
  });

  test('a choice posted from another site is refused', async () => {
    const page = await visitor.signIn('docs', people.elected);
    const { pathname, origin } = new URL(page.url);
    const forged = await visitor.browser.post(
      `${origin}${pathname}/organization`,
      { siret: nantes },
      { initiator: 'http://evil.example' },
    );
    expect(forged.status).toBe(403);
    expect((await visitor.session('docs')).signed_in).toBe(false);
  });

  test('an organization that the operator withdraws from him is not offered at his next sign-in', async () => {
    const { db } = world.broker.stores;
    const declared = await db.selectFrom('declared_membership').selectAll().execute();
    await db.deleteFrom('declared_membership').execute();
    try {
      await visitor.signIn('docs', people.elected);
      expect((await visitor.session('docs')).userinfo).toMatchObject({ siret: nantes });
    } finally {
      await db.insertInto('declared_membership').values(declared).execute();
    }
  });
});

describe('somebody with one organization', () => {
  test('is not asked', async () => {
    await visitor.signIn('docs', people.commune);
    expect((await visitor.session('docs')).userinfo).toMatchObject({ siret: nantes });
  });

  test('is asked when the tool wants it, and may go on', async () => {
    const tokens = await visitor.enter(docs, people.commune, { prompt: 'select_organization' }, nantes);
    expect(await siretOf(docs, tokens.accessToken)).toBe(nantes);
  });
});

describe('whoever represents an organization, and its members', () => members(() => world));
describe('the guests of a member who leaves', () => guestsOfMembers(() => world));
