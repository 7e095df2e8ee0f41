/** The people of the demonstration, with a mouse. */
import { expect, test } from 'vitest';
import { wayOf } from './journey-visit.ts';
import type { Stage } from './journey-visit.ts';

export function people(stage: () => Stage): void {
  const arrive = async () => {
    const { world } = stage();
    const { page } = await stage().visit();
    return { world, page, way: wayOf(page, world) };
  };

  test('an agent of a commune opens Docs, from the list of the tools', async () => {
    const { world, page, way } = await arrive();
    await page.goto(`${world.tools}/`);
    await way.follow('Docs');
    await way.follow('Se connecter');
    expect(page.url()).toContain(`${world.issuer}/interaction/`);
    expect(await page.title()).toBe('Se connecter à Docs – Maillon');
    expect(await way.text('header')).toContain('Vous allez vers Docs');
    await way.giveAddress('agent@commune.example');
    expect(page.url()).toContain(`${world.idp}/`);
    expect(await way.text('main li:first-child')).toMatch(
      /Yann Bihan-Morel[\s\S]*Adresse que vous avez saisie/,
    );
    await way.pick('agent@commune.example');
    expect(page.url()).toBe(`${world.tools}/docs/`);
    expect(await way.text('h1')).toBe('Vous êtes connecté à Docs');
    expect(await way.text('.notice')).toBe(
      'Docs vous est ouvert, comme membre. Pourquoi : votre organisation relève du service public.',
    );
    expect(await way.text('dl')).toContain('Commune de Nantes');
  });

  test('an association opens Docs until the end of its approval; Tchap says why not, who decides, what to do', async () => {
    const { world, page, way } = await arrive();
    await way.signIn('docs', 'membre@amd-fictif.example');
    expect(await way.text('.notice')).toBe(
      'Docs vous est ouvert, comme membre, jusqu’au 31 décembre 2028 inclus. ' +
        'Pourquoi : votre organisation a reçu un accord.',
    );
    expect(await way.text('dl')).toContain('association déclarée');

    await way.openTool('tchap');
    expect(page.url()).toContain(`${world.issuer}/interaction/`);
    expect(await page.title()).toBe('Tchap n’est pas encore ouvert à votre association – Maillon');
    expect(await way.text('h1')).toBe('Tchap n’est pas encore ouvert à votre association');
    expect(await way.text('header')).toContain('Vous alliez vers Tchap');
    const refusal = await way.text();
    for (const said of [
      'Votre connexion a réussi.',
      'Vous agissez pour\nAMD-FICTIF, association des maires du département fictif',
      'Accord en cours\nDocs, jusqu’au 31 décembre 2028',
      'Qui décide\nÉquipe Tchap de l’opérateur de démonstration',
      'Réponse en deux mois au plus.',
      'Ce que vous pouvez faire',
    ]) {
      expect(refusal).toContain(said);
    }
    expect(refusal).toMatch(/Référence à donner si vous appelez : M-ELIG-012 · [0-9A-F]{4}-[0-9A-F]{4}/);
    const contact = page.getByRole('link', { name: 'prendre contact' });
    expect(await contact.getAttribute('href')).toBe('mailto:tchap@operateur.example');

    await way.follow('Revenir à Tchap');
    expect(page.url()).toBe(`${world.tools}/tchap/`);
    expect(await way.text('.notice')).toMatch(
      /^Le portail de connexion a refusé l’accès\.\s+Motif : l’accord donné à votre organisation ne couvre pas cet outil\./,
    );
    // What was open stays open.
    await page.goto(`${world.tools}/docs/`);
    expect(await way.text('h1')).toBe('Vous êtes connecté à Docs');
  });

  test('an association without approval opens Visio, which everybody may join, and not Docs', async () => {
    const { page, way, world } = await arrive();
    await way.signIn('visio', 'membre@asso.example');
    expect(await way.text('.notice')).toBe(
      'Visio vous est ouvert, comme membre. Pourquoi : cet outil est ouvert à tous.',
    );
    expect(await way.text('dl')).toContain('rejoindre une réunion');
    await way.openTool('docs');
    expect(await way.text('h1')).toBe('Docs n’est pas encore ouvert à votre association');
    expect(await way.text()).not.toContain('Accord en cours');
    await way.follow('Revenir à Docs');
    expect(page.url()).toBe(`${world.tools}/docs/`);
    expect(await way.text('.notice')).toContain('Motif : votre organisation n’a pas reçu d’accord.');
  });

  test('an elected member chooses for whom he acts, and the other organization another time', async () => {
    const { page, way } = await arrive();
    await way.signIn('docs', 'elu@commune.example');
    expect(await way.text('h1')).toBe('Pour quelle organisation agissez-vous ?');
    const choices = page.getByRole('radio');
    expect(await choices.count()).toBe(2);
    await page.getByText('AMD-FICTIF, association des maires').click();
    await way.press('Continuer');
    expect(await way.text('.notice')).toContain('jusqu’au 31 décembre 2028 inclus');
    expect(await way.text('dl')).toContain('AMD-FICTIF');

    await way.openTool('tchap');
    expect(await way.text('li.choice:nth-child(2)')).toContain('N’ouvre pas Tchap');
    await page.getByText('Commune de Nantes').click();
    await way.press('Continuer');
    expect(await way.text('.notice')).toContain('votre organisation relève du service public');
  });

  test('sign out at the tool: here and at the portal, and the next time asks who comes', async () => {
    const { page, way, world } = await arrive();
    await way.signIn('docs', 'agent@commune.example');
    await way.press('Se déconnecter');
    await page.waitForURL(`${world.tools}/docs/`);
    expect(await way.text('.notice')).toBe('Vous êtes déconnecté.');
    await way.openTool('docs');
    expect(await way.text('h1')).toBe('Se connecter à Docs');
  });

  test('sign out at the portal: it asks, then says that it is done and where one may still be signed in', async () => {
    const { page, way, world } = await arrive();
    await way.signIn('docs', 'agent@commune.example');
    await page.goto(`${world.issuer}/session/end`);
    expect(await way.text('h1')).toBe('Se déconnecter');
    await way.press('Se déconnecter partout');
    expect(await way.text('h1')).toBe('La déconnexion est terminée');
    await page.goto(`${world.tools}/docs/login`);
    expect(await way.text('h1')).toBe('Se connecter à Docs');
  });

  test('a domain that nobody knows, like one that is known: what to do, another address, or back to the tool', async () => {
    const { page, way, world } = await arrive();
    await way.openTool('docs');
    await way.giveAddress('camille@comune.example');
    expect(await page.title()).toBe('Erreur – Nous ne connaissons pas encore votre adresse – Maillon');
    expect(await way.text('.notice')).toContain('@comune.example');
    expect(await way.text()).toContain('Vous agissez pour une association ?');
    await way.follow('Essayer une autre adresse');
    await way.giveAddress('camille@comune.example');
    await way.follow('Revenir à Docs');
    expect(page.url()).toBe(`${world.tools}/docs/`);
    expect(await way.text('.notice')).toContain('Le portail de connexion n’a pas donné l’accès');
  });

  test('a malformed address: the title says so, the summary has the focus, its link leads to the field', async () => {
    const { page, way } = await arrive();
    await way.openTool('docs');
    await way.giveAddress('agent@@commune.example');
    expect(await page.title()).toMatch(/^Erreur – Se connecter à Docs/);
    const summary = page.locator('#erreurs');
    await page.locator('#erreurs:focus').waitFor();
    await summary.getByRole('link').click();
    await page.locator('#email:focus').waitFor();
    expect(await page.inputValue('#email')).toBe('agent@@commune.example');
    expect(await page.getAttribute('#email', 'aria-invalid')).toBe('true');
    await way.giveAddress('agent@commune.example');
    expect(await way.text('h1')).toBe('Qui êtes-vous ?');
  });

  test('who turns back is told so by the tool: before the address, and at the identity provider', async () => {
    const { page, way, world } = await arrive();
    await way.openTool('docs');
    await way.follow('Revenir à Docs sans se connecter');
    expect(page.url()).toBe(`${world.tools}/docs/`);
    expect(await way.text('.notice')).toContain('Vous avez annulé la connexion.');
    await way.openTool('docs');
    await way.giveAddress('agent@commune.example');
    await way.press('Annuler');
    expect(page.url()).toContain(world.issuer);
    await way.follow('Revenir à Docs');
    expect(page.url()).toBe(`${world.tools}/docs/`);
  });
}
