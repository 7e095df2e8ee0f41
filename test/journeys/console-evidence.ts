/** The documents of a file: who reads them leaves a trace, and says what they are worth. */
import { beforeEach, expect, test } from 'vitest';
import { applicant, file } from './console-world.ts';
import type { Console } from './console-world.ts';

export function evidence({ as, get, said, submitted, take, world }: Console): void {
  let id: string;
  beforeEach(async () => {
    id = await submitted();
  });

  test('who reads a piece leaves a trace of it, and gets it as a file', async () => {
    const { registrations, stores } = world().broker;
    const piece = await registrations.addPiece(id, applicant.accountId, {
      kind: 'statutes',
      file: { name: 'statuts.pdf', mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.4 <script>') },
    });
    const path = `${file(id)}/pieces/${piece.id}`;
    expect((await get('reviewer', file(id))).body).toContain(path);
    const got = await get('reviewer', path);
    expect([got.status, got.headers['content-type'], got.body]).toEqual([
      200,
      'application/pdf',
      '%PDF-1.4 <script>',
    ]);
    expect(got.headers['content-disposition']).toMatch(/^attachment/u);
    expect(got.headers['content-security-policy']).toContain('sandbox');
    const traces = await stores.db
      .selectFrom('audit_entry')
      .select('actor')
      .where('act', '=', 'evidence.read')
      .where('subject', '=', `registration:${id}`)
      .execute();
    expect(traces).toEqual([{ actor: 'operator:nadia-lefort' }]);
    const other = await submitted(['tchap']);
    expect((await get('reviewer', `${file(other)}/pieces/${piece.id}`)).status).toBe(404);
    expect((await get('rules', path)).status).toBe(403);
  });

  test('a verdict on a piece is shown beside it', async () => {
    const piece = await world().broker.registrations.addPiece(id, applicant.accountId, {
      kind: 'statutes',
      file: { name: 'statuts.pdf', mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.4') },
    });
    await take('reviewer', id);
    const page = await get('reviewer', file(id));
    const done = await (
      await as('reviewer')
    ).browser.submitForm(
      page,
      { verdict: 'rejected', texte: 'Non signés.', piece: piece.id },
      { form: '/actes/verifier' },
    );
    expect(said(done)).toMatch(/Statuts\s*écartée/u);
    expect(said(done)).toContain('Nadia Lefort : Non signés.');
  });
}
