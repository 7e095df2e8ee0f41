/** What browsers do besides going forward: back, tabs, another language. */
import { expect, test } from 'vitest';
import { wayOf } from './journey-visit.ts';
import type { Stage } from './journey-visit.ts';

export function turns(stage: () => Stage): void {
  const arrive = async () => {
    const { world } = stage();
    const visit = await stage().visit();
    return { world, visit, page: visit.page, way: wayOf(visit.page, world) };
  };

  test('English by the link at the foot of the page, kept on the next pages and by the next tool', async () => {
    const { page, way } = await arrive();
    await way.openTool('tchap');
    await way.follow('English');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    expect(await way.text('h1')).toBe('Sign in to Tchap');
    await page.getByLabel('Work e-mail address').fill('membre@amd-fictif');
    await way.press('Continue');
    expect(await page.title()).toMatch(/^Error – /);
    await page.getByLabel('Work e-mail address').fill('membre@amd-fictif.example');
    await way.press('Continue');
    await way.pick('membre@amd-fictif.example');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    expect(await way.text('h1')).toBe('Tchap is not open to your association yet');
    expect(await way.text()).toContain('Docs, until 31 December 2028');
    await way.follow('Back to Tchap');
    await way.openTool('tchap');
    await way.follow('Français');
    expect(await way.text('h1')).toBe('Tchap n’est pas encore ouvert à votre association');
  });

  test('back from the identity provider: another address can be given', async () => {
    const { page, way } = await arrive();
    await way.openTool('docs');
    await way.giveAddress('agent@commune.example');
    expect(await way.text('h1')).toBe('Qui êtes-vous ?');
    await page.goBack();
    expect(await way.text('h1')).toBe('Se connecter à Docs');
    await way.giveAddress('agent@etat.example');
    await way.pick('agent@etat.example');
    expect(await way.text('h1')).toBe('Vous êtes connecté à Docs');
    expect(await way.text('dl')).toContain('agent@etat.example');
  });

  test('back after success: pages say in French that the attempt is over, and the tool stays open', async () => {
    const { page, way, world } = await arrive();
    await way.signIn('docs', 'agent@commune.example');
    await page.goBack();
    expect(page.url()).toContain(world.idp);
    expect(await way.text()).toContain('Revenez au service et recommencez.');
    await page.goBack();
    expect(page.url()).toContain(`${world.issuer}/interaction/`);
    expect(await page.title()).toBe('Erreur – Cette page de connexion n’est plus valable – Maillon');
    expect(await way.text()).toContain('Ce que vous pouvez faire');
    await page.goto(`${world.tools}/docs/`);
    expect(await way.text('h1')).toBe('Vous êtes connecté à Docs');
    await way.openTool('tchap');
    expect(await way.text('h1')).toBe('Vous êtes connecté à Tchap');
  });

  test('two tabs at once, each for its tool: both arrive, whichever ends first', async () => {
    const { visit, way, world } = await arrive();
    const other = wayOf(await visit.tab(), world);
    await way.openTool('docs');
    await other.openTool('visio');
    await way.giveAddress('agent@commune.example');
    await other.giveAddress('agent@commune.example');
    await other.pick('agent@commune.example');
    expect(await other.text('h1')).toBe('Vous êtes connecté à Visio');
    await way.pick('agent@commune.example');
    expect(await way.text('h1')).toBe('Vous êtes connecté à Docs');
  });

  test('two people in two tabs of one browser: the second takes the portal, no tool mixes them', async () => {
    const { visit, way, world } = await arrive();
    const tab = await visit.tab();
    const other = wayOf(tab, world);
    await way.openTool('docs');
    await other.signIn('visio', 'membre@asso.example');
    await way.giveAddress('agent@commune.example');
    await way.pick('agent@commune.example');
    expect(await way.text('dl')).toContain('agent@commune.example');
    await tab.reload();
    expect(await other.text('dl')).toContain('membre@asso.example');
    // His session at the portal ended when somebody else signed in there.
    await other.press('Demander les informations à jour');
    expect(await other.text('.notice')).toContain('Votre connexion a pris fin.');
  });
}
