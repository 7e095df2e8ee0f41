import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createToolClient } from '../support/tool-client.ts';
import type { Attempt, TokenAnswer, ToolClient, Tokens } from '../support/tool-client.ts';
import { describeOnEachBackend } from './each-backend.ts';
import { createOperator } from './operator.ts';
import { movableTime } from './time.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const time = movableTime();
const many = <T>(count: number, work: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, work));

const refused = { status: 400, error: 'invalid_grant' };

await describeOnEachBackend('Redeeming and refreshing', (world) => {
  let visitor: Visitor;
  let docs: ToolClient;
  let tchap: ToolClient;

  beforeEach(() => {
    visitor = createVisitor(world());
    docs = createToolClient(world(), 'docs');
    tchap = createToolClient(world(), 'tchap');
  });
  afterEach(async () => {
    await visitor.browser.close();
  });

  const alive = async (accessToken = '') => (await docs.userinfo(accessToken)).status === 200;
  const successes = (answers: readonly TokenAnswer[]) => answers.filter(({ status }) => status === 200);

  describe('a refresh token', () => {
    let tokens: Tokens;

    beforeEach(async () => {
      tokens = await visitor.enter(docs, people.state);
    });

    test('gives new tokens and another refresh token; claims and scope stay', async () => {
      const before = (await docs.userinfo(tokens.accessToken)).claims;
      const next = await docs.refresh(tokens.refreshToken);
      expect(next.status).toBe(200);
      expect(next.refresh_token).not.toBe(tokens.refreshToken);
      expect(next.access_token).not.toBe(tokens.accessToken);
      expect(next.scope).toBe(tokens.scope);
      const { claims } = await docs.userinfo(next.access_token ?? '');
      expect({ ...claims, eligibility: undefined }).toEqual({ ...before, eligibility: undefined });
      const again = await docs.refresh(next.refresh_token ?? '');
      expect(again.status).toBe(200);
    });

    test('presented twice within ten seconds by its own tool gets the same answer, and nothing is lost', async () => {
      const next = await docs.refresh(tokens.refreshToken);
      time.pass(9);
      expect(await docs.refresh(tokens.refreshToken)).toEqual(next);
      expect(await alive(next.access_token)).toBe(true);
      expect((await docs.refresh(next.refresh_token ?? '')).status).toBe(200);
    });

    test('replayed after the grace ends the whole family (RFC 9700 §4.14.2)', async () => {
      const next = await docs.refresh(tokens.refreshToken);
      time.pass(11);
      expect(await docs.refresh(tokens.refreshToken)).toMatchObject(refused);
      expect(await docs.refresh(next.refresh_token ?? '')).toMatchObject(refused);
      expect(await alive(next.access_token)).toBe(false);
      expect(await alive(tokens.accessToken)).toBe(false);
    });

    test('after which signing in again by single sign-on starts a new family', async () => {
      await docs.refresh(tokens.refreshToken);
      time.pass(11);
      await docs.refresh(tokens.refreshToken);
      const attempt = docs.attempt();
      const fresh = await docs.tokens(attempt, docs.answer(attempt, await visitor.follow(docs, attempt)));
      expect(await alive(fresh.accessToken)).toBe(true);
    });

    test('sent twenty times at once is answered once, twenty times, and leaves one family alive', async () => {
      const answers = await many(20, () => docs.refresh(tokens.refreshToken));
      const [winner] = successes(answers);
      for (const answer of answers) expect(answer).toEqual(winner);
      expect(await alive(winner?.access_token)).toBe(true);
      expect((await docs.refresh(winner?.refresh_token ?? '')).status).toBe(200);
    });

    test('narrows to the scopes asked for, and never widens', async () => {
      const narrow = await docs.refresh(tokens.refreshToken, { scope: 'openid' });
      expect(narrow).toMatchObject({ status: 200, scope: 'openid' });
      expect(Object.keys((await docs.userinfo(narrow.access_token ?? '')).claims)).toEqual(['sub', 'amr']);
      expect(await docs.refresh(narrow.refresh_token ?? '', { scope: 'openid phone' })).toMatchObject({
        status: 400,
        error: 'invalid_scope',
      });
    });

    test('is worth nothing to another tool, and ends there: it has leaked', async () => {
      expect(await tchap.refresh(tokens.refreshToken)).toMatchObject(refused);
      expect(await docs.refresh(tokens.refreshToken)).toMatchObject(refused);
      expect(await alive(tokens.accessToken)).toBe(false);
    });

    test('ends with the browser session; with offline_access it outlives it', async () => {
      const offline = await visitor.enter(docs, people.state, {
        scope: 'openid offline_access',
        prompt: 'login consent',
      });
      expect(offline.scope).toBe('openid offline_access');
      const page = await visitor.browser.get(docs.endSessionUrl({ id_token_hint: offline.idToken }));
      await visitor.browser.submitForm(page, { logout: 'yes' });
      expect(await docs.refresh(tokens.refreshToken)).toMatchObject(refused);
      const kept = await docs.refresh(offline.refreshToken);
      expect(kept.status).toBe(200);
      expect(await alive(kept.access_token)).toBe(true);
    });

    test('revoked by its tool, it takes the family with it', async () => {
      await docs.revoke(tokens.refreshToken);
      expect(await docs.refresh(tokens.refreshToken)).toMatchObject(refused);
      expect(await alive(tokens.accessToken)).toBe(false);
    });
  });

  describe('a code', () => {
    let attempt: Attempt;
    let code: string;

    async function newCode(parameters = {}): Promise<void> {
      attempt = docs.attempt(parameters);
      const options = { redirects: docs.isCallback };
      const page = await visitor.identify(await visitor.follow(docs, attempt), people.state, options);
      code = docs.answer(attempt, page).code ?? '';
    }

    beforeEach(() => newCode());

    test('redeemed fifty times at once gives tokens exactly once, and takes them back as a replay does', async () => {
      const answers = await many(50, () => docs.redeem(attempt, code));
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
      expect(successes(answers)).toHaveLength(1);
      for (const answer of answers) if (answer.status !== 200) expect(answer).toMatchObject(refused);
      expect(await alive(successes(answers)[0]?.access_token)).toBe(false);
    });

    test('redeemed again takes back the tokens that it gave (RFC 6749 §4.1.2)', async () => {
      const first = await docs.redeem(attempt, code);
      expect(await alive(first.access_token)).toBe(true);
      expect(await docs.redeem(attempt, code)).toMatchObject(refused);
      expect(await alive(first.access_token)).toBe(false);
      expect(await docs.refresh(first.refresh_token ?? '')).toMatchObject(refused);
    });

    test.each([
      ['its own redirect_uri', () => ({})],
      ['the right one', () => ({ redirect_uri: `${world().tools}/docs/callback` })],
    ])('is worth nothing to another tool with %s, and ends there: it has leaked', async (_what, changes) => {
      expect(await tchap.redeem(attempt, code, changes())).toMatchObject(refused);
      expect(await docs.redeem(attempt, code)).toMatchObject(refused);
    });

    test.each([
      ['missing', undefined, 'invalid_grant'],
      ['empty', '', 'invalid_grant'],
      ['of another request', 'x'.repeat(43), 'invalid_grant'],
      ['malformed', 'short', 'invalid_request'],
    ])('with a code_verifier that is %s is refused', async (_what, verifier, error) => {
      expect(await docs.redeem(attempt, code, { code_verifier: verifier })).toMatchObject({
        status: 400,
        error,
      });
    });

    test('with a wrong verifier is not spent: the tool that has the right one still gets its tokens', async () => {
      await docs.redeem(attempt, code, { code_verifier: 'x'.repeat(43) });
      expect((await docs.redeem(attempt, code)).status).toBe(200);
    });

    test.each([
      ['missing', undefined, 'invalid_request'],
      ['another', 'https://evil.example/callback', 'invalid_grant'],
    ])('with a redirect_uri that is %s is refused', async (_what, uri, error) => {
      expect(await docs.redeem(attempt, code, { redirect_uri: uri })).toMatchObject({ status: 400, error });
    });

    test('lives a minute', async () => {
      time.pass(75);
      expect(await docs.redeem(attempt, code)).toMatchObject(refused);
    });

    test.each(['wrong-secret-0123456789012345678901234567', ''])(
      'with the secret « %s » is refused',
      async (secret) => {
        expect(await docs.redeem(attempt, code, { client_secret: secret })).toMatchObject({
          status: 401,
          error: 'invalid_client',
        });
      },
    );
  });

  describe('PKCE', () => {
    test('a request without a challenge, or with a plain one, is refused', async () => {
      await visitor.enter(docs, people.state);
      const without = { code_challenge: undefined, code_challenge_method: undefined };
      expect(await visitor.ask(docs, without)).toMatchObject({ error: 'invalid_request' });
      const plain = { code_challenge_method: 'plain' };
      expect(await visitor.ask(docs, plain)).toMatchObject({ error: 'invalid_request' });
    });

    test('where it is optional, a verifier for a code without challenge is refused (RFC 9700 §2.1.1)', async () => {
      const operator = await createOperator(world());
      await operator.declare('client', 'docs', (client) => ({ ...client, pkce: 'optional' }));
      try {
        const attempt = docs.attempt({ code_challenge: undefined, code_challenge_method: undefined });
        const options = { redirects: docs.isCallback };
        const page = await visitor.identify(await visitor.follow(docs, attempt), people.state, options);
        const { code = '' } = docs.answer(attempt, page);
        expect(await docs.redeem(attempt, code)).toMatchObject(refused);
        expect((await docs.redeem(attempt, code, { code_verifier: undefined })).status).toBe(200);
      } finally {
        await operator.restore();
      }
    });
  });
});
