/** Our own pages sign people in through Maillon itself: who comes back, as whom, and who may enter the console. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { request } from 'undici';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { createVisitor, people } from './visitor.ts';
import type { Email, Visitor } from './visitor.ts';

let world: World;
let operator: Operator;
let here: Visitor;
let shiftMs = 0;

beforeAll(async () => {
  world = await startWorld({ clock: () => new Date(Date.now() + shiftMs) });
  operator = await createOperator(world);
}, startTimeout);
afterAll(() => world.close());

beforeEach(() => {
  here = createVisitor(world);
});
afterEach(async () => {
  shiftMs = 0;
  await operator.restore();
  await world.broker.stores.db.updateTable('account').set({ blocked_at: null }).execute();
  await here.browser.close();
});

const at = (path: string) => `${world.issuer}${path}`;
const enter = (query: string) => here.browser.get(at(`/entrer?${query}`));
const text = (page: Page) => here.browser.text(page);
const signIn = async (path: string, email: Email, who = here) =>
  who.identify(await who.browser.get(at(path)), email);

describe('an applicant', () => {
  test('signs in and comes back to the page, without a page of consent or refusal', async () => {
    const email = await enter('vers=/compte?fin=one');
    expect(text(email)).toContain('Se connecter à Maillon');
    const page = await here.identify(email, people.association);
    expect(page.url).toBe(at('/compte?fin=one'));
    expect(page.status).toBe(200);
    expect(text(page)).toContain('membre@asso.example');
    // Ours is no tool: it is not listed as one that is open.
    expect(text(page)).toMatch(/Services ouverts\s+Aucun/);
    const catalogue = await here.browser.get(at('/'));
    expect(catalogue.body).toContain('Docs</h3>');
    expect(catalogue.body).not.toContain('Maillon</h3>');
  });

  test('who is signed in already comes back without a question', async () => {
    await here.enter(createToolClient(world, 'visio'), people.association);
    const before = here.browser.history.length;
    const page = await enter('vers=/compte');
    expect(page.url).toBe(at('/compte'));
    expect(here.browser.history.slice(before).every((url) => url.startsWith(world.issuer))).toBe(true);
  });

  test.each<readonly [string, () => Promise<void>]>([
    ['has ceased', () => operator.organization('000000406', { unit_state: 'C' })],
    ['is suspended everywhere', () => operator.organization('000000406', { suspended_at: new Date() })],
    ['has a closed establishment', () => operator.establishment('00000040600009', { state: 'F' })],
    ['is unknown to the register', () => operator.forget('00000040600009')],
  ])('whose organization %s comes in all the same', async (_what, change) => {
    await change();
    const page = await here.identify(await enter('vers=/compte'), people.association);
    expect(page.url).toBe(at('/compte'));
    expect(text(page)).toContain('membre@asso.example');
  });

  test('of two organizations is not asked as whom', async () => {
    const page = await here.identify(await enter('vers=/compte'), people.elected);
    expect(page.url).toBe(at('/compte'));
  });

  test('who turns back sees a page of ours, and may begin again', async () => {
    const email = await enter('vers=/compte');
    const page = await here.browser.click(email, 'Revenir à Maillon');
    expect(page.status).toBe(403);
    expect(text(page)).toContain('M-FILE-032');
    const again = await here.identify(
      await here.browser.click(page, 'Se connecter à nouveau'),
      people.association,
    );
    expect(again.url).toBe(at('/compte'));
  });

  test('comes back under an issuer with a path', { timeout: startTimeout }, async () => {
    const other = await startWorld({ issuerPath: '/api/v2' });
    const visitor = createVisitor(other);
    try {
      const email = await visitor.browser.get(`${other.issuer}/entrer?vers=/api/v2/compte`);
      const page = await visitor.identify(email, people.association);
      expect(page.url).toBe(`${other.issuer}/compte`);
      expect((await visitor.browser.get(`${other.issuer}/entrer?vers=/compte`)).status).toBe(400);
      const console = await visitor.browser.get(`${other.issuer}/operateur/moi`, { redirects: 'manual' });
      expect(console.status).toBe(403);
    } finally {
      await visitor.browser.close();
      await other.close();
    }
  });
});

describe('what others write', () => {
  test.each([
    'https://elsewhere.example/',
    '//elsewhere.example/',
    '/%5Celsewhere.example',
    '%2F%2Felsewhere.example',
    '/a/%252e%252e//elsewhere.example/..//x',
    'javascript:alert(1)',
    '/compte%0d%0aSet-Cookie:%20a=b',
    '/entrer',
    '/entrer/retour',
    '',
  ])('vers=%s leads nowhere', async (vers) => {
    const page = await here.browser.get(at(`/entrer?vers=${vers}`), { redirects: 'manual' });
    // Twice escaped, it is a path of ours that does not exist; it still never leads away.
    if (page.status === 303) expect(page.location).toMatch(new RegExp(`^${world.issuer}/authorize`));
    else {
      expect(page.status).toBe(400);
      expect(page.location).toBeUndefined();
      expect(text(page)).toContain('M-FILE-030');
    }
  });

  test.each(['age=0', 'age=59', 'age=86401', 'age=-900', 'age=1e3', 'age=x', 'age='])(
    '%s is refused',
    async (wish) => {
      expect((await enter(`vers=/compte&${wish}`)).status).toBe(400);
    },
  );

  test.each(['', '?state=', '?state=x', '?state=a.b&code=c', '?error=access_denied'])(
    'a return that nobody began: %s',
    async (query) => {
      const page = await here.browser.get(at(`/entrer/retour${query}`), { redirects: 'manual' });
      expect(page.status).toBe(400);
      expect(text(page)).toContain('M-FILE-031');
    },
  );

  test('the code at the end of the way is of no use to anybody', async () => {
    const stop = { redirects: (url: URL) => url.pathname === '/entrer/retour' };
    const email = await here.browser.get(at('/entrer?vers=/compte'), stop);
    const end = await here.identify(email, people.association, stop);
    const code = new URL(end.location ?? '').searchParams.get('code') ?? '';
    expect(code).not.toBe('');
    const answer = await request(at('/token'), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'maillon',
        code,
        redirect_uri: at('/entrer/retour'),
        code_verifier: 'v'.repeat(43),
      }).toString(),
    });
    expect(answer.statusCode).toBe(400);
    expect(await answer.body.json()).toMatchObject({ error: 'invalid_grant' });
  });

  test('a request in our name that goes elsewhere is refused', async () => {
    const url = new URL(at('/authorize'));
    url.search = new URLSearchParams({
      client_id: 'maillon',
      response_type: 'code',
      redirect_uri: 'https://elsewhere.example/',
      scope: 'openid',
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
    }).toString();
    const page = await here.browser.get(url.href, { redirects: 'manual' });
    expect(page.status).toBe(400);
    expect(page.location).toBeUndefined();
  });
});

describe('the console', () => {
  const console = '/operateur/moi';
  const open = (who = here) => who.browser.get(at(console));
  /** Where the console sends somebody who has to sign in first. */
  const asksToSignIn = async (who = here) => {
    const page = await who.browser.get(at(console), { redirects: 'manual' });
    expect(page.status).toBe(303);
    expect(page.location).toContain(`${world.issuer}/entrer?vers=%2Foperateur%2Fmoi&renforce=1&age=43200`);
  };
  const signIns = async (id: string) =>
    (
      await world.broker.stores.db
        .selectFrom('audit_entry')
        .select('subject')
        .where('act', '=', 'operator.sign_in')
        .where('subject', '=', `operator:${id}`)
        .execute()
    ).length;

  test('asks an operator for several factors, says who they are, and records the sign-in once', async () => {
    await asksToSignIn();
    const before = await signIns('helene-marchand');
    const page = await signIn(console, people.operator);
    expect(page.url).toBe(at(console));
    expect(page.status).toBe(200);
    const said = text(page);
    for (const words of ['Hélène Marchand', 'Cheffe du bureau des partenariats', 'Décider', 'Administrer'])
      expect(said).toContain(words);
    expect(said).toContain('Sur tous les dossiers.');
    expect(said).toContain('31 décembre 2030');
    expect(page.body).toContain('aria-current="page"');
    expect(page.headers['cache-control']).toBe('no-store');
    await open();
    expect((await here.browser.get(at('/operateur'))).status).toBe(200);
    expect(await signIns('helene-marchand')).toBe(before + 1);
  });

  test('steps up who is signed in with a password only, without asking the address again', async () => {
    await here.enter(createToolClient(world, 'docs'), people.operator);
    await asksToSignIn();
    const there = await open();
    expect(there.url).toContain(`${world.idp}/interaction/`);
    const page = await here.identify(there, people.operator);
    expect(page.url).toBe(at(console));
    expect(page.status).toBe(200);
  });

  test('who cannot reach several factors is told so, and nobody goes in circles', async () => {
    const refused = await signIn(console, people.association);
    expect(refused.status).toBe(403);
    const page = await here.browser.click(refused, 'Revenir à Maillon');
    expect(page.status).toBe(403);
    expect(text(page)).toContain('M-FILE-033');
    expect(here.browser.history.filter((url) => url.startsWith(`${world.idp}/authorize?`))).toHaveLength(1);
  });

  test('is for declared operators only', async () => {
    const page = await signIn(console, people.state);
    expect(page.status).toBe(403);
    expect(text(page)).toContain('Cette page est réservée aux opérateurs');
    expect(text(page)).toContain('M-FILE-035');
    // A weak session of somebody else is not asked for more.
    const there = createVisitor(world);
    await there.enter(createToolClient(world, 'docs'), people.commune);
    expect((await open(there)).status).toBe(403);
    await there.browser.close();
  });

  test('closes when the operator is no longer declared, or the delegation has ended', async () => {
    await signIn(console, people.operator);
    await operator.declare('operator', 'helene-marchand', (document) => ({
      ...document,
      delegation: { from: '2020-01-01', to: '2020-12-31' },
    }));
    const ended = await open();
    expect(ended.status).toBe(403);
    expect(text(ended)).toContain('M-FILE-036');
    await operator.declare('operator', 'helene-marchand', () => undefined);
    expect(text(await open())).toContain('M-FILE-035');
  });

  test('an operator whose limits this version cannot read is no operator', async () => {
    await signIn(console, people.operator);
    await operator.declare('operator', 'helene-marchand', (document) => ({
      ...document,
      perimeter: { regions: ['53'] },
    }));
    expect((await open()).status).toBe(403);
  });

  test('asks again once the session was ended at /compte, from another browser too', async () => {
    await signIn(console, people.operator);
    const there = createVisitor(world);
    await signIn(console, people.operator, there);
    await there.browser.post(at('/compte/deconnexion'), { session: 'all' });
    await asksToSignIn();
    await asksToSignIn(there);
    await there.browser.close();
  });

  test('asks again once the identity provider is disabled', async () => {
    await signIn(console, people.operator);
    await operator.declare('identity_provider', 'demo', (idp) => ({ ...idp, enabled: false }));
    await asksToSignIn();
  });

  test('a blocked account is nobody, and stays out without going in circles', async () => {
    await signIn(console, people.operator);
    await world.broker.stores.db.updateTable('account').set({ blocked_at: new Date() }).execute();
    await asksToSignIn();
    const page = await open();
    expect(page.status).toBe(403);
    expect(text(page)).toContain('M-FILE-032');
  });

  test('a sign-in that comes back older than what was asked ends on a page', async () => {
    await signIn(console, people.operator);
    // Our clock runs ahead of that of the identity provider: it believes that the sign-in is fresh.
    shiftMs = 20 * 60_000;
    const page = await enter(`vers=${console}&age=900`);
    expect(page.status).toBe(403);
    expect(text(page)).toContain('M-FILE-034');
  });

  test('shows in words how far a perimeter goes', async () => {
    await operator.declare('operator', 'nadia-lefort', (document) => ({
      ...document,
      subject: 'agent-etat',
      perimeter: { departments: ['56'], federations: ['000000109'], services: ['docs'] },
    }));
    const page = await signIn(console, people.state);
    const said = text(page);
    for (const words of ['Morbihan (56)', 'AMD-FICTIF', 'Docs', 'Examiner']) expect(said).toContain(words);
  });
});

