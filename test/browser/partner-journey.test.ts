// Somebody without an identity provider in Chromium, with an authenticator that it simulates: an account by a code, second factors
// of their own, and what each of them opens. Who refuses is not left in the dark, nor is whoever runs no script.
import { describe, expect, test } from 'vitest';
import { chromiumIsHere, sayThatChromiumIsMissing } from '../support/chromium.ts';
import { joinOrganization } from '../journeys/partner-person.ts';
import { redeclare } from '../replay/support/declarations.ts';
import { createStage } from './journey-visit.ts';
import { authenticatorOf, createLook, expectMails, partnerAt } from './partner-gestures.ts';

if (!chromiumIsHere) sayThatChromiumIsMissing('passkeys');

const dinum = '13002526500013';

/** Docs for whoever signs in with two factors, whatever they act for. */
const strongDocs = {
  service: 'docs',
  version: 2,
  valid_from: '2026-01-02',
  guards: [],
  rules: [
    {
      id: 'strong',
      if: { 'auth.acr': { gte: 'eidas1-mfa' } },
      allow: { level: 'member', entitlements: ['use'] },
      basis: 'public_service',
    },
  ],
  default: { deny: 'not_eligible', next_steps: [] },
};

describe.runIf(chromiumIsHere)('a partner in Chromium', () => {
  const stage = createStage();
  const look = createLook();

  test('an account, a passkey, and what it opens', { timeout: 120_000 }, async () => {
    const camille = await partnerAt(stage(), 'camille@atelier-navigateur.example');
    const { page, way, context } = camille;
    const device = await authenticatorOf(page);

    // A code, a name, an account.
    await camille.signIn();
    await camille.giveName('Camille', 'Le Marchand');
    await page.waitForURL('**/compte');

    // A page that wants two factors: the mailbox anew, then a passkey. First the browser says no.
    await camille.enter('/compte', '&renforce=1');
    await camille.typeCode();
    expect(await way.text('h1')).toBe('Ajoutez un deuxième moyen de connexion');
    await look(page, 'enrolment');
    await device.recognizes(false);
    await way.press('Créer une clé d’accès');
    await page.getByText('Votre navigateur n’a pas créé de clé d’accès').waitFor();
    await look(page, 'enrolment-refused');
    await device.recognizes(true);
    await way.press('Créer une clé d’accès');
    await page.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
    expect((await camille.recoveryCodes()).length).toBeGreaterThanOrEqual(8);
    await look(page, 'recovery-codes');
    await way.press('Je les ai gardés, continuer');
    await page.waitForURL('**/compte');
    expect(await device.passkeys()).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);
    await camille.newMails();

    // Signed in by the passkey that the browser offers beside the field: nothing is typed, no code is sent.
    await context.clearCookies();
    await camille.enter('/compte', '&renforce=1');
    await page.waitForURL('**/compte');
    expectMails(await camille.newMails(), ['Connexion depuis un nouvel appareil', '(Chrome, Linux)']);

    // By the address: the code, then the passkey as what comes second.
    await context.clearCookies();
    await device.answersAtOnce(false);
    await camille.signIn();
    expect(await way.text('h1')).toBe('Confirmez que c’est vous');
    await device.answersAtOnce(true);
    await way.press('Utiliser une clé d’accès');
    await page.waitForURL('**/compte');
    const [passkey] = await device.passkeys();
    expect(passkey?.signCount).toBeGreaterThan(1);
  });

  test(
    'a tool that wants two factors has them made on the way, named, and taken away again',
    {
      timeout: 120_000,
    },
    async () => {
      const { world } = stage();
      const nadia = await partnerAt(stage(), 'nadia@atelier-navigateur.example');
      const { page, way } = nadia;
      const device = await authenticatorOf(page);
      await device.answersAtOnce(false);

      await nadia.signIn();
      await nadia.giveName('Nadia', 'Fictive');
      await page.waitForURL('**/compte');
      // As an operator would have confirmed it.
      await joinOrganization(world, nadia.email, { siret: dinum, level: 'moderated' });

      // The tool wants more than the code: the page says so, and only what is missing is asked.
      await redeclare(world, { policies: [strongDocs] });
      await way.openTool('docs');
      await way.press('Continuer');
      await page.getByText('Vous l’ajoutez ici, une seule fois').waitFor();
      await look(page, 'step-up');
      await way.press('Continuer');
      await nadia.typeCode();
      await way.follow('Utiliser une application de codes');
      await look(page, 'application');
      const application = await nadia.scanKey();
      await page.locator('#totp').fill('000000');
      await way.press('Relier l’application');
      await look(page, 'application-wrong');
      await page.locator('#totp').fill(application(Date.now()));
      await way.press('Relier l’application');
      await way.press('Je les ai gardés, continuer');
      await page.waitForURL(`${world.tools}/docs/`);
      expect((await nadia.told('docs')).id_token).toMatchObject({
        acr: 'eidas1-mfa',
        amr: ['mail', 'otp', 'mfa'],
      });

      // It stays while the tool is open. With a passkey beside it, which has a name of its own, it may go.
      await page.goto(`${world.issuer}/compte/securite`);
      const card = (name: string) => page.locator('.card', { has: page.getByRole('heading', { name }) });
      const remove = (name: string) => card(name).getByRole('button', { name: 'Retirer ce moyen' });
      await card('Application de codes').locator('summary').click();
      expect(await way.text('.card')).toContain('Ajoutez-en un autre avant de le retirer.');
      expect(await remove('Application de codes').count()).toBe(0);
      await look(page, 'security-one');
      await way.follow('Ajouter une clé d’accès');
      await device.answersAtOnce(true);
      await way.press('Créer une clé d’accès');
      await page.getByText('La clé d’accès est ajoutée').waitFor();
      await card('Chrome, Linux').locator('summary').click();
      await card('Chrome, Linux').getByLabel('Nom de ce moyen').fill('Ordinateur du bureau');
      await card('Chrome, Linux').getByRole('button', { name: 'Renommer' }).click();
      await page.getByRole('heading', { name: 'Ordinateur du bureau' }).waitFor();
      await card('Application de codes').locator('summary').click();
      await remove('Application de codes').click();
      await page.getByText('Le moyen est retiré').waitFor();
      expect(await page.locator('.card h3').allTextContents()).toEqual(['Ordinateur du bureau']);
      expectMails(
        await nadia.newMails(),
        ['Nouveau moyen de connexion', 'une application de codes a été ajoutée'],
        ['Nouveaux codes de secours', 'Les codes précédents ne servent plus.'],
        ['Nouveau moyen de connexion', 'une clé d’accès a été ajoutée'],
        ['Moyen de connexion retiré', 'une application de codes a été retirée'],
      );
    },
  );

  test(
    'without scripts: a code, then an application, and no word of passkeys that would not work',
    {
      timeout: 120_000,
    },
    async () => {
      const remi = await partnerAt(stage(), 'remi@atelier-navigateur.example', { javaScriptEnabled: false });
      const { page, way, context } = remi;
      const passkeys = page.getByRole('button', { name: 'clé d’accès' });

      await remi.enter('/compte', '&renforce=1');
      expect(await passkeys.count()).toBe(0);
      await way.giveAddress(remi.email);
      await remi.typeCode();
      await remi.giveName('Rémi', 'Fictif');
      expect(await passkeys.count()).toBe(0);
      await way.follow('Utiliser une application de codes');
      const application = await remi.scanKey();
      await page.locator('#totp').fill(application(Date.now()));
      await way.press('Relier l’application');
      const [code = ''] = await remi.recoveryCodes();
      await way.press('Je les ai gardés, continuer');
      await page.waitForURL('**/compte');

      // Next time: the code and the application; then a recovery code, at a tool that says why it stays shut.
      await context.clearCookies();
      await remi.signIn();
      expect(await way.text()).not.toContain('clé d’accès');
      await page.locator('#totp').fill(application(Date.now() + 30_000));
      await way.press('Continuer');
      await page.waitForURL('**/compte');
      await context.clearCookies();
      await way.openTool('docs');
      await way.giveAddress(remi.email);
      await remi.typeCode();
      await page.locator('#recovery').fill(code);
      await way.press('Utiliser ce code de secours');
      expect(await way.text('h1')).toBe('Votre compte n’est rattaché à aucune organisation');
      await way.follow('Revenir à Docs');
      await page.waitForURL(`${stage().world.tools}/docs/`);
    },
  );
});
