/** ProConnect’s checks for `strict` clients, and its words for errors: each only for the clients that ask for them. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { shownCode } from '../replay/support/pages.ts';
import {
  authorizationRequest,
  demoTool,
  postAs,
  signIn,
  toolAnswer,
  untilTool,
} from '../replay/support/relying-party.ts';
import type { Attempt, Changes, Tool, ToolAnswer } from '../replay/support/relying-party.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';

const agent = { email: 'agent@etat.example', sub: 'agent-etat' };
/** Has no second factor. */
const member = { email: 'membre@amd-fictif.example', sub: 'membre-amd-fictif' };
const strict = extraTool('strict');
const federated = extraTool('federe', { authentication: 'client_secret_post' });
const gated = extraTool('federe-garde', { authentication: 'client_secret_post' });

let world: World;
let operator: Operator;
let browser: Browser;
let docs: Tool;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('strict', { strict: true }),
      extraClient('federe', { profile: 'proconnect' }),
      extraClient('federe-garde', { profile: 'proconnect', service: 'tchap', enforcement: 'gate' }),
    ],
  });
  world = await startWorld({ configDir: dir });
  await remove();
  operator = await createOperator(world);
  docs = demoTool(world, 'docs');
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const ask = (changes: Changes = {}, tool = docs): Attempt =>
  authorizationRequest(world.issuer, tool, changes);
const go = (attempt: Attempt): Promise<Page> =>
  browser.get(attempt.url, { redirects: untilTool(attempt.tool) });
const direct = async (attempt: Attempt): Promise<ToolAnswer> => toolAnswer((await go(attempt)).location);

describe('a strict client', () => {
  const short = 'x'.repeat(31);
  test('gets a code with what ProConnect knows, and acr_values, which its tools send', async () => {
    await signIn(browser, ask(), agent);
    const known = {
      acr_values: 'eidas1',
      login_hint: agent.email,
      prompt: 'none',
      siret_hint: '13002526500013',
    };
    expect((await direct(ask(known, strict))).code).toBeDefined();
  });

  test.each<readonly [string, Changes]>([
    ['a short state', { state: short }],
    ['no state', { state: undefined }],
    ['a short nonce', { nonce: short }],
    ['no nonce', { nonce: undefined }],
    ['a parameter that ProConnect does not know', { max_age: '60' }],
    ['a parameter that nobody knows', { utm_source: 'lettre' }],
    ['one with a strange name', { 'é"<': '1' }],
  ])('%s: invalid_request, also when it is pushed', async (_what, changes) => {
    const answer = await direct(ask(changes, strict));
    expect(answer.error).toBe('invalid_request');
    expect(answer.description ?? '').toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/);
    // Any other client signs its person in.
    expect(browser.text(await go(ask(changes)))).toContain('Se connecter à Docs');
    const pushed = await postAs(
      strict,
      `${world.issuer}/par`,
      Object.fromEntries(new URL(ask(changes, strict).url).searchParams),
    );
    expect(pushed.json['error']).toBe('invalid_request');
  });

  test('may push what it knows', async () => {
    await signIn(browser, ask(), agent);
    const attempt = ask({ prompt: 'none' }, strict);
    const pushed = await postAs(
      strict,
      `${world.issuer}/par`,
      Object.fromEntries(new URL(attempt.url).searchParams),
    );
    expect(pushed.status).toBe(201);
    const query = new URLSearchParams({
      client_id: 'strict',
      request_uri: String(pushed.json['request_uri']),
    });
    const end = await browser.get(`${world.issuer}/authorize?${query.toString()}`, {
      redirects: untilTool(strict),
    });
    expect(toolAnswer(end.location).code).toBeDefined();
  });
});

describe('the profile proconnect', () => {
  const level: Changes = {
    claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['eidas1-mfa'] } } }),
  };
  const inItsWords = { error: 'access_denied', description: 'requested ACRs could not be satisfied' };

  test('needs no PKCE', async () => {
    await signIn(browser, ask(), agent);
    const without = { code_challenge: undefined, code_challenge_method: undefined, prompt: 'none' };
    expect((await direct(ask(without, federated))).code).toBeDefined();
  });

  test('a level that cannot be had is access_denied: silently', async () => {
    await signIn(browser, ask(), agent);
    expect(await direct(ask({ ...level, prompt: 'none' }, federated))).toMatchObject(inItsWords);
    expect((await direct(ask({ ...level, prompt: 'none' }))).error).toBe('unmet_authentication_requirements');
  });

  test('and from our page', async () => {
    const attempt = ask(level, federated);
    const people = await browser.submitForm(await browser.get(attempt.url), { email: member.email });
    const page = await browser.submitForm(people, { person: member.sub });
    expect(shownCode(page)).toBe('M-UPST-015');
    const end = await browser.click(page, 'Revenir à', { redirects: untilTool(federated) });
    expect(toolAnswer(end.location)).toMatchObject(inItsWords);
  });

  test('the level that our policy demands, too', async () => {
    await operator.approve({ id: 'amd-fictif-tchap', siren: '000000109', service_id: 'tchap' });
    try {
      await signIn(browser, ask(), member);
      expect(await direct(ask({ prompt: 'none' }, gated))).toMatchObject(inItsWords);
      const page = await go(ask({}, gated));
      expect(browser.text(page)).toContain('Tchap demande une connexion plus sûre');
      const end = await browser.click(page, 'Revenir à', { redirects: untilTool(gated) });
      expect(toolAnswer(end.location)).toMatchObject(inItsWords);
    } finally {
      await operator.restore();
    }
  });

  test('any other refusal keeps its reason', async () => {
    await signIn(browser, ask(), member);
    expect(await direct(ask({ prompt: 'none' }, gated))).toMatchObject({
      error: 'access_denied',
      description: 'service_not_covered',
    });
  });
});