describe('what is kept of a person', () => {
  const mine = '/compte/mes-donnees';
  const acts = async () =>
    (await world.broker.stores.db.selectFrom('audit_entry').select('act').orderBy('seq').execute()).map(
      ({ act }) => act,
    );

  test('is read, taken away and erased by them, who come back as somebody else', async () => {
    const docs = createToolClient(world, 'docs');
    const before = await here.enter(docs, people.commune);
    const { sub } = (await docs.userinfo(before.accessToken)).claims;
    const page = await here.browser.get(at(mine));
    for (const words of ['agent@commune.example', 'Les services ouverts', 'Docs', 'RGPD, art. 6(1)(e)'])
      expect(text(page)).toContain(words);

    const copy = await here.browser.post(at(`${mine}/copie`), {});
    expect(copy.headers['content-disposition']).toBe('attachment; filename="mes-donnees.json"');
    expect(copy.headers['cache-control']).toBe('no-store');
    expect(JSON.parse(copy.body)).toMatchObject({ format: 'maillon-personal-data/1' });
    expect(copy.body).toContain('agent@commune.example');
    expect((await acts()).at(-1)).toBe('person.export');

    // A while later the page is there, what takes something away asks to sign in again.
    shiftMs = 20 * 60_000;
    const late = await here.browser.get(at(mine));
    expect(text(late)).toContain('connectez-vous à nouveau');
    expect(late.body).not.toContain(`${mine}/copie`);
    for (const path of [`${mine}/copie`, `${mine}/effacement`]) {
      const answer = await here.browser.post(at(path), { compris: 'oui' }, { redirects: 'manual' });
      expect([path, new URL(answer.location ?? '').pathname]).toEqual([path, '/entrer']);
    }
    shiftMs = 0;

    const plan = await here.browser.get(at(`${mine}/effacement`));
    expect(text(plan)).toContain('Les services sont prévenus');
    const unread = await here.browser.submitForm(plan, {});
    expect(unread.status).toBe(422);
    const foreign = await here.browser.post(
      at(`${mine}/effacement`),
      { compris: 'oui' },
      { initiator: world.tools },
    );
    expect(foreign.status).toBe(403);
    const stale = await here.browser.post(at(`${mine}/effacement`), { compris: 'oui', vu: 'another' });
    expect(stale.status).toBe(409);
    const done = await here.browser.submitForm(stale, { compris: 'oui' });
    expect(done.status).toBe(200);
    expect(text(done)).toContain('Vos données sont effacées');
    expect(text(done)).toContain('Les lignes du journal');
    expect(await acts()).toEqual(expect.arrayContaining(['person.erase', 'audit.erase']));

    expect((await docs.userinfo(before.accessToken)).status).toBe(401);
    expect((await docs.refresh(before.refreshToken)).status).toBe(400);
    expect(text(await here.browser.get(at('/compte')))).toContain('Vous n’êtes pas connecté');
    const after = await here.enter(docs, people.commune);
    expect((await docs.userinfo(after.accessToken)).claims['sub']).not.toBe(sub);
    expect(sub).toBeDefined();
  });

  test('whoever is in charge keeps their account until the charge ends', async () => {
    const page = await signIn(`${mine}/effacement`, people.operator);
    expect(text(page)).toContain('qu’après la fin de cette charge');
    expect(page.body).not.toContain('name="compris"');
  });

  test('is found and erased by two administrators when the request came in writing', async () => {
    const there = createVisitor(world);
    const person = createVisitor(world);
    await operator.declare('operator', 'nadia-lefort', (document) => ({
      ...document,
      subject: 'agent-etat',
      roles: ['administrator'],
    }));
    const docs = createToolClient(world, 'docs');
    const { accessToken } = await person.enter(docs, people.commune);
    const persons = '/operateur/personnes';
    const search = await signIn(persons, people.operator);
    expect((await here.browser.submitForm(search, { qui: 'agent', motif: '' })).status).toBe(422);
    const reason = 'Lettre du 3 mars, identité vérifiée.';
    const none = await here.browser.submitForm(search, { qui: 'nobody@commune.example', motif: reason });
    expect(text(none)).toContain('Personne n’est connu');
    const found = await here.browser.submitForm(search, { qui: people.commune, motif: reason });
    expect(text(found)).toContain('Docs');
    expect((await acts()).slice(-2)).toEqual(['person.search', 'person.read']);
    const csv = await here.browser.submitForm(found, { format: 'csv' });
    expect(csv.body).toMatch(/^part,number,name,value\n/u);

    // Somebody who has said the same address, without a proof, is read without what is kept under it.
    const mallory = {
      account_id: randomUUID(),
      email: people.commune,
      siren: '000000109',
      siret: '00000010900009',
    };
    const { db } = world.broker.stores;
    const then = new Date();
    await db.insertInto('account').values({ id: mallory.account_id, created_at: then }).execute();
    const seen = { first_seen_at: then, last_seen_at: then, idp_id: 'etat', origin: 'idp' } as const;
    await db
      .insertInto('membership')
      .values({ ...mallory, ...seen, level: 'declared', method: 'x' })
      .execute();
    const two = await here.browser.submitForm(search, { qui: people.commune, motif: reason });
    expect(text(two)).toContain('aucune page de connexion ne garantit');
    expect(two.body.split(`name="adresse" value="${people.commune}"`)).toHaveLength(2);
    await db.deleteFrom('account').where('id', '=', mallory.account_id).execute();

    const asked = await here.browser.submitForm(found, { raison: reason });
    expect(text(asked)).toContain('Un autre administrateur doit le confirmer');
    const own = await here.browser.submitForm(asked, {}, { form: 1 });
    expect(text(own)).toContain('Vous l’avez préparé');
    expect(own.body).not.toContain('effacer/confirmer');

    const list = await signIn(persons, people.state, there);
    expect(await acts()).toContain('person.list_erasures');
    const read = await there.browser.submitForm(list, {}, { form: 1 });
    expect(text(read)).toContain(people.commune);
    const done = await there.browser.submitForm(read, {}, { form: '/confirmer' });
    expect(text(done)).toContain('Les données sont effacées');
    expect((await docs.userinfo(accessToken)).status).toBe(401);
    expect(await world.broker.stores.db.selectFrom('erasure_request').selectAll().execute()).toEqual([]);
    await Promise.all([there.browser.close(), person.browser.close()]);
  });
});
