/** `idp_hint` and `siret_hint`, as ProConnect’s tools send them; they compose with everything else. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import type { MutatingIdp } from '../support/mutating-idp.ts';
import type { World } from '../support/world.ts';
import { redeclare } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { shownCode } from '../replay/support/pages.ts';
import { authorizationRequest, demoTool, toolAnswer, untilTool } from '../replay/support/relying-party.ts';
import type { Attempt, Changes, Tool, ToolAnswer } from '../replay/support/relying-party.ts';
import { secondPerson, secondRecord, startTwoIdps } from '../replay/support/second-idp.ts';
import type { TwoIdps } from '../replay/support/second-idp.ts';
import { goThrough } from '../replay/support/upstream-visit.ts';
import { startTimeout } from './each-backend.ts';

const federated = extraTool('federe');
const strict = extraTool('strict');
const mayors = '00000010900009';

let idps: TwoIdps;
let world: World;
let second: MutatingIdp;
let docs: Tool;
let browser: Browser;

beforeAll(async () => {
  idps = await startTwoIdps([], {
    more: {
      clients: [
        extraClient('federe', { profile: 'proconnect', token_endpoint_auth_method: undefined }),
        extraClient('strict', { strict: true }),
      ],
    },
  });
  ({ world, second } = idps);
  docs = demoTool(world, 'docs');
}, startTimeout);
afterAll(() => idps.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(async () => {
  second.restore();
  second.become(secondPerson);
  second.forget();
  await browser.close();
});

const ask = (changes: Changes = {}, tool = docs): Attempt =>
  authorizationRequest(world.issuer, tool, changes);
const go = (attempt: Attempt): Promise<Page> =>
  browser.get(attempt.url, { redirects: untilTool(attempt.tool) });
const direct = async (attempt: Attempt): Promise<ToolAnswer> => toolAnswer((await go(attempt)).location);
async function enter(): Promise<void> {
  expect(toolAnswer((await goThrough(browser, ask())).location).code).toBeDefined();
}
const back = async (page: Page, tool = docs): Promise<ToolAnswer> =>
  toolAnswer((await browser.click(page, 'Revenir à', { redirects: untilTool(tool) })).location);
const upstream = (): URLSearchParams => second.received.authorize.at(-1) ?? new URLSearchParams();

describe('idp_hint', () => {
  test('goes straight to that identity provider, with the address of login_hint', async () => {
    const attempt = ask({ idp_hint: 'second', login_hint: 'agent@second.example' });
    expect((await direct(attempt)).code).toBeDefined();
    expect(upstream().get('login_hint')).toBe('agent@second.example');
    expect(browser.history.some((url) => url.includes('/email'))).toBe(false);
  });

  test('an address of others is not told to it', async () => {
    await direct(ask({ idp_hint: 'second', login_hint: 'agent@etat.example' }));
    expect(upstream().get('login_hint')).toBeNull();
  });

  test('a session of that identity provider serves; of another one, it does not', async () => {
    await enter();
    expect((await direct(ask({ idp_hint: 'second', prompt: 'none' }))).code).toBeDefined();
    expect((await direct(ask({ idp_hint: 'demo', prompt: 'none' }))).error).toBe('login_required');
    expect((await go(ask({ idp_hint: 'demo' }))).url).toContain(`${world.idp}/interaction/`);
  });

  test('composes with the rest: max_age, acr, select_account, claims', async () => {
    await enter();
    second.forget();
    const attempt = ask({
      idp_hint: 'second',
      prompt: 'login',
      max_age: '900',
      ui_locales: 'fr',
      siret_hint: mayors,
    });
    expect((await direct(attempt)).code).toBeDefined();
    expect([...upstream().keys()]).toEqual(expect.arrayContaining(['prompt', 'max_age', 'ui_locales']));
    const accounts = await go(ask({ idp_hint: 'second', prompt: 'select_account' }));
    expect(browser.text(accounts)).toContain('Avec quel compte continuer ?');
    const end = await browser.submitForm(accounts, { account: 'other' }, { redirects: untilTool(docs) });
    expect(toolAnswer(end.location).code).toBeDefined();
    expect(upstream().get('prompt')).toBe('login');
  });

  test('an unknown one: invalid_request; in the words of ProConnect, idp_hint_not_found', async () => {
    for (const idp_hint of ['personne', '__proto__', 'second ', '<script>'])
      expect((await direct(ask({ idp_hint }))).error).toBe('invalid_request');
    const page = await browser.get(ask({ idp_hint: 'personne' }, federated).url, {
      redirects: untilTool(federated),
    });
    expect(toolAnswer(page.location).error).toBe('idp_hint_not_found');
  });

  test('a closed one: our page, and the way back', async () => {
    await redeclare(world, {
      ...idps.extra,
      identity_providers: [secondRecord(second.issuer, { enabled: false })],
    });
    try {
      const page = await go(ask({ idp_hint: 'second' }));
      expect(shownCode(page)).toBe('M-UPST-014');
      expect((await back(page)).error).toBe('access_denied');
      expect((await direct(ask({ idp_hint: 'second', prompt: 'none' }))).error).toBe(
        'temporarily_unavailable',
      );
    } finally {
      await redeclare(world, idps.extra);
    }
  });
});

describe('siret_hint', () => {
  const elected = { email: 'elu@commune.example', sub: 'elu-commune' };
  const checked = (page: Page): string | undefined => /value="(\d{14})"[^>]* checked/.exec(page.body)?.[1];

  async function choice(siret_hint: string): Promise<Page> {
    const people = await browser.submitForm(await browser.get(ask({ siret_hint }).url), {
      email: elected.email,
    });
    return browser.submitForm(people, { person: elected.sub }, { redirects: untilTool(docs) });
  }

  test('preselects, and decides nothing', async () => {
    const page = await choice(mayors);
    expect(checked(page)).toBe(mayors);
    await browser.close();
    browser = createBrowser();
    expect(checked(await choice('21440109300015'))).toBe('21440109300015');
    await browser.close();
    browser = createBrowser();
    expect(browser.text(await choice('13002526500013'))).not.toContain('numérique');
  });

  test('adds no organization: whoever chooses the one it names, without acting for it, is asked again', async () => {
    const page = await choice('13002526500013');
    expect(checked(page)).not.toBe('13002526500013');
    const action = page.url.replace(/(\/interaction\/[^/?]+).*/, '$1/organization');
    const again = await browser.post(action, { siret: '13002526500013' });
    expect(again.status).toBe(422);
    expect(browser.text(again)).not.toContain('numérique');
  });

  test('a malformed one is ignored, and refused where the client is strict', async () => {
    await enter();
    const malformed = { siret_hint: '21440109300016', prompt: 'none' };
    expect((await direct(ask(malformed))).code).toBeDefined();
    expect((await direct(ask(malformed, strict))).error).toBe('invalid_request');
    expect((await direct(ask({ ...malformed, siret_hint: '214 401 093 00015' }, strict))).error).toBe(
      'invalid_request',
    );
    expect((await direct(ask({ ...malformed, siret_hint: '21440109300015' }, strict))).code).toBeDefined();
  });
});
