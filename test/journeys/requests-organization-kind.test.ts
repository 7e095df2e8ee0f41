/**
 * The `claims` parameter asks for a kind of organization (domain reference §6.3, rule 5; OpenID Connect Core §5.5): who
 * acts for another one does not come in, is told why, and may come as somebody else.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { Parameters, ToolClient } from '../support/tool-client.ts';
import { startTimeout } from './each-backend.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const nantes = '21440109300015';
const mayors = '00000010900009';
const refused = { error: 'access_denied', description: 'organization_kind_not_requested' };

let world: World;
let visitor: Visitor;
let docs: ToolClient;
let visio: ToolClient;

beforeAll(async () => {
  world = await startWorld();
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  visitor = createVisitor(world);
  docs = createToolClient(world, 'docs');
  visio = createToolClient(world, 'visio');
});
afterEach(() => visitor.browser.close());

const claims = (value: unknown): Parameters => ({ claims: JSON.stringify(value) });
const wants = (name: string, wish: unknown, place = 'userinfo') => claims({ [place]: { [name]: wish } });
const associations = wants('organization_category', { essential: true, value: 'association' });
const grants = async () => {
  const { n } = await world.broker.stores.db
    .selectFrom('oidc_grant')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
};

describe('a kind that the organization is', () => {
  test.each<readonly [string, Parameters]>([
    ['its category', wants('organization_category', { essential: true, value: 'local_authority' })],
    [
      'in a list',
      wants('organization_category', { essential: true, values: ['association', 'local_authority'] }),
    ],
    ['its type', wants('organization_type', { essential: true, value: 'local_authority.commune' })],
    [
      'in the ID token',
      wants('organization_type', { essential: true, values: ['local_authority.commune'] }, 'id_token'),
    ],
    ['no kind in particular', wants('organization_type', { essential: true })],
    ['a wish that is not essential', wants('organization_type', { values: ['foundation'] })],
    ['only to be told', wants('organization_category', null)],
  ])('%s: a code', async (_what, parameters) => {
    await visitor.enter(visio, people.commune);
    expect(await visitor.ask(docs, { ...parameters, prompt: 'none' })).toEqual(aCode);
  });
});

describe('a kind that the organization is not', () => {
  test.each<readonly [string, Parameters]>([
    ['another category', associations],
    [
      'in the ID token',
      wants('organization_category', { essential: true, values: ['association'] }, 'id_token'),
    ],
    [
      'another type of the same category',
      wants('organization_type', { essential: true, value: 'local_authority.epci' }),
    ],
    ['a type that does not exist', wants('organization_type', { essential: true, value: 'prince' })],
    [
      'the right type, of another category: every wish counts',
      claims({
        id_token: { organization_type: { essential: true, value: 'local_authority.commune' } },
        userinfo: { organization_category: { essential: true, value: 'association' } },
      }),
    ],
  ])('%s: access_denied, at once for a silent request, and nothing is granted', async (_what, parameters) => {
    await visitor.enter(visio, people.commune);
    const before = await grants();
    expect(await visitor.ask(docs, { ...parameters, prompt: 'none' })).toEqual(refused);
    expect(await grants()).toBe(before);
  });

  test('stops a client that enforces by itself, too: it asked for it', async () => {
    await visitor.enter(visio, people.commune);
    expect(await visitor.ask(visio, { ...associations, prompt: 'none' })).toEqual(refused);
  });

  test('the page says which kind, for whom the person acts, and leads back with the error', async () => {
    const attempt = docs.attempt(associations);
    const page = await visitor.identify(await visitor.follow(docs, attempt), people.commune, {
      redirects: docs.isCallback,
    });
    expect(page.status).toBe(403);
    const text = visitor.browser.text(page);
    expect(text).toContain('Docs attend une autre sorte d’organisation');
    expect(text).toMatch(/Docs attend une organisation de cette sorte.: association\./);
    expect(text).toContain('Commune de Nantes');
    expect(text).toContain('M-OIDC-006');
    expect(text).not.toContain('Choisir une autre organisation');
    const end = await visitor.browser.click(page, 'Revenir à', { redirects: docs.isCallback });
    expect(docs.answer(attempt, end)).toEqual(refused);
  });

  test('what the tool invented is not repeated on the page', async () => {
    await visitor.enter(visio, people.commune);
    const evil = '<img src=x onerror=alert(1)>';
    const page = await visitor.follow(
      docs,
      docs.attempt(wants('organization_type', { essential: true, value: evil })),
    );
    expect(page.status).toBe(403);
    expect(page.body).not.toContain('onerror');
  });

  test('who has another organization of this kind comes in as that one', async () => {
    const attempt = docs.attempt(associations);
    const options = { redirects: docs.isCallback };
    const choice = await visitor.identify(await visitor.follow(docs, attempt), people.elected, options);
    const refusal = await visitor.choose(choice, nantes, options);
    expect(refusal.status).toBe(403);
    const again = await visitor.browser.click(refusal, 'autre organisation', options);
    const end = await visitor.choose(again, mayors, options);
    const tokens = await docs.tokens(attempt, docs.answer(attempt, end));
    expect((await docs.userinfo(tokens.accessToken)).claims).toMatchObject({
      siret: mayors,
      organization_category: 'association',
    });
  });

  test('an organization that no register knows is of no kind: unknown is not yes', async () => {
    await visitor.enter(visio, people.commune);
    const { db } = world.broker.stores;
    const row = await db
      .selectFrom('establishment')
      .selectAll()
      .where('siret', '=', nantes)
      .executeTakeFirstOrThrow();
    await db.deleteFrom('establishment').where('siret', '=', nantes).execute();
    try {
      const wish = wants('organization_category', {
        essential: true,
        values: ['local_authority', 'unknown'],
      });
      const { error } = await visitor.ask(visio, { ...wish, prompt: 'none' });
      expect(error).toBe('access_denied');
    } finally {
      await db.insertInto('establishment').values(row).execute();
    }
  });
});

describe('a wish that cannot be read is refused (invalid_request), not forgotten', () => {
  const deep = `{"userinfo":{"email":${'{"a":'.repeat(6)}1${'}'.repeat(6)}}}`;
  test.each<readonly [string, string]>([
    ['values as a text', '{"userinfo":{"organization_category":{"essential":true,"values":"association"}}}'],
    ['values empty', '{"userinfo":{"organization_category":{"essential":true,"values":[]}}}'],
    ['values of numbers', '{"id_token":{"organization_type":{"essential":true,"values":[1]}}}'],
    ['value as a list', '{"userinfo":{"organization_type":{"essential":true,"value":["gip"]}}}'],
    ['essential as a text', '{"userinfo":{"organization_type":{"essential":"true","value":"gip"}}}'],
    ['a claim that is a text', '{"userinfo":{"email":"yes"}}'],
    ['a sub that is a text', '{"id_token":{"sub":"abc"}}'],
    ['userinfo that is a list', '{"userinfo":[]}'],
    ['neither of the two', '{"access_token":{}}'],
    ['too deep', deep],
    [
      'too long',
      JSON.stringify({ userinfo: { email: { values: Array.from({ length: 40 }, () => 'x'.repeat(250)) } } }),
    ],
    [
      'too many claims',
      JSON.stringify({
        userinfo: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`c${i}`, null])),
      }),
    ],
  ])('%s', async (_what, written) => {
    const answer = await visitor.ask(docs, { claims: written });
    expect(answer.error).toBe('invalid_request');
    expect(answer.description ?? '').toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/);
  });

  test('claims that nobody knows, and members that nobody knows, are ignored (OpenID Connect Core §5.5)', async () => {
    await visitor.enter(docs, people.commune);
    const odd = {
      userinfo: { shoe_size: { essential: true, value: 43 }, email: { essential: true, purpose: 'x' } },
    };
    expect(await visitor.ask(docs, { ...claims(odd), prompt: 'none' })).toEqual(aCode);
  });
});
