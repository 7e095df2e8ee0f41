/** What an operator writes: read before it is sent, kept when it cannot be, never from a page that is not true any more. */
import { beforeEach, expect, test } from 'vitest';
import { approval, digest, file, version } from './console-world.ts';
import type { Console } from './console-world.ts';
import { parisDay } from '../support/days.ts';

export function forms({
  as,
  at,
  get,
  moveClock,
  post,
  said,
  stateOf,
  submitted,
  take,
  world,
}: Console): void {
  let id: string;
  beforeEach(async () => {
    id = await submitted();
  });

  test('what is wrong in a form is said beside its field, with what was typed', async () => {
    await take('decider', id);
    const vu = version(await get('decider', file(id)));
    const page = await post('decider', `${file(id)}/apercu/agreer`, {
      ...approval,
      au: '2020-01-01',
      texte: ' ',
      vu,
    });
    expect(page.status).toBe(422);
    expect(page.body).toContain('href="#texte"');
    expect(page.body).toMatch(/id="texte"[^>]*aria-invalid="true"/u);
    expect(page.body).toContain('Rester une association déclarée.');
    const again = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, au: '2020-01-01', vu });
    expect(again.body).toMatch(/id="au"[^>]*aria-invalid="true"/u);
    // Back from the preview, nothing is lost.
    const preview = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, vu });
    const back = await (
      await as('decider')
    ).browser.post(at(`${file(id)}/reprendre/agreer`), {
      ...approval,
      vu,
    });
    expect(preview.status).toBe(200);
    expect(back.body).toContain(approval.texte);
    expect(back.body).toMatch(/value="member" selected/u);
  });

  test('nothing is sent that was not read, nor from a page that is not true any more', async () => {
    await take('decider', id);
    const vu = version(await get('decider', file(id)));
    const unread = await post('decider', `${file(id)}/actes/agreer`, { ...approval, vu });
    expect([unread.status, said(unread)]).toEqual([
      409,
      expect.stringContaining('Le courrier n’est plus celui que vous avez relu'),
    ]);
    const preview = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, vu });
    const lettre = digest(preview);
    const other = await post('decider', `${file(id)}/actes/agreer`, {
      ...approval,
      texte: 'Autre chose.',
      vu,
      lettre,
    });
    expect([other.status, said(other)]).toEqual([
      409,
      expect.stringContaining('Le courrier n’est plus celui que vous avez relu'),
    ]);
    // One's own note changes nothing to what one is deciding; what a colleague wrote is read first.
    await post('decider', `${file(id)}/actes/noter`, { texte: 'Une note.', vu });
    expect((await post('decider', `${file(id)}/apercu/agreer`, { ...approval, vu })).status).toBe(200);
    await post('reviewer', `${file(id)}/actes/noter`, { texte: 'Attention : statuts modifiés.', vu });
    for (const path of ['apercu', 'actes']) {
      const stale = await post('decider', `${file(id)}/${path}/agreer`, { ...approval, vu, lettre });
      expect(stale.status).toBe(409);
      expect(said(stale)).toContain('Le dossier a changé pendant que vous le lisiez');
      expect(said(stale)).toContain('Attention : statuts modifiés.');
      expect(stale.body).toContain(approval.texte);
      expect(stale.body).toMatch(/value="member" selected/u);
    }
    expect(await stateOf(id)).toBe('under_review');
  });

  test('a decision asks for a recent sign-in, and what was typed is there afterwards', async () => {
    await take('decider', id);
    const vu = version(await get('decider', file(id)));
    moveClock(20 * 60_000);
    try {
      const page = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, acte: 'agreer', vu });
      expect([page.status, said(page)]).toEqual([403, expect.stringContaining('M-FILE-037')]);
      const link = (await as('decider')).browser.links(page).find(({ href }) => href.includes('/entrer'));
      const back = new URL(link?.href ?? '').searchParams.get('vers') ?? '';
      expect(back).toContain('acte=agreer');
      const kept = await get('decider', back);
      expect(kept.body).toContain(approval.texte);
      expect(kept.body).toContain(`value="${approval.au}"`);
      // What decides nothing does not ask for it.
      expect((await post('decider', `${file(id)}/actes/noter`, { texte: 'Une note.', vu })).status).toBe(200);
    } finally {
      moveClock(0);
    }
  });

  test('a long explanation passes whole', async () => {
    await take('decider', id);
    const vu = version(await get('decider', file(id)));
    const texte = 'é'.repeat(9_900);
    const preview = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, texte, vu });
    expect(preview.status).toBe(200);
    expect(preview.body).toContain(texte);
  });

  test('a form from another site does nothing', async () => {
    const vu = version(await get('decider', file(id)));
    const page = await (
      await as('decider')
    ).browser.post(at(`${file(id)}/actes/prendre`), { vu }, { initiator: 'https://elsewhere.example' });
    expect(page.status).toBe(403);
    expect((await world().broker.registrations.forOperator(id))?.file.taken).toBeUndefined();
  });

  test('a right lasts five years at most', async () => {
    const id = await submitted(['docs']);
    const today = parisDay();
    const page = await post('decider', `/operateur/dossiers/${id}/apercu/agreer`, {
      service: 'docs',
      niveau: 'guest',
      fondement: 'operator_doctrine',
      du: today,
      au: `${String(Number(today.slice(0, 4)) + 5)}-12-31`,
      texte: 'Trop long.',
      vu: '1',
    });
    expect(page.status).toBe(422);
  });

  test('what no database keeps is no address and no word', async () => {
    const id = await submitted(['docs']);
    for (const path of [
      `/operateur/dossiers/${id}%00`,
      '/operateur/organisations/%00',
      '/operateur?q=%00',
      '/operateur/suivant?apres=%00',
      '/operateur/journal?objet=%00',
    ])
      expect([path, (await get('decider', path)).status]).toEqual([path, 404]);
    expect(
      (await post('decider', `/operateur/dossiers/${id}/actes/noter`, { texte: 'a\0b', vu: '1' })).status,
    ).toBe(422);
  });

  test('while it is written, the letter and the claim stand beside the form; what is sent is what stood there', async () => {
    await take('decider', id);
    const page = await get('decider', `${file(id)}?service=docs&acte=agreer`);
    expect(page.body).toContain(`data-live="${new URL(at(file(id))).pathname}/en-direct/agreer"`);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("script-src 'self';");
    const vu = version(page);
    const live = (typed: Readonly<Record<string, string>> = {}) =>
      post('decider', `${file(id)}/en-direct/agreer`, { ...approval, vu, ...typed });
    const unfinished = await live({ texte: ' ', au: '2020-01-01' });
    expect(said(unfinished)).toMatch(
      /Avant l’aperçu, il reste : Jusqu’au \(inclus\) : [^;]+ ; Explication écrite/u,
    );
    expect(digest(unfinished)).toBe('');

    const shown = await live();
    expect(said(shown)).toContain(approval.texte);
    expect(shown.body).toContain('&quot;decision&quot;: &quot;allow&quot;');
    expect(digest(shown)).toBe(
      digest(await post('decider', `${file(id)}/apercu/agreer`, { ...approval, vu })),
    );
    expect(digest(await live({ texte: 'Autre chose.' }))).not.toBe(digest(shown));
    expect(await stateOf(id)).toBe('under_review');
    // To look asks for no second factor again, to send does; nobody looks from elsewhere, nor beyond their role.
    moveClock(20 * 60_000);
    expect((await live()).status).toBe(200);
    const late = await post('decider', `${file(id)}/actes/agreer`, {
      ...approval,
      vu,
      lettre: digest(shown),
    });
    expect([late.status, said(late)]).toEqual([403, expect.stringContaining('M-FILE-037')]);
    moveClock(0);
    const { browser } = await as('decider');
    const elsewhere = await browser.post(
      at(`${file(id)}/en-direct/agreer`),
      { ...approval, vu },
      { initiator: 'https://elsewhere.example' },
    );
    expect(elsewhere.status).toBe(403);
    expect((await post('reviewer', `${file(id)}/en-direct/agreer`, { ...approval, vu })).status).toBe(403);

    const done = await browser.submitForm(shown, {}, { form: '/actes/agreer' });
    expect(done.url).toContain('fait=agreer');
    expect(await stateOf(id)).toBe('approved');
    const letters = (await world().broker.registrations.forOperator(id))?.letters ?? [];
    expect(letters.at(-1)?.sha256).toBe(digest(shown));
    await post('reviewer', `${file(id)}/actes/noter`, { texte: 'Bien noté.', vu });
    expect(said(await live())).toContain('Le dossier a changé depuis que vous l’avez ouvert');
  });
}
