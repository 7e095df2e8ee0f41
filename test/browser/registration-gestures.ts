/** What an association and the operators do in the pages of a registration, with a mouse. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { violations } from './axe.ts';
import { picture } from './picture.ts';
import { wayOf } from './journey-visit.ts';
import type { Email, Stage, Way } from './journey-visit.ts';

const artifacts = fileURLToPath(new URL('../artifacts/registration/', import.meta.url));

/** Each page is looked at once, as it comes: axe finds nothing. Those that `keep` names leave a picture. */
export function createInspection(): (page: Page, name: string, keep?: 'keep') => Promise<void> {
  const seen = new Set<string>();
  mkdirSync(artifacts, { recursive: true });
  return async (page, name, keep) => {
    if (seen.has(name)) return;
    seen.add(name);
    expect(await violations(page), name).toEqual([]);
    if (keep !== undefined) await picture(page, `${artifacts}${name}.png`);
  };
}
export type Inspect = ReturnType<typeof createInspection>;

export const numberIn = (page: Page): string => /D-\d{2}-[0-9A-Z]{8}/.exec(page.url())?.[0] ?? 'no number';

/** What an office writes: a page printed by a browser. */
const statutes = (page: Page): Promise<Buffer> => page.pdf({ format: 'A4' });

const defaultPieces = { statutes: 'statuts.pdf' };

/** As a spreadsheet saves it, with one line that names nobody. */
const members = Buffer.from(
  '\uFEFFNom;SIREN;Code\r\nCommune de Nantes;214401093;44109\r\nAmicale des anciens;;\r\n',
);

export interface RequestFiled {
  readonly services: readonly string[];
  readonly inspect: Inspect;
  readonly capacity?: string;
  /** As people write a day: 31/12/2027. */
  readonly mandateUntil?: string;
  /** Names of documents by what they are. */
  readonly pieces?: Readonly<Record<string, string>>;
}

/** From the button of the refusal page to the receipt, each step as it is proposed. */
export async function fileRequest(page: Page, way: Way, filed: RequestFiled): Promise<string> {
  await way.follow('Demander l’accès');
  expect(await way.text('h1')).toBe('Demander un accès pour votre organisation');
  await filed.inspect(page, 'start');
  const enter = page.getByRole('link', { name: 'Se connecter', exact: true });
  if ((await enter.count()) > 0) await enter.click();
  return fillRequest(page, way, filed);
}

/** From the page of the requests, which names the organization already, to the receipt. */
export async function fillRequest(
  page: Page,
  way: Way,
  {
    services,
    inspect,
    capacity = 'trésorier',
    mandateUntil = '31/12/2035',
    pieces = defaultPieces,
  }: RequestFiled,
): Promise<string> {
  await way.press('Commencer une demande');
  await inspect(page, 'organization');
  await way.follow('Continuer avec cette organisation');

  await inspect(page, 'you');
  await page.getByLabel('Votre fonction').fill(capacity);
  await page.getByLabel('Fin de votre mandat').fill(mandateUntil);
  await way.press('Enregistrer et continuer');

  for (const service of services) {
    await page.locator(`#services-${service}`).check();
    await page.locator(`#services-${service}-why`).fill('Préparer nos activités avec la mairie.');
    await page.locator(`#services-${service}-users`).fill('12');
    await page.locator(`#services-${service}-termsAcceptedAt`).check();
  }
  await inspect(page, 'services');
  await way.press('Enregistrer et continuer');

  await inspect(page, 'purpose');
  await page.locator('#purpose').fill('Le sport pour tous, avec la commune.');
  await way.press('Enregistrer et continuer');

  const buffer = await statutes(page);
  for (const [kind, name] of Object.entries(pieces)) {
    await page.locator('#kind').selectOption(kind);
    await page.locator('#piece').setInputFiles({ name, mimeType: 'application/pdf', buffer });
    await way.press('Envoyer le document');
    await page.getByRole('link', { name }).waitFor();
  }
  await page.locator('#membres').setInputFiles({
    name: 'membres.csv',
    mimeType: 'text/csv',
    buffer: members,
  });
  await way.press('Envoyer la liste');
  expect(await way.text()).toContain('Ligne 3, « Amicale des anciens');
  await inspect(page, 'evidence', 'keep');
  await way.follow('Continuer');

  await inspect(page, 'contacts');
  for (const who of ['dataProtection', 'security']) {
    await page.locator(`#${who}-name`).fill('Samir Benali');
    await page.locator(`#${who}-email`).fill('samir@asso.example');
  }
  await way.press('Enregistrer et continuer');

  expect(await way.text('h1')).toBe('Relire et envoyer votre demande');
  await inspect(page, 'review', 'keep');
  await page.locator('#declaredAt').check();
  await way.press('Envoyer la demande');
  expect(await way.text('h1')).toBe('Votre demande est envoyée');
  await inspect(page, 'receipt', 'keep');
  return numberIn(page);
}

export interface Operator {
  readonly page: Page;
  readonly way: Way;
  text(selector?: string): Promise<string>;
  /** The form of an act, filled in. */
  write(act: string, service: string, fields: Readonly<Record<string, string>>): Promise<void>;
  /** The same, up to the letter. */
  prepare(act: string, service: string, fields: Readonly<Record<string, string>>): Promise<void>;
}

/** Signed in at the console, on the queue. */
export async function operatorAt(stage: Stage, email: Email, path = ''): Promise<Operator> {
  const { page } = await stage.visit({ viewport: { width: 1280, height: 900 } });
  const way = wayOf(page, stage.world);
  await page.goto(`${stage.world.issuer}/operateur${path}`);
  await way.giveAddress(email);
  await way.pick(email);
  await page.waitForURL((url) => url.href.startsWith(`${stage.world.issuer}/operateur`));
  const write: Operator['write'] = async (act, service, fields) => {
    const request = page.locator('.request').filter({ hasText: service });
    await request.getByRole('link', { name: act }).click();
    for (const [name, value] of Object.entries(fields)) {
      const field = page.locator(`#formulaire #${name}`);
      const isList = (await field.and(page.locator('select')).count()) > 0;
      await (isList ? field.selectOption(value) : field.fill(value));
    }
  };
  return {
    page,
    way,
    text: (selector) => way.text(selector),
    write,
    async prepare(act, service, fields) {
      await write(act, service, fields);
      await way.press('Voir la lettre avant d’envoyer');
    },
  };
}
