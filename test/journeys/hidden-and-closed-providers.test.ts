/**
 * Identity providers that are not for everybody: hidden ones, closed ones, domains signed off; and that no answer tells
 * whether an address exists.
 */
import { describe, expect, test, vi } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Page } from '../support/browser-session.ts';
import { expectRefusalPage, shownCode } from '../replay/support/pages.ts';
import { authorizationRequest, demoTool, toolAnswer } from '../replay/support/relying-party.ts';
import type { Changes } from '../replay/support/relying-party.ts';
import { approvedSiret, secondPerson } from '../replay/support/second-idp.ts';
import { storeState } from '../replay/support/stores.ts';
import { goThrough } from '../replay/support/upstream-visit.ts';
import { choosingStage, options, sentTo } from './choosing-stage.ts';

const stage = choosingStage();

describe('a hidden identity provider', () => {
  test('is reached by its test address, and signs in', async () => {
    const end = await goThrough(stage.browser, stage.ask(), 'Essai-7f3a@Second.example');
    expect(toolAnswer(end.location).code).toBeDefined();
    expect(stage.second.received.authorize.at(-1)?.get('redirect_uri')).toBe(
      `${stage.world.issuer}/callback/cachee`,
    );
  });

  test('is nowhere for others of its domains: they go where they would without it', async () => {
    expect(sentTo(await stage.type('agent@second.example'))).toBe('second');
    expect(sentTo(await stage.type('essai-7f3@second.example'))).toBe('second');
    expectRefusalPage(await stage.type('agent@nouveaute.example'), { status: 422, code: 'M-ROUT-002' });
    expect(options(await stage.type('agent@partage.example'))).not.toContain('cachee');
  });

  test('named by a tool, it is unknown, unless the address is named too', async () => {
    const answer = async (changes: Changes) => {
      const end = await stage.browser.get(stage.ask(changes).url, stage.stop());
      const { error, description } = toolAnswer(end.location);
      return { error, description };
    };
    const unknown = await answer({ idp_hint: 'personne' });
    expect(unknown.error).toBe('invalid_request');
    expect(await answer({ idp_hint: 'cachee' })).toEqual(unknown);
    expect(await answer({ idp_hint: 'cachee', login_hint: 'agent@second.example' })).toEqual(unknown);
    expect(await answer({ idp_hint: 'cachee', prompt: 'none' })).toEqual(
      await answer({ idp_hint: 'personne', prompt: 'none' }),
    );
    const named = stage.ask({ idp_hint: 'cachee', login_hint: 'essai-7f3a@second.example' });
    expect(toolAnswer((await stage.browser.get(named.url, stage.stop())).location).code).toBeDefined();
  });

  test('its test address is answered as any other of the domain: the same redirect, to another place', async () => {
    const shape = async (email: string) => {
      const { status, headers, body, location } = await stage.type(email);
      const cookies = [headers['set-cookie'] ?? []].flat().map((line) => line.replace(/=[^;]*/, ''));
      const to = new URL(location ?? '');
      return {
        status,
        headers: Object.keys(headers).toSorted(),
        cookies: cookies.map((line) => line.replace(/maillon-up-\w+|callback\/\w+|expires=[^;]*/gi, '')),
        parameters: [...to.searchParams.keys()].toSorted(),
        at: to.origin + to.pathname,
        text: body.replace(/http\S+/g, ''),
      };
    };
    expect(await shape('essai-7f3a@second.example')).toEqual(await shape('essai-7f3b@second.example'));
  });
});

/** Without what differs from one answer to the next, and without the name that was asked for. */
const answered = ({ status, body, location }: Page, id: string) => ({
  status,
  location: location?.replace(`/${id}`, '/…'),
  body: body.replace(/[0-9A-F]{4}-[0-9A-F]{4}/g, '').replaceAll(`/${id}`, '/…'),
});

describe('an address that names an identity provider tells nothing about it: neither its name, nor whether it is there', () => {
  const names = ['cachee', 'fermee', 'second'];
  const manual = { redirects: 'manual' } as const;

  test('its callback, for whoever has begun nothing', async () => {
    const answer = async (id: string, query: string) =>
      answered(await stage.browser.get(`${stage.world.issuer}/callback/${id}${query}`), id);
    for (const query of ['', '?state=x&code=y', '?error=access_denied']) {
      const unknown = await answer('inconnue', query);
      expect(unknown.body).toContain('M-UPST-004');
      for (const id of names) expect(await answer(id, query)).toEqual(unknown);
    }
  });

  test('its callback, for whoever has begun a sign-in at another one', async () => {
    const answer = async (id: string) => {
      const begun = await stage.type('agent@second.example');
      const state = new URL(begun.location ?? '').searchParams.get('state') ?? '';
      // Browsers keep it for its own path; whoever is curious does not.
      const own = await stage.browser.cookies(`${stage.world.issuer}/callback/second`);
      const page = await stage.browser.get(`${stage.world.issuer}/callback/${id}?state=${state}&code=y`, {
        headers: { cookie: own.join('; ') },
      });
      return answered({ ...page, body: page.body.replace(/interaction\/[\w-]+/g, '') }, id);
    };
    const unknown = await answer('inconnue');
    expect(unknown.body).toContain('M-UPST-005');
    for (const id of ['cachee', 'fermee']) expect(await answer(id)).toEqual(unknown);
  });

  test('a form that is posted to its callback', async () => {
    const answer = async (id: string) =>
      answered(
        await stage.browser.post(`${stage.world.issuer}/callback/${id}`, { state: 'x', code: 'y' }, manual),
        id,
      );
    const unknown = await answer('inconnue');
    for (const id of names) expect(await answer(id)).toEqual(unknown);
  });

  test('what is posted to where a hidden one says who signed out, when it is no word of its own', async () => {
    const answer = async (id: string, form: Readonly<Record<string, string>>) =>
      answered(await stage.browser.post(`${stage.world.issuer}/backchannel-logout/${id}`, form, manual), id);
    for (const form of [{}, { logout_token: 'x' }, { logout_token: 'a.b.c' }]) {
      const unknown = await answer('inconnue', form);
      expect(unknown.status).toBe(404);
      for (const id of ['cachee', 'fermee']) expect(await answer(id, form)).toEqual(unknown);
    }
  });
});

