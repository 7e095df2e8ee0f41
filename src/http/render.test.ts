import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { PageName, Pages } from './http.ts';
import { addresses, closed, closedThere, closedWhole } from '../../test/browser/closed-values.ts';
import { samples } from '../../test/browser/page-samples.ts';
import type { Sample } from '../../test/browser/page-samples.ts';
import { startPageServer } from '../../test/browser/page-server.ts';
import type { PageServer } from '../../test/browser/page-server.ts';

const hostileText = `"'><script>alert(1)</script><img src=x onerror=alert(2)> {{service}} $t(common.brand) <%= it.t %> ${'é'.repeat(400)}`;
const anyModel = z.custom<Pages[PageName]>((value) => typeof value === 'object');
const spoilt = (value: unknown, key: string, path: string): unknown => {
  if (closedWhole.has(key)) return value;
  if (Array.isArray(value)) return value.map((one, at) => spoilt(one, String(at), `${path}.${at}`));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, spoilt(member, name, `${path}.${name}`)]),
    );
  if (typeof value !== 'string' || closed.has(key) || closedThere.test(path)) return value;
  return addresses.has(key) ? 'javascript:alert(document.domain)//"><script>' : hostileText;
};
const hostile = (model: Pages[PageName]): Pages[PageName] =>
  anyModel.parse(spoilt(JSON.parse(JSON.stringify(model)), '', ''));

const hostileSamples: readonly Sample[] = samples.map((sample) => ({
  ...sample,
  name: `hostile-${sample.name}`,
  model: hostile(sample.model),
}));

let server: PageServer;
beforeAll(async () => {
  server = await startPageServer({ samples: [...samples, ...hostileSamples] });
});
afterAll(() => server.close());

const matches = (html: string, pattern: RegExp): string[] =>
  [...html.matchAll(pattern)].map((found) => found[1] ?? '');

const get = async (path: string): Promise<{ response: Response; html: string }> => {
  const response = await fetch(server.origin + path, { headers: { accept: 'text/html' } });
  return { response, html: await response.text() };
};

describe.each(['fr', 'en'] as const)('in %s', (lang) => {
  test.each([...samples, ...hostileSamples].map((sample) => [sample.name, sample] as const))(
    '%s is one well-made page',
    async (name) => {
      const { response, html } = await get(`/page/${name}?lang=${lang}`);
      expect(response.status).toBe(200);
      expect(html).toMatch(/^<!doctype html>/);
      expect(html).toContain(`<html lang="${lang}">`);
      expect(matches(html, /<h1>\s*(?:<a [^>]*>)?([^<]+)/g)).toHaveLength(1);
      expect(matches(html, /<h1\b()/g)).toHaveLength(1);
      expect(matches(html, /<title>([^<]+) – Maillon<\/title>/g)).toHaveLength(1);
      expect(html).toContain('href="#contenu"');
      expect(html).toContain('id="contenu"');
      expect(html).not.toContain('undefined');
      expect(html).not.toContain('[object Object]');
      // Ids are unique, and each visible field has its label.
      const ids = matches(html, /\sid="([^"]+)"/g);
      expect(new Set(ids).size).toBe(ids.length);
      const fields = matches(html, /<(?:input|select|textarea)\b(?![^>]*type="hidden")([^>]*)>/g).map(
        (field) => /id="([^"]+)"/.exec(field)?.[1],
      );
      const labels = matches(html, /<label\b[^>]*\sfor="([^"]+)"/g);
      expect(labels.sort()).toEqual(fields.sort());
      for (const described of matches(html, /aria-(?:describedby|labelledby)="([^"]+)"/g).flatMap((list) =>
        list.split(' '),
      )) {
        expect(ids).toContain(described);
      }
      // Radio buttons are in a fieldset with a legend.
      if (html.includes('type="radio"')) expect(html).toMatch(/<fieldset[^>]*>\s*<legend>[^<]+<\/legend>/);
      // 60 kB with the style sheet, and nothing of the page's own that the policy would refuse.
      expect(Buffer.byteLength(html)).toBeLessThan(name.startsWith('hostile-') ? 80_000 : 40_000);
      expect(html).not.toMatch(/<[^>]+\sstyle=|<style|\son\w+="/);
    },
  );

  test.each(hostileSamples.map((sample) => sample.name))('%s shows hostile values as text', async (name) => {
    const { html } = await get(`/page/${name}?lang=${lang}`);
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('<img src=x');
    expect(html.toLowerCase()).not.toContain('href="javascript:');
    expect(html.toLowerCase()).not.toContain('action="javascript:');
    // Values are not expanded a second time.
    if (html.includes('{{service}}')) expect(html).toContain('$t(common.brand)');
  });
});

