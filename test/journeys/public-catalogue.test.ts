import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'csv-parse/sync';
import { parseRna } from '../../src/organizations/organizations.ts';
import { applyOrganizations } from '../../src/register/register.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld({ issuerPath: '/api/v2' });
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const home = () => browser.get(`${world.issuer}/`);
const search = async (text: string) => browser.submitForm(await home(), { q: text });

describe('before anybody signs in, the catalogue', () => {
  test('finds an organization by its name, and says who may use what, and why', async () => {
    const list = await search('maires departement fictif');
    expect(list.status).toBe(200);
    const page = await browser.click(list, 'AMD-FICTIF');
    const text = browser.text(page);
    expect(page.status).toBe(200);
    expect(text).toMatch(/association déclarée/i);
    expect(text).toMatch(/Docs\s+oui/i);
    expect(text).toMatch(/Tchap\s+non/i);
  });

  test.each(['130 025 265', '13002526500013', 'FR07130025265'])(
    'finds it by its number: %s',
    async (number) => {
      expect(browser.text(await search(number))).toContain('Direction interministérielle du numérique');
    },
  );

  test('says what it knows of an association without SIRET, and how to get one', async () => {
    const rna = parseRna('W561009999');
    if (rna === undefined) throw new Error('not an RNA number');
    const facts = { name: 'Les amis du phare inventé', unitState: 'A' } as const;
    await applyOrganizations(world.broker.stores.db, [{ rna, facts }], {
      source: 'rna',
      asOf: '2026-11-01',
      now: new Date(),
    });
    const page = await browser.click(await search('amis phare inventé'), 'Les amis du phare inventé');
    expect(page.status).toBe(200);
    expect(browser.text(page)).toContain('sans numéro SIRET');
  });

  test('answers what cannot be found with what to try, and what is no search with a clear error', async () => {
    const nothing = await search('xyzzy introuvable');
    expect(nothing.status).toBe(200);
    for (const text of [' ', '13002526500014']) {
      const refused = await search(text);
      expect(refused.status).toBe(422);
      expect(refused.body).toContain('aria-invalid="true"');
    }
  });
});

describe('the approved organizations', () => {
  test('are downloaded from the catalogue, for a spreadsheet and for a program, from any site', async () => {
    const csv = await browser.click(await home(), 'Télécharger la liste pour un tableur');
    const json = await browser.click(await home(), 'Télécharger la liste pour un logiciel');
    for (const [page, type, ending] of [
      [csv, 'text/csv; charset=utf-8', 'csv'],
      [json, 'application/json; charset=utf-8', 'json'],
    ] as const) {
      expect(page.status).toBe(200);
      expect(page.headers).toMatchObject({
        'content-type': type,
        'access-control-allow-origin': '*',
        'cache-control': 'public, max-age=60',
      });
      expect(page.headers['link']).toContain('rel="license"');
      expect(page.headers['content-disposition']).toMatch(
        new RegExp(`organisations-autorisees-\\d{4}-\\d{2}-\\d{2}\\.${ending}`),
      );
    }
    const rows: unknown = parse(csv.body, { columns: true });
    const published: unknown = JSON.parse(json.body);
    const found = { siren: '000000109', service: 'docs', fin: '2028-12-31' };
    const licence = 'Licence Ouverte 2.0 (https://www.etalab.gouv.fr/licence-ouverte-open-licence/)';
    expect(rows).toMatchObject([{ ...found, licence }]);
    expect(published).toMatchObject({ producteur: world.issuer, organisations: [found] });
  });
});
