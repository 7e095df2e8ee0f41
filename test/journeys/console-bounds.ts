/** Who may, and where: roles, perimeters, one’s own organization. What lies outside does not exist. */
import { afterEach, expect, test } from 'vitest';
import { association, mayors } from '../../src/registrations/testing/room.ts';
import { applicant, approval, file, version } from './console-world.ts';
import type { Console } from './console-world.ts';

export function bounds({ at, desk, get, operator, post, said, stateOf, submitted, take }: Console): void {
  afterEach(() => operator().restore());

  test('a reviewer decides nothing, an auditor changes nothing, who writes rules sees no file', async () => {
    const id = await submitted();
    await take('reviewer', id);
    const vu = version(await get('reviewer', file(id)));
    for (const path of ['apercu/agreer', 'actes/agreer', 'apercu/confirmer']) {
      const page = await post('reviewer', `${file(id)}/${path}`, { ...approval, vu });
      expect([path, page.status, said(page)]).toEqual([path, 403, expect.stringContaining('M-FILE-006')]);
    }
    const read = await get('auditor', file(id));
    expect(read.status).toBe(200);
    for (const part of ['/actes/', '/apercu/']) expect(read.body).not.toContain(part);
    expect((await post('auditor', `${file(id)}/actes/noter`, { texte: 'x', vu })).status).toBe(403);
    expect((await get('rules', file(id))).status).toBe(403);
    expect((await get('rules', '/operateur/journal')).status).toBe(403);
    expect((await get('rules', '/operateur')).url).toBe(at('/operateur/organisations'));
    expect((await get('decider', '/operateur/journal')).status).toBe(403);
    expect(await stateOf(id)).toBe('under_review');
  });

  test('out of the perimeter, nothing is there: neither file, nor piece, nor organization, nor line', async () => {
    const id = await submitted();
    await operator().declare('operator', 'nadia-lefort', (document) => ({
      ...document,
      perimeter: { departments: ['2A'] },
    }));
    for (const path of [
      file(id),
      `${file(id)}/pieces/00000000-0000-4000-8000-000000000000`,
      `/operateur/organisations/${association}`,
    ]) {
      const page = await get('reviewer', path);
      expect([path, page.status]).toEqual([path, 404]);
    }
    expect((await post('reviewer', `${file(id)}/actes/prendre`, { vu: '1' })).status).toBe(404);
    expect(said(await get('reviewer', '/operateur'))).not.toContain(id);
    expect(said(await get('reviewer', `/operateur?q=${id}`))).not.toContain('Association sportive');
    // With another service of the same file, the file is there, and that service is not theirs to decide.
    const both = await submitted(['docs', 'tchap']);
    await operator().declare('operator', 'olivier-garnier', (document) => ({
      ...document,
      perimeter: { services: ['docs'] },
    }));
    const page = await get('second', file(both));
    expect(page.status).toBe(200);
    await take('second', both);
    const vu = version(await get('second', file(both)));
    expect(
      (await post('second', `${file(both)}/apercu/agreer`, { ...approval, service: 'tchap', vu })).status,
    ).toBe(404);
    expect((await post('second', `${file(both)}/apercu/agreer`, { ...approval, vu })).status).toBe(200);
  });

  test('nobody decides for their own organization', async () => {
    const id = await submitted();
    await operator().declare('operator', 'olivier-garnier', (document) => ({
      ...document,
      organization_siren: association,
    }));
    const page = await get('second', file(id));
    expect(said(page)).toContain('Vous agissez pour cette organisation');
    expect(page.body).not.toContain('/actes/prendre');
    const forced = await post('second', `${file(id)}/actes/prendre`, { vu: version(page) });
    expect([forced.status, said(forced)]).toEqual([403, expect.stringContaining('M-FILE-005')]);
  });

  test('out of a perimeter of services, no page tells of the other services', async () => {
    const other = await submitted(['tchap'], { organization: mayors });
    const mine = await desk().draft(applicant, ['visio'], mayors);
    await desk().submit(mine, applicant);
    const organization = `/operateur/organisations/${mayors}`;
    expect(said(await get('decider', organization))).toContain(other);
    expect((await get('decider', `/operateur/dossiers/${mine}`)).body).toContain(`/dossiers/${other}`);
    expect(said(await get('decider', '/operateur/statistiques'))).toContain('Tchap');
    await operator().declare('operator', 'helene-marchand', (document) => ({
      ...document,
      perimeter: { services: ['visio'] },
    }));
    const bounded = said(await get('decider', organization));
    expect(bounded).toContain(mine);
    expect(bounded).not.toContain(other);
    expect(bounded).not.toContain('Tchap');
    expect((await get('decider', `/operateur/dossiers/${mine}`)).body).not.toContain(`/dossiers/${other}`);
    expect(said(await get('decider', '/operateur/statistiques'))).not.toContain('Tchap');
  });
}
