import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { Attempt, Parameters, ToolClient } from '../support/tool-client.ts';
import type { Page } from '../support/browser-session.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Email, Visitor } from './visitor.ts';

let world: World;
let operator: Operator;
let visitor: Visitor;
let docs: ToolClient;
let tchap: ToolClient;

beforeAll(async () => {
  world = await startWorld();
  operator = await createOperator(world);
}, startTimeout);
afterAll(() => world.close());

beforeEach(() => {
  visitor = createVisitor(world);
  docs = createToolClient(world, 'docs');
  tchap = createToolClient(world, 'tchap');
});
afterEach(async () => {
  await operator.restore();
  await visitor.browser.close();
});

/** OpenID Connect Core §5.5.1.1. */
const essential = (...values: string[]): Parameters => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});
const unmet = { error: 'unmet_authentication_requirements' };

async function arrive(tool: ToolClient, attempt: Attempt, email: Email): Promise<Page> {
  return visitor.identify(await visitor.follow(tool, attempt), email, { redirects: tool.isCallback });
}

/** From a page of refusal back to the tool. */
async function backTo(tool: ToolClient, attempt: Attempt, page: Page) {
  const end = await visitor.browser.click(page, 'Revenir à', { redirects: tool.isCallback });
  return tool.answer(attempt, end);
}

describe('a level that the tool demands (essential acr)', () => {
  test('is reached by who can: the person signs in more strongly, and acr and amr say so', async () => {
    const tokens = await visitor.enter(docs, people.state, essential('eidas1-mfa'));
    expect(tokens.claims).toMatchObject({ acr: 'eidas1-mfa', amr: ['pwd', 'otp', 'mfa'] });
  });

  test('is reached from a session that is too weak, by signing in again', async () => {
    const weak = await visitor.enter(docs, people.state);
    expect(weak.claims['acr']).toBe('eidas1');
    const attempt = tchap.attempt({ ...essential('eidas1-mfa'), login_hint: people.state });
    const page = await visitor.follow(tchap, attempt);
    expect(page.url).toContain(`${world.idp}/interaction/`);
    const end = await visitor.identify(page, people.state, { redirects: tchap.isCallback });
    const strong = await tchap.tokens(attempt, tchap.answer(attempt, end));
    expect(strong.claims['acr']).toBe('eidas1-mfa');
    expect((await docs.userinfo(weak.accessToken)).status).toBe(200);
  });

  test('is met already: a code at once', async () => {
    await visitor.enter(docs, people.state);
    expect(await visitor.ask(docs, essential('eidas1', 'eidas1-mfa'))).toEqual(aCode);
  });

  test('is a list of values, not a minimum: eidas1-mfa is not eidas1', async () => {
    await visitor.enter(docs, people.state, essential('eidas1-mfa'));
    expect(await visitor.ask(docs, { ...essential('eidas1'), prompt: 'none' })).toMatchObject(unmet);
  });

  test('that the person cannot reach ends in unmet_authentication_requirements, without a loop', async () => {
    const attempt = docs.attempt(essential('eidas1-mfa'));
    const page = await arrive(docs, attempt, people.approved);
    expect(page.status).toBe(403);
    expect(visitor.browser.text(page)).toContain('Docs demande une connexion plus sûre');
    expect(visitor.browser.history.filter((url) => url.startsWith(`${world.idp}/authorize?`))).toHaveLength(
      1,
    );
    expect(await backTo(docs, attempt, page)).toMatchObject(unmet);
  });

  test('that the identity provider cannot assert at all: nobody is sent there', async () => {
    const attempt = docs.attempt({ ...essential('eidas3'), login_hint: people.state });
    const page = await visitor.follow(docs, attempt);
    expect(page.status).toBe(403);
    expect(visitor.browser.history.some((url) => url.startsWith(world.idp))).toBe(false);
    expect(await backTo(docs, attempt, page)).toMatchObject(unmet);
  });

  test('with prompt=none: the error at once', async () => {
    await visitor.enter(docs, people.state);
    expect(await visitor.ask(docs, { ...essential('eidas1-mfa'), prompt: 'none' })).toMatchObject(unmet);
  });

  test('wins over acr_values: the weaker wish beside it gives no code', async () => {
    await visitor.enter(docs, people.state);
    const both = { ...essential('eidas1-mfa'), acr_values: 'eidas1' };
    expect(await visitor.ask(docs, { ...both, prompt: 'none' })).toMatchObject(unmet);
    const tokens = await visitor.enter(docs, people.state, both);
    expect(tokens.claims['acr']).toBe('eidas1-mfa');
  });
});

