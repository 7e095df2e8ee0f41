// Somebody without an identity provider in Chromium, with an authenticator that it simulates: an account by a code, a passkey
// made to go up to two factors, a sign-in by the passkey alone, and by code and passkey. Who refuses is not left in the dark.
import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumIsHere, sayThatChromiumIsMissing } from '../support/chromium.ts';
import { mailsTo } from '../journeys/partner-person.ts';
import { createStage, wayOf } from './journey-visit.ts';

if (!chromiumIsHere) sayThatChromiumIsMissing('passkeys');

/** A platform authenticator, as those of telephones and computers: it keeps passkeys, and verifies their owner. */
async function authenticatorOf(page: Page): Promise<{ session: CDPSession; id: string }> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId: id } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { session, id };
}

describe.runIf(chromiumIsHere)('a partner in Chromium', () => {
  const stage = createStage();

  test('an account, a passkey, and what it opens', { timeout: 60_000 }, async () => {
    const { world } = stage();
    const { page, context } = await stage().visit();
    const way = wayOf(page, world);
    const email = 'camille@atelier-navigateur.example';
    const code = async () => {
      const [mail] = (await mailsTo(world, email)).filter(({ about }) => about === 'code:sign_in');
      return /\b\d{8}\b/.exec(mail?.text ?? '')?.[0] ?? 'no code';
    };
    const enter = (query = '') => page.goto(`${world.issuer}/entrer?vers=/compte${query}`);
    const { session, id } = await authenticatorOf(page);
    const keys = async () =>
      (await session.send('WebAuthn.getCredentials', { authenticatorId: id })).credentials;

    // A code, a name, an account.
    await enter();
    await way.giveAddress(email);
    await page.getByLabel('Code reçu').fill(await code());
    await way.press('Continuer');
    await page.getByLabel('Prénom').fill('Camille');
    await page.getByLabel('Nom d’usage').fill('Le Marchand');
    await way.press('Créer mon compte');
    await page.waitForURL('**/compte');

    // A page that wants two factors: the mailbox anew, then a passkey. First the browser says no.
    await enter('&renforce=1');
    await page.getByLabel('Code reçu').fill(await code());
    await way.press('Continuer');
    expect(await way.text('h1')).toBe('Ajoutez un deuxième moyen de connexion');
    await session.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false });
    await way.press('Créer une clé d’accès');
    await page.getByText('Votre navigateur n’a pas utilisé de clé d’accès').waitFor();
    await session.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: true });
    await way.press('Créer une clé d’accès');
    await page.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
    expect(await page.locator('li code').count()).toBeGreaterThanOrEqual(8);
    await way.press('Je les ai gardés, continuer');
    await page.waitForURL('**/compte');
    expect(await keys()).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);

    // Signed in by the passkey alone: no address is typed, no mail is sent.
    const mails = (await mailsTo(world, email)).length;
    await context.clearCookies();
    await enter('&renforce=1');
    const button = page.getByRole('button', { name: 'Me connecter avec une clé d’accès' });
    await Promise.race([
      page.waitForURL('**/compte'),
      button.click({ timeout: 10_000 }).catch(() => undefined),
    ]);
    await page.waitForURL('**/compte');
    const sent = await mailsTo(world, email);
    expect(sent.filter(({ about }) => about === 'code:sign_in')).toHaveLength(2);
    expect(sent.length - mails, 'the notice of a new browser').toBe(1);

    // By the address: the code, then the passkey as what comes second.
    await context.clearCookies();
    await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: id, enabled: false });
    await enter();
    await way.giveAddress(email);
    await page.getByLabel('Code reçu').fill(await code());
    await way.press('Continuer');
    expect(await way.text('h1')).toBe('Confirmez que c’est vous');
    await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: id, enabled: true });
    await way.press('Utiliser une clé d’accès');
    await page.waitForURL('**/compte');
    expect((await keys())[0]?.signCount).toBeGreaterThan(1);
  });
});
