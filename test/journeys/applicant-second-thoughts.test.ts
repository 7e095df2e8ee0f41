/** What an applicant does twice, in two tabs, or thinks better of; and what nobody did. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pdf } from '../../src/registrations/evidence/testing/sample-files.ts';
import type { Page } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { applying, numberIn } from './applying.ts';
import { startTimeout } from './each-backend.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';
import { parisDay } from '../support/days.ts';

let world: World;
let visitor: Visitor;
beforeAll(async () => {
  world = await startWorld({ issuerPath: '/api/v2' });
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  visitor = createVisitor(world);
});
afterEach(async () => {
  const { db } = world.broker.stores;
  await db.deleteFrom('approval').where('origin', '=', 'registration').execute();
  await db.deleteFrom('registration').execute();
  await visitor.browser.close();
});

const { at, upload, fillIn, sendIn, operate } = applying(() => world);
const text = (page: Page) => visitor.browser.text(page);
const opened = async (id: string) => {
  const found = await world.broker.registrations.forOperator(id);
  if (found === undefined) throw new Error(`no file ${id}`);
  return found;
};

/** A file about which the operator asks something. */
async function asked(): Promise<string> {
  const id = await sendIn(visitor);
  await operate(id, { act: 'take' });
  await operate(id, {
    act: 'ask_pieces',
    pieces: ['member_list'],
    text: 'La liste de vos membres, s’il vous plaît.',
    days: 15,
    blocking: true,
  });
  return id;
}

describe('a letter', () => {
  test('is opened by whoever reads it: not by a program that only asks whether it is there, or fetches ahead', async () => {
    const id = await asked();
    const letter = (await opened(id)).letters.at(-1)?.id ?? '';
    const cookie = (await visitor.browser.cookies(at())).join('; ');
    const readAt = async () => (await opened(id)).letters.at(-1)?.readAt;
    for (const path of [`/${id}/courriers/${letter}`, `/${id}/courriers/${letter}/pdf`]) {
      expect((await fetch(at(path), { method: 'HEAD', headers: { cookie } })).status).toBe(200);
      for (const ahead of [
        { 'sec-purpose': 'prefetch;prerender' },
        { purpose: 'prefetch' },
        { 'x-moz': 'prefetch' },
      ]) {
        const answer = await fetch(at(path), { headers: { cookie, ...ahead } });
        expect([answer.status, await answer.text()]).toEqual([503, '']);
      }
      expect(await readAt()).toBeUndefined();
    }
    expect((await fetch(at(`/${id}/courriers/${letter}`), { headers: { cookie } })).status).toBe(200);
    expect(await readAt()).toBeInstanceOf(Date);
  });
});

describe('an answer', () => {
  test('takes a list of members as the request does: read, and what it shows is what the console shows', async () => {
    const id = await asked();
    const reply = await visitor.browser.get(at(`/${id}/repondre`));
    expect(reply.body).not.toContain('<option value="member_list"');
    expect(text(reply)).toContain('Télécharger un modèle');
    const missing = await upload(visitor, at(`/${id}/repondre/membres`), {}, []);
    expect(missing.status).toBe(422);
    expect(missing.body).toContain('id="membres-error"');
    const list = Buffer.from('Nom;SIREN;Code\r\nVannes;;56260\r\nAmicale;;\r\n');
    const files = [{ field: 'membres', name: 'membres.csv', bytes: list }];
    const send = () => upload(visitor, at(`/${id}/repondre/membres`), {}, files);
    expect([(await send()).status, (await send()).status]).toEqual([303, 303]);
    expect(text(await visitor.browser.get(at(`/${id}/repondre`)))).toContain('Ligne 3, « Amicale');
    const { content, evidence } = await opened(id);
    expect(content.members).toMatchObject({ listed: 2 });
    expect(content.declaredAt).toBeDefined();
    expect(evidence.map(({ kind, mediaType }) => [kind, mediaType])).toEqual([['member_list', 'text/csv']]);

    // Thought better of: what it showed goes with it.
    const page = await visitor.browser.get(at(`/${id}/repondre`));
    await visitor.browser.submitForm(page, {}, { form: '/retirer' });
    const after = await opened(id);
    expect([after.evidence, after.content.members]).toEqual([[], undefined]);
  });

  test('lets go of a document until it is sent, and not afterwards', async () => {
    const id = await asked();
    const send = () =>
      upload(visitor, at(`/${id}/repondre/pieces`), { kind: 'directors' }, [
        { field: 'piece', name: 'dirigeants.pdf', bytes: pdf() },
      ]);
    await send();
    const page = await visitor.browser.get(at(`/${id}/repondre`));
    const without = await visitor.browser.submitForm(page, {}, { form: '/retirer' });
    expect(without.url).toBe(at(`/${id}/repondre`));
    expect(text(without)).not.toContain('dirigeants.pdf');
    await send();
    const piece = (await opened(id)).evidence[0]?.id ?? '';
    const seen = String((await opened(id)).file.version);
    await visitor.browser.post(at(`/${id}/repondre`), { seen, text: 'Voici.' });
    const late = await visitor.browser.post(at(`/${id}/repondre/pieces/${piece}/retirer`), {});
    expect(late.status).toBe(409);
    expect((await opened(id)).evidence).toHaveLength(1);
  });

  test('with U+0000 changes nothing', async () => {
    const id = await asked();
    const { version } = (await opened(id)).file;
    const answer = await visitor.browser.post(at(`/${id}/repondre`), {
      seen: String(version),
      text: 'Voici\u0000 la liste.',
    });
    expect(answer.status).toBe(422);
    expect((await opened(id)).file.version).toBe(version);
  });
});

