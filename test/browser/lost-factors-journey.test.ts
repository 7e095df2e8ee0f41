// Somebody who reads the mails of another, and somebody who lost their only passkey, in Chromium: both say that it is lost, both wait
// for three days, and every address is told. The owner calls it off by signing in; whoever really lost it begins again.
import { describe, expect, test } from 'vitest';
import { chromiumIsHere, sayThatChromiumIsMissing } from '../support/chromium.ts';
import { movableTime } from '../journeys/time.ts';
import { createStage } from './journey-visit.ts';
import { authenticatorOf, createLook, expectMails, partnerAt } from './partner-gestures.ts';
import type { MailExpected, PartnerInChromium } from './partner-gestures.ts';

if (!chromiumIsHere) sayThatChromiumIsMissing('lost passkeys');

const time = movableTime();
const hours = 3600;
const email = 'yann@amicale-navigateur.example';
const second = 'bureau@comite-navigateur.example';

describe.runIf(chromiumIsHere)('a partner whose passkey is lost, in Chromium', () => {
  const stage = createStage();
  const look = createLook();

  /** From the page that asks for the second factor: says that all of them are lost. */
  const sayThatAllIsLost = async ({ page, way }: PartnerInChromium) => {
    await page.getByRole('link', { name: 'Vous avez perdu tous ces moyens' }).click();
    await look(page, 'lost');
    await way.press('Demander à les retirer');
    expect(await way.text()).toContain('Votre demande est enregistrée');
    await look(page, 'lost-waiting');
  };

  test('asks, waits, is called off; asks again, waits, begins again', { timeout: 120_000 }, async () => {
    const { world } = stage();
    const yann = await partnerAt(stage(), email);
    const { page, way, context } = yann;
    const device = await authenticatorOf(page);
    /** The same was written to both addresses. */
    const toldEverywhere = async (...expected: readonly MailExpected[]) => {
      const mails = await yann.newMails(email, second);
      for (const address of [email, second])
        expectMails(
          mails.filter(({ to }) => to === address),
          ...expected,
        );
      return mails;
    };
    const finish = page.getByRole('button', { name: 'Les retirer et me connecter' });

    // An account with two addresses, and one passkey as its second factor.
    await yann.signIn();
    await yann.giveName('Yann', 'Fictif');
    await page.waitForURL('**/compte');
    await page.goto(`${world.issuer}/compte/identite`);
    await page.locator('#email').fill(second);
    await page.getByRole('button', { name: 'Envoyer le code' }).click();
    await look(page, 'address-code');
    await yann.typeCode(second);
    await page.getByText('L’adresse est ajoutée').waitFor();
    await look(page, 'addresses');
    await page.goto(`${world.issuer}/compte/securite/cle`);
    await way.press('Créer une clé d’accès');
    await page.getByText('La clé d’accès est ajoutée').waitFor();
    await toldEverywhere(
      ['Nouvelle adresse sur votre compte', `l’adresse ${second} a été ajoutée`],
      ['Nouveau moyen de connexion', 'une clé d’accès a été ajoutée'],
    );

    // Somebody else reads the mails of the first address: a code alone opens nothing, nor does it give a passkey away.
    time.pass(60);
    const reader = await partnerAt(stage(), email);
    await reader.signIn();
    expect(await reader.way.text('h1')).toBe('Confirmez que c’est vous');
    await sayThatAllIsLost(reader);
    const [notice] = await toldEverywhere([
      'Demande de retrait de vos moyens de connexion',
      'la demande est aussitôt annulée',
    ]);

    // The owner follows the link of the notice and signs in with the passkey: that is all it takes.
    await context.clearCookies();
    const [link = ''] = /http\S+/.exec(notice?.text ?? '') ?? [];
    await page.goto(link);
    await page.waitForURL('**/compte/securite**');
    await page.getByText('Chrome').first().waitFor();
    expect(await way.text()).not.toContain('Quelqu’un a dit');
    await toldEverywhere(
      ['Demande de retrait annulée', 'l’un d’eux a servi'],
      ['Connexion depuis un nouvel appareil', '(Chrome, Linux)'],
    );
    time.pass(73 * hours);
    await reader.context.clearCookies();
    await reader.signIn();
    await reader.page.getByRole('link', { name: 'Vous avez perdu tous ces moyens' }).click();
    expect(await reader.way.text()).toContain('Vous le demandez maintenant');
    await yann.newMails();

    // The device is really lost, and there are no codes: three days, less a minute, open nothing.
    await device.lose();
    await context.clearCookies();
    time.pass(60);
    await yann.signIn();
    await sayThatAllIsLost(yann);
    await toldEverywhere(['Demande de retrait de vos moyens de connexion', 'Ils pourront être retirés']);
    time.pass(72 * hours - 60);
    await context.clearCookies();
    await yann.signIn();
    await page.getByRole('link', { name: 'Vous avez perdu tous ces moyens' }).click();
    expect(await finish.count()).toBe(0);
    time.pass(60);
    await page.reload();
    await look(page, 'lost-ready');
    await finish.click();
    await page.waitForURL('**/compte');
    await page.goto(`${world.issuer}/compte/securite`);
    expect(await way.text()).toContain('Aucun pour l’instant');
    await toldEverywhere(
      ['Vos moyens de connexion ont été retirés', 'Seul le code envoyé à votre adresse reste'],
      ['Connexion depuis un nouvel appareil', '(Chrome, Linux)'],
    );

    // A page that wants two factors has another one made, and codes for the next time. Each of them serves once.
    await yann.enter('/compte', '&renforce=1');
    await yann.typeCode();
    await look(page, 'enrolment');
    await way.follow('Utiliser une application de codes');
    await look(page, 'enrolment-application');
    const application = await yann.scanKey();
    await page.locator('#totp').fill(application(Date.now()));
    await way.press('Relier l’application');
    await look(page, 'enrolment-codes');
    const [code = ''] = await yann.recoveryCodes();
    await way.press('Je les ai gardés, continuer');
    await page.waitForURL('**/compte');
    await toldEverywhere(
      ['Nouveau moyen de connexion', 'une application de codes a été ajoutée'],
      ['Nouveaux codes de secours', 'des codes de secours ont été créés'],
    );
    for (const accepted of [true, false]) {
      time.pass(60);
      await context.clearCookies();
      await yann.signIn();
      await page.locator('#recovery').fill(code);
      await way.press('Utiliser ce code de secours');
      if (accepted) await page.waitForURL('**/compte');
      else expect(await way.text()).toContain('Ce code de secours n’est pas le bon, ou il a déjà servi.');
    }
    await look(page, 'recovery-used');
    await toldEverywhere(
      ['Un code de secours a servi', 'Codes de secours qui restent : 9.'],
      ['Connexion depuis un nouvel appareil', '(Chrome, Linux)'],
    );
  });
});
