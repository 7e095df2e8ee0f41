// The president of an association, from nothing: no organization, no account, an address that anybody may open. Up to a tool that
// is told `eidas1-mfa`, through the pages of both sides, with every mail of the way read.
import { describe, expect, test } from 'vitest';
import { chromiumIsHere, sayThatChromiumIsMissing } from '../support/chromium.ts';
import { createStage } from './journey-visit.ts';
import { authenticatorOf, createLook, expectMails, partnerAt } from './partner-gestures.ts';
import type { MailExpected } from './partner-gestures.ts';
import { fillRequest, operatorAt } from './registration-gestures.ts';

if (!chromiumIsHere) sayThatChromiumIsMissing('the first representative of an association');

const club = '00000040600009';
const pieces = {
  statutes: 'statuts.pdf',
  declaration_receipt: 'recepisse.pdf',
  mandate: 'proces-verbal.pdf',
};

describe.runIf(chromiumIsHere)('the first representative of an association, in Chromium', () => {
  const stage = createStage();
  const look = createLook();

  test('from nothing to a tool that is told eidas1-mfa', { timeout: 120_000 }, async () => {
    const { world } = stage();
    const maelle = await partnerAt(stage(), 'maelle.legoff@laposte.net');
    const { page, way } = maelle;
    const device = await authenticatorOf(page);
    const words = (selector?: string) => way.text(selector);
    const mailed = async (...expected: readonly MailExpected[]) =>
      expectMails(await maelle.newMails(), ...expected);

    // An account: nothing but an address, and a name.
    await page.goto(`${world.issuer}/`);
    await way.follow('Voir les conditions et déposer une demande');
    expect(await words()).toContain('ou avec la vôtre si elle n’en donne pas');
    await look(page, 'requests-nobody');
    await way.follow('Se connecter');
    await look(page, 'email');
    await way.giveAddress(maelle.email);
    await look(page, 'code');
    await maelle.typeCode();
    await look(page, 'name');
    await maelle.giveName('Maëlle', 'Le Goff');
    await page.waitForURL('**/demandes');

    // A passkey, and codes for the day it is lost.
    await page.locator('main').getByRole('link', { name: 'compte' }).click();
    await look(page, 'account');
    await page.getByRole('link', { name: 'Mes moyens de connexion' }).first().click();
    await way.follow('Ajouter une clé d’accès');
    await look(page, 'security-passkey');
    await way.press('Créer une clé d’accès');
    await page.getByText('La clé d’accès est ajoutée').waitFor();
    await look(page, 'security');
    await mailed(['Nouveau moyen de connexion', 'une clé d’accès a été ajoutée à votre compte']);

    // The tool opens to nobody who acts for no organization. The way on leads to a request, with the organization in it.
    await way.openTool('docs');
    expect(await words('h1')).toBe('Votre compte n’est rattaché à aucune organisation');
    await look(page, 'tool-nobody');
    await way.follow('Rejoindre une organisation.');
    await way.follow('Rejoindre une organisation');
    await page.locator('#q').fill('association sportive fictive');
    await way.press('Chercher');
    await look(page, 'join-found');
    await page.getByRole('link', { name: 'Association sportive fictive' }).click();
    expect(await words()).toContain('Le premier représentant d’une association dépose une demande');
    await look(page, 'join-way');
    await way.follow('Déposer une demande');
    expect(await words()).toContain('Pour l’organisation : Association sportive fictive');
    const id = await fillRequest(page, way, {
      services: ['docs'],
      capacity: 'présidente',
      mandateUntil: '31/12/2027',
      pieces,
      inspect: () => Promise.resolve(),
    });
    await mailed([`Accusé de réception de votre demande (dossier ${id})`, 'proces-verbal.pdf']);

    // An operator reads the pieces, is told what the agreement makes of her, and agrees.
    const helene = await operatorAt(stage(), 'operateur@operateur.example', `/dossiers/${id}`);
    await helene.way.press('Prendre le dossier');
    expect(await helene.text('.notice.wait')).toContain('vérifiez son mandat');
    for (const name of Object.values(pieces)) {
      const piece = helene.page.locator('.pieces li', { hasText: name });
      await piece.locator('summary').click();
      await piece.getByRole('button', { name: 'Accepter la pièce' }).click();
      await piece.getByText('acceptée').waitFor();
    }
    await look(helene.page, 'console-file');
    await helene.prepare('Donner l’accord…', 'Docs', {
      niveau: 'member',
      fondement: 'public_service_mission',
      texte: 'Le procès-verbal du 3 mars 2026 désigne la présidente.',
    });
    expect(await helene.text('.beside')).toContain(
      'Maëlle Le Goff (présidente) représentera cette organisation jusqu’au 31 décembre 2027',
    );
    await look(helene.page, 'console-preview');
    await helene.way.press('Envoyer');
    expect(await helene.text()).toContain('L’accord est donné et le courrier est envoyé.');
    await mailed(
      [`Accès à Docs accordé (dossier ${id})`, 'Le procès-verbal du 3 mars 2026'],
      ['Vous agissez pour une organisation', 'agir pour « Association sportive fictive »'],
    );

    // She is on the board of another association too, which another operator's answer opens to her.
    await page.goto(`${world.issuer}/compte/organisations`);
    expect(await words()).toContain('Vérifié par une personne · mandat examiné par un opérateur');
    await look(page, 'organizations-approved');
    await page.goto(`${world.issuer}/compte/organisations/rejoindre/000000505`);
    await page.getByLabel('Votre message').fill('Trésorière depuis 2024');
    await way.press('Envoyer la demande');
    await page.getByText('Votre demande est envoyée').waitFor();
    await helene.page.goto(`${world.issuer}/operateur/rattachements`);
    const request = helene.page.locator('.card', { hasText: 'Maëlle Le Goff' });
    await request.getByLabel('Raison').fill('Procès-verbal lu');
    await look(helene.page, 'console-joining');
    await request.getByRole('button', { name: 'Accepter' }).click();
    await helene.page.getByText('La personne agit maintenant pour l’organisation').waitFor();
    await mailed(['Vous agissez pour une organisation', 'Connectez-vous de nouveau']);

    // What was gained since she signed in is not in that sign-in: the tool says so, and takes her on.
    await device.answersAtOnce(false);
    await way.openTool('docs');
    expect(await words('.notice')).toContain(
      'Depuis votre connexion, vous pouvez agir pour une organisation.',
    );
    await look(page, 'tool-joined-since');
    await way.press('Continuer');
    expect(await words('h1')).toBe('Confirmez que c’est vous');
    await look(page, 'second-factor');
    await device.answersAtOnce(true);
    await way.press('Utiliser une clé d’accès');
    await page.getByRole('radio', { name: 'Association sportive fictive' }).check();
    await look(page, 'choose-organization');
    await way.press('Continuer');
    await page.waitForURL(`${world.tools}/docs/`);
    const first = await maelle.told('docs');
    expect(first.id_token).toMatchObject({ acr: 'eidas1-mfa', amr: ['mail', 'pop', 'user', 'mfa'] });
    expect(first.userinfo).toMatchObject({
      given_name: 'Maëlle',
      siret: club,
      organization_type: 'association.declared',
      eligibility: {
        decision: 'allow',
        level: 'member',
        basis: 'approval',
        ground: 'public_service_mission',
      },
      organization_link: { level: 'moderated', method: 'mandate' },
      is_public_service: false,
    });
    await look(page, 'tool');

    // She leaves. Next time the passkey beside the field signs her in, nothing typed, and her choice is ticked.
    await way.press('Se déconnecter');
    await page.getByText('Vous êtes déconnecté.').waitFor();
    await way.openTool('docs');
    const chosen = page.getByRole('radio', { name: 'Association sportive fictive' });
    await chosen.waitFor();
    expect(await chosen.isChecked()).toBe(true);
    await way.press('Continuer');
    await page.waitForURL(`${world.tools}/docs/`);
    const again = await maelle.told('docs');
    expect(again.id_token).toMatchObject({ acr: 'eidas1-mfa', sub: first.id_token['sub'] });
    expect(again.id_token['amr']).not.toContain('mail');
    expect(again.userinfo).toMatchObject({ siret: club, eligibility: { decision: 'allow' } });
    await mailed();
  });
});
