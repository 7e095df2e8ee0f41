/** A browser that runs no script: nothing of the way depends on it. */
import { expect, test } from 'vitest';
import { wayOf } from './journey-visit.ts';
import type { Stage } from './journey-visit.ts';

export function withoutScript(stage: () => Stage): void {
  const arrive = async () => {
    const { world } = stage();
    const { page } = await stage().visit({ javaScriptEnabled: false });
    return { world, page, way: wayOf(page, world) };
  };

  test('an agent opens Docs and signs out, by a button where a script would press it', async () => {
    const { world, page, way } = await arrive();
    await way.signIn('docs', 'agent@commune.example');
    expect(page.url()).toBe(`${world.tools}/docs/`);
    expect(await way.text('h1')).toBe('Vous êtes connecté à Docs');
    await way.press('Se déconnecter');
    expect(page.url()).toContain(`${world.issuer}/session/end`);
    expect(await way.text()).toContain('Vous quittez Docs.');
    await way.press('Se déconnecter partout');
    expect(page.url()).toBe(`${world.tools}/docs/`);
    expect(await way.text('.notice')).toBe('Vous êtes déconnecté.');
    await way.openTool('docs');
    expect(await way.text('h1')).toBe('Se connecter à Docs');
  });

  test('an elected member corrects an address, chooses, is refused, chooses again', async () => {
    const { page, way } = await arrive();
    await way.openTool('tchap');
    await way.giveAddress('elu@commune');
    expect(await page.title()).toMatch(/^Erreur – /);
    await page.locator('#erreurs:focus').waitFor();
    await way.giveAddress('elu@commune.example');
    await way.pick('elu@commune.example');
    await page.getByText('AMD-FICTIF, association des maires').click();
    await way.press('Continuer');
    expect(await way.text('h1')).toBe('Tchap n’est pas encore ouvert à votre association');
    await page.getByRole('link', { name: 'Choisir une autre organisation' }).click();
    await page.getByText('Commune de Nantes').click();
    await way.press('Continuer');
    expect(await way.text('h1')).toBe('Vous êtes connecté à Tchap');
  });
}
