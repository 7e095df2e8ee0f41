/**
 * An identity provider that says who somebody is and never for whom they act (FranceConnect): no organization comes of
 * what it sends, and people are told what is missing.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { redeclare } from './support/declarations.ts';
import { expectRefusalPage } from './support/pages.ts';
import {
  authorizationRequest,
  claimsOf,
  demoTool,
  postAs,
  redeem,
  toolAnswer,
  tokensOf,
  untilTool,
  userinfo,
} from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { secondPerson, secondRecord, startTwoIdps } from './support/second-idp.ts';
import type { TwoIdps } from './support/second-idp.ts';
import { startUp } from './support/timing.ts';

let idps: TwoIdps;
let docs: Tool;
let browser: Browser;

const citizen = {
  sub: 'citizen',
  acr: 'eidas1',
  claims: {
    ...secondPerson.claims,
    email: 'ministre@etat.example',
    email_verified: true,
    siret: '13002526500013',
  },
};
const record = () =>
  secondRecord(idps.second.issuer, {
    sirets: undefined,
    domains: ['second.example'],
    gives_organization: false,
    acr_parameter: 'acr_values',
    acr_always: 'eidas1',
  });

beforeAll(async () => {
  idps = await startTwoIdps([]);
  docs = demoTool(idps.world, 'docs');
  await redeclare(idps.world, { identity_providers: [record()] });
  idps.second.become(citizen);
}, startUp);
afterAll(() => idps.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const begin = (changes = {}) =>
  authorizationRequest(idps.world.issuer, docs, { idp_hint: 'second', ...changes });
const go = (url: string): Promise<Page> => browser.get(url, { redirects: untilTool(docs) });

describe('somebody for whom nobody says for whom they act', () => {
  test('is told what is missing, whatever SIRET was sent, and can sign in with another address', async () => {
    const page = await browser.submitForm(await go(begin({ idp_hint: undefined }).url), {
      email: 'somebody@second.example',
    });
    expectRefusalPage(page, { status: 403, code: 'M-UPST-030' });
    expect(browser.text(page)).toContain('Il manque votre organisation');
    expect(browser.text(page)).toContain('Second fournisseur dit qui vous êtes');
    expect(idps.second.received.authorize.at(-1)?.get('acr_values')).toBe('eidas1');
    expect(idps.world.log.join('')).toContain('"siret_source":"none"');

    const [, other = ''] = /href="([^"]*\/other-account)"/.exec(page.body) ?? [];
    const form = await go(new URL(other, idps.world.issuer).href);
    const people = await browser.submitForm(form, { email: 'agent@commune.example' });
    const end = await browser.submitForm(people, { person: 'agent-commune' }, { redirects: untilTool(docs) });
    expect(toolAnswer(end.location).code).toBeDefined();
  });

  test('is offered no other address by a tool that named the identity provider', async () => {
    const page = await go(begin().url);
    expectRefusalPage(page, { status: 403, code: 'M-UPST-030' });
    expect(page.body).not.toContain('/other-account');
    // Who does not come from an organization that has a provider joins one here.
    expect(page.body).toContain(
      `href="${new URL(idps.world.issuer).pathname.replace(/\/$/, '')}/compte/organisations"`,
    );
  });

  test('reaches the pages of their own, where an application for an organization begins', async () => {
    const form = await browser.get(`${idps.world.issuer}/entrer?vers=${encodeURIComponent('/demandes')}`);
    const page = await browser.submitForm(form, { email: 'somebody@second.example' });
    expect(page.status).toBe(200);
    expect(new URL(page.url).pathname).toBe('/demandes');
  });

  test('signs in again where they did, whatever address they wrote: it may be that of another', async () => {
    await go(begin().url);
    const again = await browser.get(`${idps.world.issuer}/entrer?vers=${encodeURIComponent('/demandes')}`, {
      redirects: 'manual',
    });
    const asked = new URL(again.location ?? '', idps.world.issuer).searchParams;
    expect(asked.get('idp_hint')).toBe('second');
    expect(asked.has('login_hint')).toBe(false);
  });

  test('is nobody to a tool that asks silently', async () => {
    await go(begin().url);
    expect(toolAnswer((await go(begin({ prompt: 'none' }).url)).location)).toMatchObject({
      error: 'interaction_required',
      code: undefined,
    });
  });

  test('acts for what an operator declared, and for nothing else; no tool gets an address that nobody answers for', async () => {
    await redeclare(idps.world, {
      identity_providers: [record()],
      memberships: [
        {
          idp: 'second',
          subject: citizen.sub,
          siret: '21440109300015',
          level: 'moderated',
          method: 'proof_received',
          verified_at: '2026-01-05T09:00:00+01:00',
        },
      ],
    });
    const attempt = begin({ scope: 'openid profile email siret' });
    const answer = toolAnswer((await go(attempt.url)).location);
    const tokens = tokensOf(await redeem(idps.world.issuer, attempt, answer.code ?? ''));
    expect(claimsOf(tokens.id_token)['acr']).toBe('eidas1');
    const { json: claims } = await userinfo(idps.world.issuer, tokens.access_token);
    expect(claims).toMatchObject({ siret: '21440109300015', given_name: citizen.claims.given_name });
    const { json: introspected } = await postAs(docs, `${idps.world.issuer}/token/introspection`, {
      token: tokens.access_token,
    });
    expect(introspected).toMatchObject({ active: true });
    for (const said of [claims, introspected, claimsOf(tokens.id_token)]) {
      for (const name of ['email', 'email_verified', 'preferred_username'])
        expect(said).not.toHaveProperty(name);
      expect(JSON.stringify(said)).not.toContain('ministre');
    }
  });
});