test('a page with an error says so first in its title, and links the summary to the field', async () => {
  const { html } = await get('/page/email-error');
  expect(html).toContain('<title>Erreur – Se connecter à Docs – Maillon</title>');
  expect(html).toMatch(/role="alert" tabindex="-1" autofocus>[\s\S]*<a href="#email">/);
  expect(html).toContain('aria-invalid="true"');
  expect(html).toContain('value="prenom.nom@@ma-commune"');
  const english = await get('/page/email-error?lang=en');
  expect(english.html).toContain('<title>Error – Sign in to Docs – Maillon</title>');
});

test('the refusal says who, why, what is approved until when, who decides, what to do, and the reference', async () => {
  const { html } = await get('/page/refusal');
  const words = html
    .replace(/<[^>]+>/g, '')
    .replaceAll('\u00a0', ' ')
    .replaceAll('&#39;', "'");
  expect(words).toContain('Tchap n’est pas encore ouvert à votre association');
  expect(words).toContain('Vous alliez vers Tchap');
  expect(words).toContain('AMD-FICTIF, association déclarée');
  expect(words).toContain('Docs, jusqu’au 31 décembre 2028');
  expect(words).toContain('Visio comme invité, jusqu’au 1er janvier 2027');
  expect(words).toContain('L’opérateur du département (prendre contact)');
  expect(words).toContain('Référence à donner si vous appelez : M-ELIG-012 · 7F3A-91C2');
  expect(html).toContain('action="/interaction/essai/abandon"');
});

test('without a reason of its own, the refusal speaks with the catalogue', async () => {
  const { html } = await get('/page/refusal-plain');
  expect(html).toContain('Nous ne savons pas pour quelle organisation vous agissez');
});

test('the language link keeps the page and its query', async () => {
  const { html } = await get('/page/home?siret=130&lang=fr');
  expect(html).toContain('href="?siret=130&amp;lang=en" lang="en" hreflang="en"');
});

test('the accessibility statement has every compulsory heading and claims nothing', async () => {
  const { html } = await get('/page/accessibilite');
  const headings = matches(html, /<h[23]>([^<]+)<\/h[23]>/g);
  expect(headings).toEqual([
    'État de conformité',
    'Résultats des tests',
    'Contenus non accessibles',
    'Non-conformités',
    'Dérogations pour charge disproportionnée',
    'Contenus non soumis à l’obligation d’accessibilité',
    'Établissement de cette déclaration',
    'Technologies utilisées',
    'Environnement de test',
    'Outils pour évaluer l’accessibilité',
    'Pages du site ayant fait l’objet de la vérification de conformité',
    'Retour d’information et contact',
    'Voies de recours',
  ]);
  expect(html).toContain('n’est pas conforme');
  expect(html).not.toMatch(/partiellement|totalement|\d %/);
});

test('the demonstration banner stays until somebody answers for the site', async () => {
  expect((await get('/page/email')).html).toContain('ce site n’est pas un service de l’État');
  const named = await startPageServer({
    samples,
    publisher: { name: 'Syndicat', contact: 'mailto:a@b.example' },
  });
  const html = await (await fetch(`${named.origin}/page/email`)).text();
  expect(html).not.toContain('ce site n’est pas un service de l’État');
  await named.close();
});

test('every address of ours starts with the path of the issuer', async () => {
  const under = await startPageServer({ samples, basePath: '/api/v2' });
  const html = await (await fetch(`${under.origin}/api/v2/page/home`)).text();
  for (const address of matches(html, /(?:href|src|action)="(\/[^"]*)"/g))
    expect(address).toMatch(/^\/api\/v2\//);
  const css = /href="([^"]+\.css)"/.exec(html)?.[1] ?? '';
  const answer = await fetch(under.origin + css);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect((await fetch(`${under.origin}/api/v2/accessibilite`)).status).toBe(200);
  await under.close();
});