describe('a closed identity provider', () => {
  test('its people are told so, and not sent to another one; named by a tool, it is closed too', async () => {
    const page = await stage.type('agent@fermeture.example');
    expectRefusalPage(page, { status: 403, code: 'M-UPST-014' });
    const named = await stage.browser.get(stage.ask({ idp_hint: 'fermee' }).url, stage.stop());
    expectRefusalPage(named, { status: 403, code: 'M-UPST-014' });
  });

  test('a stronger sign-in that was asked of it ends here', async () => {
    stage.second.become({ sub: 'amd', claims: { ...secondPerson.claims, siret: approvedSiret } });
    const attempt = authorizationRequest(stage.world.issuer, demoTool(stage.world, 'tchap'));
    const stepUp = await goThrough(stage.browser, attempt);
    expectRefusalPage(stepUp, { status: 403, code: 'M-ELIG-022' });
    await stage.declared({ enabled: false });
    try {
      stage.second.forget();
      expectRefusalPage(await stage.browser.submitForm(stepUp, {}), { status: 403, code: 'M-UPST-014' });
      expect(stage.second.received.authorize).toEqual([]);
    } finally {
      await stage.declared();
    }
  });
});

describe('a domain signed off for an identity provider', () => {
  const withEmail = (email: string) =>
    stage.second.become({ ...secondPerson, claims: { ...secondPerson.claims, email } });

  test('is accepted in what it answers, and sends nobody there', async () => {
    withEmail('elu@syndicat.example');
    expect(toolAnswer((await goThrough(stage.browser, stage.ask())).location).code).toBeDefined();
    expectRefusalPage(await stage.type('elu@syndicat.example', { prompt: 'login' }), {
      status: 422,
      code: 'M-ROUT-002',
    });
  });

  test('is no leave for another one, nor for its sub-domains', async () => {
    for (const email of ['elu@autre.example', 'elu@sous.syndicat.example']) {
      withEmail(email);
      expect(shownCode(await goThrough(stage.browser, stage.ask()))).toBe('M-UPST-011');
    }
  });
});

describe('whether an address exists', () => {
  /**
   * What the broker does once an address is posted: queries and stored keys, by kind. Milliseconds would tell less. The
   * least of some tries, because it also does other things by itself.
   */
  async function work(email: string): Promise<readonly number[]> {
    const { db, ephemeral } = stage.world.broker.stores;
    const tries: number[][] = [];
    for (let count = 0; count < 3; count += 1) {
      const page = await stage.browser.get(stage.ask().url);
      const watched = [
        vi.spyOn(db.getExecutor(), 'executeQuery'),
        vi.spyOn(ephemeral, 'get'),
        vi.spyOn(ephemeral, 'getMany'),
        vi.spyOn(ephemeral, 'getWithSession'),
        vi.spyOn(ephemeral, 'set'),
        vi.spyOn(ephemeral, 'setIfAbsent'),
        vi.spyOn(ephemeral, 'pipeline'),
        vi.spyOn(ephemeral, 'take'),
        vi.spyOn(ephemeral, 'members'),
      ];
      await stage.browser.submitForm(page, { email }, { redirects: 'manual' });
      tries.push(watched.map((spy) => spy.mock.calls.length));
      for (const spy of watched) spy.mockRestore();
    }
    return tries[0]?.map((_first, at) => Math.min(...tries.map((one) => one[at] ?? 0))) ?? [];
  }

  test.each([
    // Known here, and not; and a test address.
    ['second.example', 'agent', 'personne', 'essai-7f3a'],
    ['partage.example', 'agent', 'personne'],
    ['inconnu.example', 'agent', 'personne'],
    ['gmail.com', 'agent', 'personne'],
  ])('costs the same at %s: %s, %s', async (domain, ...people) => {
    // Somebody of that address has an account here.
    expect(toolAnswer((await goThrough(stage.browser, stage.ask())).location).code).toBeDefined();
    await stage.browser.close();
    stage.browser = createBrowser();
    await stage.type(`${people[0] ?? ''}@${domain}`);
    await stage.type(`${people.at(-1) ?? ''}@${domain}`);
    const costs: (readonly number[])[] = [];
    for (const person of people) costs.push(await work(`${person}@${domain}`));
    const [first, ...others] = costs;
    expect(first?.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0);
    for (const other of others) expect(other).toEqual(first);
  });

  test.each(['second.example', 'partage.example', 'inconnu.example', 'gmail.com'])(
    'is answered alike at %s, and nothing is kept of it',
    async (domain) => {
      const before = await storeState(stage.world.broker.stores.db);
      const answer = async (local: string) => {
        const { status, body, location } = await stage.type(`${local}@${domain}`);
        return {
          status,
          place: location && new URL(location).pathname,
          body: body
            .replaceAll(local, '')
            .replace(/interaction\/[\w-]+/g, '')
            .replace(/[0-9A-F]{4}-[0-9A-F]{4}/g, '')
            .replace(/https?:[^"< ]*/g, ''),
        };
      };
      expect(await answer('quelquun-qui-nexiste-pas')).toEqual(await answer('agent-connu'));
      expect(await storeState(stage.world.broker.stores.db)).toEqual(before);
    },
  );
});