describe('for an organization with which nobody vouches for the link', () => {
  const { state } = people;
  const elsewhere = '00000010900009';

  beforeEach(async () => {
    await operator.declare('identity_provider', 'demo', (idp) => ({ ...idp, sirets: undefined }));
    await world.broker.stores.db
      .insertInto('declared_membership')
      .values({
        idp_id: 'demo',
        subject: 'agent-etat',
        siret: elsewhere,
        level: 'declared',
        method: 'own_word',
        verified_at: new Date(),
      })
      .execute();
  });
  afterEach(async () => {
    const { db } = world.broker.stores;
    await db.deleteFrom('declared_membership').where('subject', '=', 'agent-etat').execute();
  });

  test('the level of the sign-in is not that of the link: of identity, authentication and link, the weakest decides', async () => {
    const visio = createToolClient(world, 'visio');
    const weak = await visitor.enter(visio, state, {}, elsewhere);
    expect(weak.claims['acr']).toBe('eidas0');
    expect(await visitor.ask(visio, { ...essential('eidas1'), prompt: 'none' })).toMatchObject(unmet);
    const attempt = visio.attempt(essential('eidas1'));
    const chooser = await arrive(visio, attempt, state);
    const end = await visitor.choose(chooser, elsewhere, { redirects: visio.isCallback });
    expect(visio.answer(attempt, end)).toMatchObject(unmet);
  });
});

describe('a level that the tool only wishes', () => {
  test.each([
    ['acr_values', { acr_values: 'eidas3' }],
    ['acr_values with prompt=none', { acr_values: 'eidas2 eidas1-mfa', prompt: 'none' }],
    [
      'a claim that is not essential',
      { claims: JSON.stringify({ id_token: { acr: { values: ['eidas3'] } } }) },
    ],
    ['the claim by name', { claims: JSON.stringify({ id_token: { acr: null } }) }],
  ])('stops nobody: %s', async (_what, parameters) => {
    await visitor.enter(docs, people.state);
    expect(await visitor.ask(docs, parameters)).toEqual(aCode);
  });
});

describe('a level that the policy demands: Tchap, for an approved association', () => {
  const page = async (email: Email) => {
    const attempt = tchap.attempt();
    return { attempt, shown: await arrive(tchap, attempt, email) };
  };

  beforeEach(async () => {
    await operator.approve({ id: 'amd-fictif-tchap', siren: '000000109', service_id: 'tchap' });
  });

  test('with a password alone, a page asks for a safer sign-in and names the identity provider', async () => {
    const { attempt, shown } = await page(people.approved);
    expect(shown.status).toBe(403);
    const text = visitor.browser.text(shown);
    expect(text).toContain('Tchap demande une connexion plus sûre');
    expect(text).toContain('Continuer avec Fournisseur d’identité de démonstration');
    expect(text).toContain('M-ELIG-022');
    expect(await backTo(tchap, attempt, shown)).toEqual({ ...unmet, description: 'acr_insufficient' });
  });

  test('who has no second factor is refused with unmet_authentication_requirements', async () => {
    const { attempt, shown } = await page(people.approved);
    const there = await visitor.browser.submitForm(shown);
    expect(there.url).toContain(`${world.idp}/interaction/`);
    const refused = await visitor.identify(there, people.approved, { redirects: tchap.isCallback });
    expect(refused.status).toBe(403);
    expect(await backTo(tchap, attempt, refused)).toMatchObject(unmet);
  });

  test('who has one comes in, as a member by approval', async () => {
    // Camille has a second factor; here she signs in for the association.
    await operator.declare('identity_provider', 'demo', (idp) => ({ ...idp, sirets: undefined }));
    const { db } = world.broker.stores;
    await db
      .insertInto('declared_membership')
      .values({
        idp_id: 'demo',
        subject: 'agent-etat',
        siret: '00000010900009',
        level: 'moderated',
        method: 'proof_received',
        verified_at: new Date(),
      })
      .execute();
    try {
      const { attempt, shown } = await page(people.state);
      const asked = await visitor.choose(shown, '00000010900009', { redirects: tchap.isCallback });
      expect(visitor.browser.text(asked)).toContain('Tchap demande une connexion plus sûre');
      const there = await visitor.browser.submitForm(asked);
      const end = await visitor.identify(there, people.state, { redirects: tchap.isCallback });
      const chosen =
        end.location === undefined
          ? await visitor.choose(end, '00000010900009', { redirects: tchap.isCallback })
          : end;
      const tokens = await tchap.tokens(attempt, tchap.answer(attempt, chosen));
      expect(tokens.claims['acr']).toBe('eidas1-mfa');
      expect((await tchap.userinfo(tokens.accessToken)).claims).toMatchObject({
        siret: '00000010900009',
        is_public_service: false,
        eligibility: { decision: 'allow', level: 'member', basis: 'approval' },
        entitlements: ['use'],
      });
    } finally {
      await db.deleteFrom('declared_membership').where('subject', '=', 'agent-etat').execute();
    }
  });

  test('prompt=none answers with the exact reason', async () => {
    await visitor.enter(docs, people.approved);
    expect(await visitor.ask(tchap, { prompt: 'none' })).toEqual({
      ...unmet,
      description: 'acr_insufficient',
    });
  });

  test('public service is let in with a password: the rule asks no more of it', async () => {
    const tokens = await visitor.enter(tchap, people.commune);
    expect(tokens.claims['acr']).toBe('eidas1');
  });
});
