import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import Router from '@koa/router';
import Koa from 'koa';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Operator } from '../declarations/declarations.ts';
import { createHttp } from '../http/http.ts';
import { parseSiren } from '../organizations/organizations.ts';
import type { Visitor, Visitors } from '../visitor/visitor.ts';
import { createGate } from './gate.ts';
import type { SignedOperator } from './gate.ts';

const now = new Date('2026-11-22T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

const siren = parseSiren('130025265');
if (siren === undefined) throw new Error('sample');
const operator: Operator = {
  id: 'ada',
  idp: 'demo',
  subject: 'ada-1',
  given_name: 'Ada',
  usual_name: 'Martin',
  capacity: 'Cheffe de bureau',
  organization: 'Opérateur',
  organization_siren: siren,
  email: 'ada@operateur.example',
  roles: ['decider'],
  perimeter: { departments: ['56'] },
};
const ada: Visitor = {
  accountId: 'account-ada',
  sessionUid: 'session-1',
  email: 'ada@operateur.example',
  isEmailVouchedFor: true,
  isEmailVerified: true,
  givenName: 'Ada',
  usualName: 'Martin',
  memberships: [],
  signedInFor: [],
  acr: 'eidas1-mfa',
  amr: ['mfa'],
  authTime: minutesAgo(5),
  idp: 'demo',
};

let visitor: Visitor | undefined;
let declared: readonly Operator[];
let subjects: readonly string[];
const kept = new Map<string, string>();
const recordSignIn = vi.fn<(...details: readonly unknown[]) => Promise<void>>();
const acted = vi.fn<(me: SignedOperator, form: string) => void>();

const visitors: Visitors = {
  of: () => Promise.resolve(visitor),
  signInHref: (to, { mfa, maxAgeSeconds } = {}) =>
    `/entrer?${new URLSearchParams({ vers: to, renforce: String(mfa), age: String(maxAgeSeconds) }).toString()}`,
  hasMfa: ({ acr }) => acr === 'eidas1-mfa',
  isRecent: ({ authTime }, seconds) => now.getTime() - authTime.getTime() <= seconds * 1000,
  routes: () => new Router(),
};

const here = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const server = createServer();
let origin = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? (address satisfies AddressInfo | null)?.port : ''}`;
  const http = createHttp({
    issuer: new URL(origin),
    basePath: '',
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    viewsDir: here('views'),
    localesDir: here('locales'),
  });
  const gate = createGate({
    visitors,
    snapshot: () => {
      const operators = new Map(declared.map((one) => [one.id, one]));
      return {
        revision: 1,
        services: new Map(),
        clients: new Map(),
        resourceServers: new Map(),
        identityProviders: new Map(),
        policies: new Map(),
        heldDomains: new Map(),
        idpsByDomain: new Map(),
        operators,
        clientOf: () => undefined,
        serviceOf: () => undefined,
        policyFor: () => undefined,
      };
    },
    subjectsOf: () => Promise.resolve(subjects),
    recordSignIn,
    keptForms: {
      keep: (accountId, form) => {
        kept.set(accountId, form.toString());
        return Promise.resolve('n'.repeat(22));
      },
      read: (accountId) => Promise.resolve(new URLSearchParams(kept.get(accountId))),
    },
    http,
    clock: () => now,
    basePath: '',
  });
  const router = new Router();
  router.get(
    '/operateur/x',
    gate.page((ctx, me, written) => {
      ctx.body = `${me.actor.givenName} ${written?.get('text') ?? ''}`;
      return Promise.resolve();
    }),
  );
  const act = (sensitive: boolean) =>
    gate.act(
      (ctx, me, form) => {
        acted(me, form.toString());
        ctx.body = 'done';
        return Promise.resolve();
      },
      { formPage: () => '/operateur/x?onglet=decision', sensitive },
    );
  router.post('/operateur/usual', act(false));
  router.post('/operateur/sensitive', act(true));
  router.get(
    '/operateur/file',
    gate.page((ctx, me) => {
      me.assert('file.read', { department: '29' });
      ctx.body = 'a file of 29';
      return Promise.resolve();
    }),
  );
  router.get(
    '/operateur/audit',
    gate.page((ctx, me) => {
      me.assert('audit.read');
      ctx.body = 'the record';
      return Promise.resolve();
    }),
  );
  const app = new Koa();
  app.use(router.routes());
  const handle = app.callback();
  server.on('request', (incoming, answer) => void handle(incoming, answer));
});
afterAll(
  () =>
    new Promise<void>((done) => {
      server.close(() => {
        done();
      });
    }),
);
beforeEach(() => {
  visitor = ada;
  declared = [operator];
  subjects = ['ada-1'];
  kept.clear();
  acted.mockReset();
  recordSignIn.mockReset();
});

const get = async (path: string) => {
  const answer = await request(`${origin}${path}`, { headers: { accept: 'text/html' } });
  return { status: answer.statusCode, location: answer.headers['location'], body: await answer.body.text() };
};
const post = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await request(`${origin}${path}`, {
    method: 'POST',
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', origin, ...headers },
    body: 'text=mes+motifs',
  });
  return { status: answer.statusCode, body: await answer.body.text() };
};

describe('a page', () => {
  test('opens for an operator with several factors', async () => {
    expect(await get('/operateur/x')).toMatchObject({ status: 200, body: 'Ada ' });
    expect(recordSignIn).toHaveBeenCalledOnce();
  });

  test.each<readonly [string, Partial<Visitor> | undefined]>([
    ['nobody is signed in', undefined],
    ['there is one factor', { acr: 'eidas1' }],
    ['amr alone speaks of several', { acr: 'eidas1', amr: ['mfa', 'otp'] }],
    ['the person signed in yesterday', { authTime: minutesAgo(12 * 60 + 1) }],
    ['the identity provider does not say when', { authTime: new Date(0) }],
  ])('asks to sign in when %s', async (_what, change) => {
    visitor = change === undefined ? undefined : { ...ada, ...change };
    const { status, location } = await get('/operateur/x?page=2');
    expect([status, location]).toEqual([
      303,
      '/entrer?vers=%2Foperateur%2Fx%3Fpage%3D2&renforce=true&age=43200',
    ]);
    expect(recordSignIn).not.toHaveBeenCalled();
  });

  test.each<readonly [string, () => void]>([
    ['declared for another subject', () => (subjects = ['somebody-else'])],
    ['not declared', () => (declared = [])],
    ['declared at another identity provider', () => (declared = [{ ...operator, idp: 'other' }])],
  ])('is refused to who is %s, without asking for more', async (_what, change) => {
    change();
    visitor = { ...ada, acr: 'eidas1' };
    const { status, body } = await get('/operateur/x');
    expect(status).toBe(403);
    expect(body).toContain('M-FILE-035');
    expect(recordSignIn).not.toHaveBeenCalled();
  });

  test('is refused outside of the days of a delegation', async () => {
    declared = [{ ...operator, delegation: { from: '2026-01-01', to: '2026-11-21' } }];
    expect((await get('/operateur/x')).body).toContain('M-FILE-036');
  });

  test('does not open when the sign-in could not be recorded', async () => {
    recordSignIn.mockRejectedValueOnce(new Error('the record is away'));
    expect((await get('/operateur/x')).status).toBe(500);
  });

  test('of something outside of the perimeter does not exist; of something beyond the role is refused', async () => {
    const file = await get('/operateur/file');
    expect([file.status, file.body.includes('M-FILE-039')]).toEqual([404, true]);
    const audit = await get('/operateur/audit');
    expect([audit.status, audit.body.includes('M-FILE-006')]).toEqual([403, true]);
  });
});

describe('an act', () => {
  test('is done', async () => {
    expect(await post('/operateur/sensitive')).toEqual({ status: 200, body: 'done' });
    expect(acted).toHaveBeenCalledWith(expect.objectContaining({ operator }), 'text=mes+motifs');
  });

  test('from another site is not done', async () => {
    expect((await post('/operateur/usual', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post('/operateur/usual', { origin: 'https://elsewhere.example' })).status).toBe(403);
    expect(acted).not.toHaveBeenCalled();
  });

  test.each([
    ['/operateur/sensitive', 15, true],
    ['/operateur/sensitive', 16, false],
    ['/operateur/usual', 16, true],
    ['/operateur/usual', 12 * 60 + 1, false],
  ])('%s, signed in %i minutes ago: done? %s', async (path, minutes, done) => {
    visitor = { ...ada, authTime: minutesAgo(minutes) };
    expect((await post(path)).status).toBe(done ? 200 : 403);
    expect(acted).toHaveBeenCalledTimes(done ? 1 : 0);
  });

  test('too late says why, and gives back what was written once signed in again', async () => {
    visitor = { ...ada, authTime: minutesAgo(20) };
    const { status, body } = await post('/operateur/sensitive');
    expect(status).toBe(403);
    expect(body).toContain('M-FILE-037');
    const href = /href="(\/entrer\?[^"]*)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const wish = new URL(href, origin).searchParams;
    expect(wish.get('age')).toBe('900');
    expect(wish.get('vers')).toBe(`/operateur/x?onglet=decision&reprise=${'n'.repeat(22)}`);
    visitor = ada;
    expect((await get(wish.get('vers') ?? '')).body).toBe('Ada mes motifs');
  });

  test('of nobody leaves nothing behind', async () => {
    visitor = undefined;
    const { status, body } = await post('/operateur/usual');
    expect([status, body.includes('M-FILE-038')]).toEqual([403, true]);
    expect(kept.size).toBe(0);
    expect(acted).not.toHaveBeenCalled();
  });
});
