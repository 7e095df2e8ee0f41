/** A hundred departmental associations, one legal basis: prepared by one person, confirmed by another, and taken back. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { csvOf, inventAssociations } from '../../src/batches/testing/associations.ts';
import type { Association } from '../../src/batches/testing/associations.ts';
import { openGrant } from '../../src/storage/testing/open-grant.ts';
import { isSiret } from '../../src/organizations/organizations.ts';
import { applying } from './applying.ts';
import { version } from './console-world.ts';
import type { Console, Staff } from './console-world.ts';
import type { Page } from '../support/browser-session.ts';
import { parisDay } from '../support/days.ts';

const lots = '/operateur/lots';
/** An invented association that no register holds. */
const newcomer = '00000705400018';
const decision = {
  services: 'docs',
  niveau: 'member',
  fondement: 'members_all_public_law',
  conditions: 'Rester une association départementale de maires.',
  au: `${new Date().getFullYear() + 2}-12-31`,
  texte: 'Tous les membres de ces associations sont des communes.',
  regle: 'Convention du 3 mars 2026, article 2',
} as const;
const digestOf = (page: Page): string =>
  /name="empreinte" value="([0-9a-f]{64})"/u.exec(page.body)?.[1] ?? '';

export function lotsOfMany({ as, at, get, post, said, moveClock, operator, world }: Console): void {
  const { upload } = applying(world);
  let associations: readonly Association[] = [];
  let id: string;

  beforeAll(async () => {
    associations = await inventAssociations(world().broker.stores.db, 100);
  });
  afterAll(() => operator().restore());

  const today = parisDay();
  const here = () => `${lots}/${id}`;
  const send = async (who: Staff, bytes: Buffer) =>
    upload(await as(who), at(`${here()}/liste`), { vu: version(await get(who, here())) }, [
      { field: 'liste', name: 'associations.csv', bytes },
    ]);
  /** A hundred transactions, on a machine that does other things. */
  const long = 120_000;
  const until = (state: string) =>
    vi.waitFor(
      async () => {
        const row = await world()
          .broker.stores.db.selectFrom('batch')
          .select('state')
          .where('id', '=', id)
          .executeTakeFirst();
        expect(row?.state).toBe(state);
      },
      { timeout: long, interval: 200 },
    );
  const submit = async (who: Staff, page: Page, act: string, fields: Readonly<Record<string, string>> = {}) =>
    (await as(who)).browser.submitForm(page, fields, { form: `/${act}` });

  test('the decision is written once, and comes back with its faults', async () => {
    const wrong = await post('reviewer', lots, {
      ...decision,
      services: '',
      regle: '',
      du: today,
      au: today.replace('20', '19'),
    });
    expect(wrong.status).toBe(422);
    for (const part of ['Cochez au moins un service.', 'Texte à citer', 'à remplir'])
      expect(said(wrong)).toContain(part);
    expect(wrong.body).toContain(decision.texte);
    const page = await post('reviewer', lots, { ...decision, du: today });
    id = /L-\d{2}-[0-9A-Z]{8}/u.exec(page.url)?.[0] ?? '';
    expect([page.status, id]).toEqual([200, expect.stringMatching(/^L-/u)]);
    expect(said(page)).toContain('La liste n’est pas encore envoyée');
    // A draft is nobody else's in the list, and a hurried sign-in is asked for again.
    expect(said(await get('second', lots))).not.toContain(id);
    moveClock(20 * 60_000);
    const late = await post('reviewer', `${here()}/proposer`, { vu: '1' });
    const alsoLate = await send('reviewer', csvOf(associations));
    moveClock(0);
    expect([late.status, late.body.includes('M-FILE-037')]).toEqual([403, true]);
    expect([alsoLate.status, alsoLate.body.includes('M-FILE-037')]).toEqual([403, true]);
    expect(said(await get('reviewer', here()))).toContain('La liste n’est pas encore envoyée');
  });

  test('three gigabytes are not listened to, and what is no list is told beside the field', async () => {
    const cookie = (await (await as('reviewer')).browser.cookies(at(here()))).join('; ');
    const status = await new Promise<number>((resolve, reject) => {
      const sending = httpRequest(at(`${here()}/liste`), {
        method: 'POST',
        headers: {
          cookie,
          'sec-fetch-site': 'same-origin',
          'content-type': 'multipart/form-data; boundary=x',
          'content-length': String(3 * 1024 ** 3),
        },
      });
      sending.on('response', (answer) => resolve(answer.statusCode ?? 0));
      sending.on('error', reject);
      sending.write('--x\r\n');
    });
    expect(status).toBe(413);
    const zip = await send('reviewer', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]));
    expect([zip.status, zip.body]).toEqual([422, expect.stringContaining('id="liste-erreur"')]);
    const large = await send('reviewer', Buffer.alloc(2_000_001, 'a'));
    expect([large.status, large.body]).toEqual([422, expect.stringContaining('2 Mo')]);
  });

  test('the dry run says line by line what it would do, and why not', async () => {
    const [first] = associations;
    const described = 'siret;legal_category;head_office;establishment_state;commune';
    const list = Buffer.concat([
      Buffer.from(csvOf(associations).toString().replace('Date de fin', `Date de fin;${described}`)),
      Buffer.from(`\r\n${first?.siren ?? ''};;;\r\n=1+1;=cmd;;\r\n21440109300015;Commune de Rezé;;`),
      Buffer.from(`\r\n${newcomer};Association absente des registres;;;${newcomer};9220;oui;A;56260`),
    ]);
    expect((await send('reviewer', list)).status).toBe(303);
    const page = await get('reviewer', here());
    expect(said(page)).toMatch(/104 ?lignes/u);
    expect(said(page)).toMatch(/100 ?nouvelles/u);
    expect(said(page)).toMatch(/1 ?nouvelle au registre/u);
    const entering = said(await get('reviewer', `${here()}?lignes=new_organization`));
    for (const part of ['Aucun registre ne la connaît.', 'Association déclarée', 'Commune : 56260 (Vannes)'])
      expect(entering).toContain(part);
    expect(said(await get('reviewer', `${here()}/lignes/105`))).toContain(
      'Association absente des registres',
    );
    const unknown = await get('reviewer', `/operateur/organisations/${newcomer.slice(0, 9)}`);
    expect(unknown.status).toBe(404);
    const wrong = await get('reviewer', `${here()}?lignes=wrong`);
    for (const part of ['déjà à la ligne 2', 'Ce n’est ni un SIREN', 'Ce numéro est celui de'])
      expect(said(wrong)).toContain(part);
    expect(said(await get('reviewer', `${here()}?page=2`))).toContain('Page 2 sur 2');
    const rejects = await get('reviewer', `${here()}/a-corriger`);
    expect(rejects.headers['content-type']).toContain('text/csv');
    expect(rejects.body).toContain("'=1+1;'=cmd");
    const letter = await get('reviewer', `${here()}/lignes/2`);
    expect(said(letter)).toContain(first?.name);
    expect(said(letter)).toContain('Convention du 3 mars 2026');
    expect((await get('reviewer', `${here()}/lignes/102`)).status).toBe(404);
    expect((await get('reviewer', `${here()}/lignes/x`)).status).toBe(404);
  });

  test(
    'a hundred are nothing for one person; the second confirms what they read',
    async () => {
      const mine = await get('reviewer', here());
      const own = await post('reviewer', `${here()}/executer`, {
        vu: version(mine),
        empreinte: digestOf(mine),
      });
      expect([own.status, own.body.includes('M-FILE-006')]).toEqual([403, true]);
      expect(said(await submit('reviewer', mine, 'proposer'))).toContain(
        'Une deuxième personne doit le confirmer',
      );
      // Whoever may confirm is told, and finds it counted.
      const told = await world()
        .broker.stores.db.selectFrom('mail')
        .select(['recipient', 'subject'])
        .where('about', '=', `batch:${id}`)
        .execute();
      expect(told.map(({ recipient }) => recipient)).toContain('second@operateur.example');
      expect(told.map(({ recipient }) => recipient)).not.toContain('examen@operateur.example');
      expect(said(await get('second', '/operateur'))).toMatch(/1 ?lots? à confirmer/u);
      expect(said(await get('reviewer', '/operateur'))).not.toContain('lots à confirmer');
      expect(said(await get('second', lots))).toContain('attend votre confirmation');

      await operator().declare('operator', 'olivier-garnier', (document) => ({
        ...document,
        perimeter: { departments: ['35'] },
      }));
      expect((await get('second', here())).status).toBe(404);
      await operator().declare('operator', 'olivier-garnier', (document) => ({
        ...document,
        perimeter: { departments: ['56'] },
      }));
      const read = await get('second', here());
      const missing = await submit('second', read, 'renvoyer', { motif: ' ' });
      expect([missing.status, missing.body]).toEqual([422, expect.stringContaining('id="motif-erreur"')]);
      const stale = await post('second', `${here()}/confirmer`, {
        vu: version(read),
        empreinte: 'a'.repeat(64),
      });
      expect([stale.status, said(stale)]).toEqual([409, expect.stringContaining('Rien n’a été fait')]);
      const done = await submit('second', read, 'confirmer');
      expect(said(done)).toContain('Le lot est confirmé');
      await until('done');
      expect(said(await get('second', here()))).toMatch(/101 ?accordées/u);
      const ended = await get('second', here());
      expect(said(ended)).toContain('Confirmé par Olivier Garnier');
      // One line has no address.
      expect(said(ended)).toContain('Une lettre est à poster.');
      expect(ended.body).toContain('poster%3Aoui');
    },
    long,
  );

  test('each has its file, its letter and its right, and the file leads back to the lot', async () => {
    const { db } = world().broker.stores;
    const [first] = associations;
    const mails = await db
      .selectFrom('mail')
      .select('recipient')
      .where('recipient', 'like', 'contact@association-%')
      .execute();
    expect(new Set(mails.map(({ recipient }) => recipient)).size).toBe(100);
    const page = await get('decider', here());
    const file = await (await as('decider')).browser.click(page, 'D-');
    expect(said(file)).toContain(`avec le lot ${id}`);

    // What no register held is there, and says who brought it.
    const entered = await get('decider', `/operateur/organisations/${newcomer.slice(0, 9)}`);
    expect(said(entered)).toContain('Association absente des registres');
    expect(said(entered)).toContain(`lot ${id} de l’opérateur`);
    const forIt = await get('decider', `/operateur/simulation?numero=${newcomer}`);
    expect(said(forIt)).toMatch(/Docs.{0,80}Oui/su);

    // What decide() says of somebody who signs in for it.
    const siren = first?.siren ?? '';
    const siret =
      Array.from({ length: 100 }, (_, nic) => `${siren}${String(nic).padStart(5, '0')}`).find(isSiret) ?? '';
    await db
      .insertInto('establishment')
      .values({ siret, siren, state: 'A', commune_code: '56260', naf: null, head_office: true })
      .execute();
    const tried = await get('decider', `/operateur/simulation?numero=${siret}`);
    expect([tried.status, said(tried)]).toEqual([200, expect.stringMatching(/Docs.{0,80}Oui/su)]);
  });

  test(
    'it is taken back by two others, and each organization is told first',
    async () => {
      // Two people of one association have Docs open, one of them in two browsers.
      for (const account of ['une', 'une', 'autre'])
        await openGrant(world().broker.stores.db, { account, siret: `${associations[1]?.siren ?? ''}00001` });
      const concerned =
        /l’accès de 2 personnes\. Sessions ouvertes : 3 ; accès d’outils : 3\.\s+Outils concernés : docs\./u;
      expect(said(await get('second', here()))).toMatch(concerned);
      const asked = await submit('second', await get('second', here()), 'retirer', {
        motif: 'La convention n’est pas signée.',
        regle: 'Code des relations entre le public et l’administration, article L242-1',
      });
      expect(said(asked)).toContain('Le retrait est proposé');
      const own = await post('second', `${here()}/accepter-retrait`, { vu: version(asked) });
      expect([own.status, own.body.includes('M-BULK-004')]).toEqual([403, true]);
      const read = await get('decider', here());
      expect(said(read)).toMatch(concerned);
      const agreed = await submit('decider', read, 'accepter-retrait');
      expect(said(agreed)).toContain('Chaque organisation en est d’abord prévenue');
      await until('announced');
      expect(said(await get('decider', here()))).toMatch(/101 ?prévenues/u);
      expect(said(await get('decider', here()))).toMatch(concerned);
      const early = await post('decider', `${here()}/terminer-retrait`, {
        vu: version(await get('decider', here())) || '9',
      });
      expect(early.status).toBe(409);
    },
    long,
  );
}