describe('a draft in two tabs', () => {
  test('says that the step changed, keeps what is kept, shows what was typed, and takes it when sent again', async () => {
    const { browser } = visitor;
    const id = numberIn(await fillIn(visitor));
    const [one, other] = [await browser.get(at(`/${id}/vous`)), await browser.get(at(`/${id}/vous`))];
    await browser.submitForm(one, { 'acting-capacity': 'présidente' });
    const stale = await browser.submitForm(other, { 'acting-capacity': 'directrice' });
    expect(stale.status).toBe(409);
    expect(text(stale)).toContain('dans un autre onglet');
    expect(stale.body).toContain('value="directrice"');
    expect((await browser.get(at(`/${id}/vous`))).body).toContain('value="présidente"');
    await browser.submitForm(stale);
    expect((await browser.get(at(`/${id}/vous`))).body).toContain('value="directrice"');
  });

  test('keeps both when they are at two steps, even at the same instant', async () => {
    const { browser } = visitor;
    const id = numberIn(await fillIn(visitor));
    const pages = await Promise.all(['vous', 'motif'].map((step) => browser.get(at(`/${id}/${step}`))));
    const typed: readonly Record<string, string>[] = [
      { 'acting-capacity': 'présidente' },
      { purpose: 'Le sport pour toutes.' },
    ];
    await Promise.all(pages.map((page, index) => browser.submitForm(page, typed[index] ?? {})));
    const review = await browser.get(at(`/${id}/relire`));
    expect(text(review)).toContain('présidente');
    expect(text(review)).toContain('Le sport pour toutes.');
  });
});

test('whoever was signed out while they wrote is told, once signed in again, that it was not kept', async () => {
  const id = numberIn(await fillIn(visitor));
  const signedOut = createVisitor(world);
  const away = await signedOut.browser.post(at(`/${id}/vous`), { 'acting-capacity': 'présidente' });
  const back = await signedOut.identify(away, people.association);
  await signedOut.browser.close();
  expect(back.url).toBe(at(`/${id}/vous?saisie=perdue`));
  expect(text(back)).toContain('votre dernier envoi n’a pas été enregistré');
  expect(back.body).toContain('value="trésorier"');
});

test('a renewal is asked for from when the page offers it, and not before', async () => {
  const id = await sendIn(visitor);
  await operate(id, { act: 'take' });
  await operate(id, {
    act: 'approve',
    service: 'docs',
    terms: {
      level: 'member',
      ground: 'public_service_mission',
      conditions: [],
      startsOn: parisDay(0),
      endsOn: parisDay(360),
    },
    text: 'Bienvenue.',
  });
  expect(text(await visitor.browser.get(at(`/${id}`)))).not.toContain('Demander le renouvellement');
  expect((await visitor.browser.get(at(`/${id}/renouveler`))).status).toBe(409);
  expect((await visitor.browser.post(at(`/${id}/renouveler`), {})).status).toBe(409);
});
