// A registration in Chromium, from the page that refuses to the record that an auditor takes away: an association, those
// who examine, decide and confirm, the tool that opens and closes. One demonstration and one Chromium for all of it.
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/audit.ts';
import { applicantOf, createDesk, mayors } from '../../src/registrations/testing/room.ts';
import { chromiumIsHere, sayThatChromiumIsMissing } from '../support/chromium.ts';
import { tabTo } from './journey-keyboard.ts';
import { createStage, wayOf } from './journey-visit.ts';
import { createInspection, fileRequest, operatorAt } from './registration-gestures.ts';
import type { Operator } from './registration-gestures.ts';

if (!chromiumIsHere) sayThatChromiumIsMissing('the registration in a browser');

const association = 'membre@asso.example';
const approval = {
  niveau: 'member',
  fondement: 'public_service_mission',
  conditions: 'Rester une association déclarée.',
  texte: 'L’association remplit les conditions.',
};

describe.runIf(chromiumIsHere)('a registration in Chromium', () => {
  const stage = createStage();
  const inspect = createInspection();
  let other: string;
  beforeAll(async () => {
    // Another file in the queue, whose organization comes before in the alphabet.
    const desk = createDesk(stage().world.broker.registrations, () => new Date());
    const ada = applicantOf('Ada');
    other = await desk.draft(ada, ['visio'], mayors);
    await desk.submit(other, ada);
  });

  test('from a refusal to an access, and to its end', { timeout: 180_000 }, async () => {
    const { world } = stage();
    const { page } = await stage().visit();
    const way = wayOf(page, world);

    // The association asks.
    await way.signIn('docs', association);
    expect(await way.text('h1')).toBe('Docs n’est pas encore ouvert à votre association');
    await inspect(page, 'refusal', 'keep');
    const id = await fileRequest(page, way, { services: ['docs', 'tchap'], inspect });
    expect(await way.text()).toContain('Un courriel vous a été envoyé à l’adresse membre@asso.example');
    await page.goto(`${world.issuer}/dev/mailbox`);
    await inspect(page, 'mailbox');
    const mail = page.locator('main li', { hasText: association });
    await mail.getByRole('link').first().click();
    expect(await way.text()).toContain(id);
    expect(await way.text('pre')).toContain('Accusé de réception');
    await inspect(page, 'mail');

    // It is examined, by the keyboard.
    const reviewer = await operatorAt(stage(), 'examen@operateur.example', '?tri=nom');
    await inspect(reviewer.page, 'queue', 'keep');
    await walkQueue(reviewer, [other, id]);
    await reviewer.page.keyboard.press('Enter');
    await reviewer.page.waitForURL(`**/operateur/dossiers/${id}**`);
    await tabTo(reviewer.page, reviewer.page.getByRole('button', { name: 'Prendre le dossier' }));
    await reviewer.page.keyboard.press('Enter');
    await reviewer.page.getByText('Vous suivez ce dossier').waitFor();
    await reviewer.way.follow('Demander une pièce…');
    await reviewer.page.getByLabel('Liste des dirigeants').check();
    await reviewer.page.locator('#formulaire #texte').fill('Qui dirige l’association ?');
    await reviewer.way.press('Voir la lettre avant d’envoyer');
    expect(await reviewer.text('.letter')).toContain('Qui dirige l’association ?');
    await reviewer.way.press('Envoyer');
    expect(await reviewer.text()).toContain('La demande est envoyée.');

    // The association answers.
    await page.goto(`${world.issuer}/demandes/${id}`);
    await inspect(page, 'applicant-file', 'keep');
    await way.follow('Répondre');
    await inspect(page, 'reply');
    await page.locator('#piece').setInputFiles({
      name: 'dirigeants.pdf',
      mimeType: 'application/pdf',
      buffer: await page.pdf({ format: 'A4' }),
    });
    await way.press('Envoyer le document');
    await page.getByLabel('Votre message').fill('Voici la liste.');
    await way.press('Envoyer la réponse');
    expect(await way.text()).toContain('Votre réponse est envoyée.');

    await reviewer.page.reload();
    expect(await reviewer.text()).toContain('dirigeants.pdf');
    await reviewer.way.press('Rendre le dossier');

    // One service is opened, the other one refused by two.
    const decider = await operatorAt(stage(), 'operateur@operateur.example', `/dossiers/${id}`);
    await decider.way.press('Prendre le dossier');
    await inspect(decider.page, 'file', 'keep');
    await decider.prepare('Donner l’accord…', 'Docs', approval);
    expect(await decider.text()).toContain('Rien n’est encore envoyé.');
    expect(await decider.text('.letter')).toContain('Rester une association déclarée.');
    await inspect(decider.page, 'preview', 'keep');
    await decider.way.press('Envoyer');
    expect(await decider.text()).toContain('L’accord est donné et le courrier est envoyé.');
    await inspect(decider.page, 'file-decided', 'keep');
    await decider.prepare('Refuser…', 'Tchap', {
      motif: 'no_public_mission',
      texte: 'Les échanges décrits ne servent pas une mission publique.',
    });
    await decider.way.press('Proposer à une deuxième personne');
    expect(await decider.text()).toContain('En attente d’une deuxième personne.');

    const second = await operatorAt(stage(), 'second@operateur.example');
    await second.page.getByRole('link', { name: /^\d+\s*à confirmer$/u }).click();
    await second.way.follow('Association sportive fictive');
    await inspect(second.page, 'file-to-confirm', 'keep');
    await second.prepare('Relire et confirmer…', 'Tchap', {});
    await second.way.press('Envoyer');
    expect(await second.text()).toContain('La décision est prise et le courrier est envoyé.');

    // What the association may do now, and what it is told.
    await way.openTool('docs');
    expect(await way.text('.notice')).toMatch(
      /^Docs vous est ouvert, comme membre, .* Pourquoi : votre organisation a reçu un accord\.$/,
    );
    await page.goto(`${world.issuer}/demandes/${id}`);
    await inspect(page, 'applicant-file-decided', 'keep');
    const letters = page.locator('main ul', { hasText: 'À lire' });
    for (const [title, said] of [
      ['accordé', 'Rester une association déclarée.'],
      ['refus', 'Les échanges décrits ne servent pas une mission publique.'],
    ] as const) {
      await letters.getByRole('link', { name: title }).click();
      expect(await way.text('.letter')).toContain(said);
      await inspect(page, 'letter', 'keep');
      await way.follow('Revenir au dossier');
    }
    await way.openTool('tchap');
    expect(await way.text('h1')).toBe('Tchap n’est pas encore ouvert à votre association');
    expect(await way.text('.steps')).toContain(`Lire la décision, et comment la contester : dossier ${id}.`);
    await inspect(page, 'refusal-after-refusal', 'keep');

    // An incident: what will be sent stands beside the form while it is written, and goes from there. The door closes, with
    // what was open behind it.
    await decider.page.reload();
    await decider.write('Suspendre en urgence…', 'Docs', {
      motif: 'security_incident',
      texte: 'Un compte envoie des messages.',
    });
    const live = decider.page.locator('.live');
    await live.locator('.letter', { hasText: 'Un compte envoie des messages.' }).waitFor();
    const told = await live.getByRole('status').textContent();
    expect(told).toMatch(/^La lettre est à jour/u);
    // What stood there is not what is written now: it goes, and comes back without another word to who listens.
    await decider.page.locator('#texte').pressSequentially(' Ils sont frauduleux.');
    await live.locator('.letter').waitFor({ state: 'detached' });
    await live.locator('.letter', { hasText: 'Ils sont frauduleux.' }).waitFor();
    expect(await live.getByRole('status').textContent()).toBe(told);
    expect(await live.textContent()).toContain('1 personne perd son accès');
    await inspect(decider.page, 'file-live', 'keep');
    await live.getByRole('button', { name: 'Envoyer' }).click();
    expect(await decider.text()).toContain('L’accès est suspendu et le courrier est envoyé.');
    await page.goto(`${world.tools}/docs/`);
    await expect
      .poll(
        async () => {
          await way.press('Demander les informations à jour');
          return way.text('.notice');
        },
        { timeout: 15_000 },
      )
      .toContain('Votre connexion a pris fin.');
    await way.openTool('docs');
    expect(page.url()).toContain(world.issuer);
    expect(await way.text('.steps')).toContain(`Lire la décision et y répondre : dossier ${id}.`);
    await inspect(page, 'refusal-suspended', 'keep');

    // All of it is in the record, and the record holds.
    const auditor = await operatorAt(
      stage(),
      'controle@operateur.example',
      `/journal?objet=registration:${id}`,
    );
    await inspect(auditor.page, 'record', 'keep');
    expect(await auditor.text()).toContain('registration.suspend_urgently');
    const [exported] = await Promise.all([
      auditor.page.waitForEvent('download'),
      auditor.way.press('Télécharger en tableau (CSV)'),
    ]);
    const lines = await readFile(await exported.path(), 'utf8');
    for (const act of ['submit', 'ask_pieces', 'approve', 'propose', 'confirm', 'suspend_urgently'])
      expect(lines).toContain(`registration.${act}`);
    const { db } = world.broker.stores;
    expect(await verifyAudit(db)).toMatchObject({ broken: 0, breaks: [] });
  });

  test('without scripts, up to the receipt', { timeout: 60_000 }, async () => {
    const { page } = await stage().visit({ javaScriptEnabled: false });
    const way = wayOf(page, stage().world);
    await way.signIn('tchap', 'membre@amd-fictif.example');
    const id = await fileRequest(page, way, { services: ['tchap'], inspect: () => Promise.resolve() });
    expect(await way.text('.letter')).toContain(id);
  });
});

/** `?` for help, `j` and `k` for the lines; nothing of it while somebody types. Ends on the last line. */
async function walkQueue({ page }: Operator, [first, last]: readonly [string, string]): Promise<void> {
  const press = (key: string) => page.keyboard.press(key);
  const stands = () => page.locator('tr[aria-current] th a:focus').getAttribute('href');
  await press('?');
  await page.getByText('Ligne suivante').waitFor();
  await press('?');
  await page.getByText('Ligne suivante').waitFor({ state: 'hidden' });
  await press('j');
  expect(await stands()).toContain(first);
  await press('j');
  expect(await stands()).toContain(last);
  // No line beyond the last one, nor before the first one.
  await press('j');
  expect(await stands()).toContain(last);
  await press('k');
  await press('k');
  expect(await stands()).toContain(first);
  await page.locator('#q').fill('');
  await page.keyboard.type('jk?');
  expect(await page.inputValue('#q')).toBe('jk?');
  await page.getByText('Ligne suivante').waitFor({ state: 'hidden' });
  await page.locator('#q').fill('');
  await page.locator('#q').blur();
  await press('j');
  await press('j');
  expect(await stands()).toContain(last);
}
