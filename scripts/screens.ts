// Takes the pictures of README.md again, with `npm start` running on a database that nobody has used:
//   node scripts/screens.ts      (CHROMIUM names the browser, ISSUER and DEMO_TOOLS_PORT the demonstration)
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { fileURLToPath } from 'node:url';
import { demoPeople } from '../demo/people.ts';

type Email = (typeof demoPeople)[number]['email'];

const issuer = process.env['ISSUER'] ?? 'http://localhost:3000';
const tools = `http://localhost:${process.env['DEMO_TOOLS_PORT'] ?? '3002'}`;
const images = fileURLToPath(new URL('../docs/images/', import.meta.url));
/** The console as on a desk, the rest as in a small window; each picture is 1000 pixels wide. */
const desk = { viewport: { width: 1400, height: 980 }, deviceScaleFactor: 1000 / 1400 };
const window = { viewport: { width: 1000, height: 800 }, deviceScaleFactor: 1 };

const keep = (page: Page, name: string) => page.screenshot({ path: `${images}${name}.png` });
const press = (page: Page, button: string) => page.getByRole('button', { name: button, exact: true }).click();
const follow = (page: Page, link: string) => page.getByRole('link', { name: link, exact: true }).click();

/** A browser of their own, signed in at the demo identity provider on the way to a page. */
async function signIn(browser: Browser, email: Email, address: string, seen = window): Promise<Page> {
  const context = await browser.newContext({ locale: 'fr-FR', colorScheme: 'light', ...seen });
  const page = await context.newPage();
  await page.goto(address);
  const person = demoPeople.find((one) => one.email === email);
  await page.getByLabel('Adresse électronique professionnelle').fill(email);
  await press(page, 'Continuer');
  await page.getByRole('button', { name: `${person?.given_name} ${person?.usual_name}` }).click();
  return page;
}

/** From the page that refuses to the receipt, with the fewest answers that it takes. */
async function fileRequest(page: Page, services: readonly string[], why: string): Promise<void> {
  await page.goto(`${issuer}/demandes`);
  await press(page, 'Commencer une demande');
  const choose = page.getByRole('button', { name: 'Choisir' }).first();
  if (await choose.isVisible()) await choose.click();
  await follow(page, 'Continuer avec cette organisation');
  await page.getByLabel('Votre fonction').fill('Présidence');
  await press(page, 'Enregistrer et continuer');
  for (const service of services) {
    await page.locator(`#services-${service}`).check();
    await page.locator(`#services-${service}-why`).fill(why);
    await page.locator(`#services-${service}-users`).fill('12');
    await page.locator(`#services-${service}-termsAcceptedAt`).check();
  }
  await press(page, 'Enregistrer et continuer');
  await page.locator('#purpose').fill(why);
  await press(page, 'Enregistrer et continuer');
  await page.locator('#kind').selectOption('statutes');
  const buffer = await page.pdf({ format: 'A4' });
  await page.locator('#piece').setInputFiles({ name: 'statuts.pdf', mimeType: 'application/pdf', buffer });
  await press(page, 'Envoyer le document');
  await follow(page, 'Continuer');
  for (const contact of ['dataProtection', 'security']) {
    await page.locator(`#${contact}-name`).fill('Secrétariat');
    await page.locator(`#${contact}-email`).fill('secretariat@asso.example');
  }
  await press(page, 'Enregistrer et continuer');
  await page.locator('#declaredAt').check();
  await press(page, 'Envoyer la demande');
}

async function refusal(browser: Browser): Promise<void> {
  const sports = await signIn(browser, 'membre@asso.example', `${tools}/docs/login`);
  await sports.getByRole('link', { name: 'Demander l’accès' }).waitFor();
  await keep(sports, 'refusal');
  await fileRequest(sports, ['docs', 'tchap'], 'Préparer avec la mairie l’usage du gymnase.');
  const mayors = await signIn(browser, 'membre@amd-fictif.example', `${tools}/tchap/login`);
  await fileRequest(mayors, ['tchap'], 'Prévenir les maires du département en cas de crise.');
}

async function queueAndFile(browser: Browser): Promise<void> {
  const operator = await signIn(browser, 'operateur@operateur.example', `${issuer}/operateur`, desk);
  await operator.getByRole('heading', { name: 'À faire' }).waitFor();
  await keep(operator, 'queue');
  await follow(operator, 'Association sportive fictive');
  await press(operator, 'Prendre le dossier');
  await operator.locator('#formulaire #fondement').selectOption('public_service_mission');
  await operator.locator('#formulaire #texte').fill('L’association gère le gymnase de la commune.');
  // The letter stands beside what is typed.
  await operator.getByText('La lettre est à jour').waitFor();
  await operator.evaluate('scrollTo(0, 0)');
  await keep(operator, 'file');
}

/** What a limit of 3 000 inhabitants in the place of 3 500 would close. */
async function preview(browser: Browser): Promise<void> {
  const editor = await signIn(browser, 'regles@operateur.example', `${issuer}/operateur/services/anct`, desk);
  await press(editor, 'Préparer une nouvelle version');
  const text = editor.locator('#document');
  await text.fill((await text.inputValue()).replace('3500', '3000'));
  await press(editor, 'Enregistrer');
  await follow(editor, 'Voir l’effet sur toutes les organisations');
  await editor.waitForURL('**/apercu');
  // Who loses the access, and why, under the table.
  await editor.evaluate('scrollTo(0, document.body.scrollHeight)');
  await keep(editor, 'policy-preview');
}

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  // A container that runs as root has no sandbox to offer.
  chromiumSandbox: false,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ],
});
try {
  for (const pictures of [refusal, queueAndFile, preview]) await pictures(browser);
} finally {
  await browser.close();
}
