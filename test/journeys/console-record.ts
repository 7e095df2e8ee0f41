/** What is kept of the work: rules, statistics, the record, and the trace of who read. */
import { expect, test } from 'vitest';
import { association } from '../../src/registrations/testing/room.ts';
import type { Console } from './console-world.ts';

export function record({ get, post, said, submitted, take, world }: Console): void {
  test('services and their rules; statistics of a period', async () => {
    const rules = await get('rules', '/operateur/services');
    expect(rules.status).toBe(200);
    expect(said(rules)).toContain('Tchap');
    expect(said(rules)).toContain(
      'D’après le registre officiel, l’organisation ou son établissement est fermé.',
    );
    const statistics = await get('auditor', '/operateur/statistiques');
    expect(statistics.status).toBe(200);
    expect(said(statistics)).toContain('Par service');
    expect((await get('auditor', '/operateur/statistiques?du=2030-01-01&au=2020-01-01')).status).toBe(422);
    expect((await get('auditor', '/operateur/statistiques?du=x')).status).toBe(422);
  });

  test('how identity providers are, for all who read', async () => {
    for (const who of ['auditor', 'rules', 'reviewer'] as const) {
      const page = await get(who, '/operateur/fournisseurs');
      expect(page.status).toBe(200);
      // People have just signed in there.
      expect(said(page)).toContain('Fournisseur d’identité de démonstration');
      expect(said(page)).toContain('Les personnes y sont envoyées.');
    }
  });

  test('the auditor reads the record and takes it away, and both are in it', async () => {
    const id = await submitted();
    await take('reviewer', id);
    const page = await get('auditor', `/operateur/journal?objet=registration:${id}`);
    expect(page.status).toBe(200);
    expect(said(page)).toContain('registration.take');
    expect(said(page)).toContain('Nadia Lefort');
    expect((await get('auditor', '/operateur/journal?du=hier')).status).toBe(422);
    const csv = await post('auditor', '/operateur/journal/export', {
      format: 'csv',
      objet: `registration:${id}`,
    });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers['content-disposition']).toContain('attachment');
    expect(csv.body.split('\n')[0]).toContain('seq,at,act,subject');
    expect(csv.body).toContain('registration.submit');
    const lines = await post('auditor', '/operateur/journal/export', { format: 'jsonl' });
    expect(lines.body).toContain('"act":"audit.read"');
    expect(lines.body).toContain('"act":"audit.export"');
    expect((await post('auditor', '/operateur/journal/export', { format: 'xml' })).status).toBe(422);
    expect((await post('reviewer', '/operateur/journal/export', { format: 'csv' })).status).toBe(403);
  });

  test('reading a file leaves one trace an hour', async () => {
    const id = await submitted(['docs']);
    await get('decider', `/operateur/dossiers/${id}`);
    await get('decider', `/operateur/dossiers/${id}`);
    await get('decider', `/operateur/organisations/${association}`);
    const traces = await world()
      .broker.stores.db.selectFrom('audit_entry')
      .select('act')
      .where('actor', '=', 'operator:helene-marchand')
      .where('subject', 'in', [`registration:${id}`, `organization:${association}`])
      .where('act', 'like', '%.read')
      .execute();
    expect(traces.map(({ act }) => act).toSorted()).toEqual(['file.read', 'organization.read']);
  });
}
