import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { loadTerritories } from '../organizations/organizations.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { memberCoverageSchema, memberTemplate, readMembers } from './members.ts';

const now = new Date('2026-11-22T10:00:00Z');
let stores: Stores;
let dataDir: string;
beforeAll(async () => {
  dataDir = await newMigratedDataDir();
  stores = await openStores({ dataDir, clock: () => now });
  await migrate(stores, join(import.meta.dirname, '../../migrations'));
}, 60_000);
afterAll(async () => {
  await stores.close();
  await rm(dataDir, { recursive: true });
});

const read = (bytes: Buffer, department?: string) =>
  readMembers({ db: stores.db, territories: loadTerritories(), now }, bytes, department);

describe('the list of members', () => {
  it('of the 249 communes and 15 groupings of the Morbihan shows that they are all there', async () => {
    const bytes = readFileSync(join(import.meta.dirname, '../../test/samples/territories/members-56.csv'));
    const { coverage, list } = await read(bytes, '56');
    expect(coverage).toEqual({
      listed: 264,
      members: 264,
      allPublicLaw: 'yes',
      sentences: [
        'Les 264\u00a0membres sont tous des personnes morales de droit public.',
        'Les membres couvrent 100\u00a0% des communes du département 56 (Morbihan)\u00a0: 249 sur 249.',
        'Les membres comptent 15 des 15\u00a0communautés et métropoles présentes dans le département du Morbihan.',
      ],
      byType: [
        { type: 'local_authority.commune', count: 249 },
        { type: 'local_authority.epci', count: 15 },
      ],
      exceptionCount: 0,
      exceptions: [],
      duplicateCount: 0,
      duplicates: [],
      department: {
        code: '56',
        communes: { covered: 249, total: 249, missing: [] },
        epcis: { covered: 15, total: 15, missing: [] },
      },
      readAt: '2026-11-22T10:00:00.000Z',
    });
    // What is kept in the content of the file comes back from it.
    expect(memberCoverageSchema.parse(JSON.parse(JSON.stringify(coverage)))).toEqual(coverage);
    // The list as we wrote it says the same again.
    expect((await read(list, '56')).coverage).toMatchObject({ members: 264, allPublicLaw: 'yes' });
  });

  test.each<[string, Buffer]>([
    ['with semicolons', Buffer.from('Férel;56058\r\nMairie du Saint\r\n')],
    ['with commas', Buffer.from('Férel,56058\nMairie du Saint\n')],
    ['in Latin-1', Buffer.from('Férel;56058\nMairie du Saint', 'latin1')],
    ['with the mark of UTF-8', Buffer.from('\ufeffFérel;56058\nMairie du Saint')],
    ['by Macintosh', Buffer.from('Férel;56058\rMairie du Saint')],
  ])('%s is read, and what cannot be is named with its line', async (_name, bytes) => {
    expect((await read(bytes)).coverage).toMatchObject({
      listed: 2,
      members: 1,
      allPublicLaw: 'unknown',
      exceptionCount: 1,
      exceptions: [{ line: 2, text: 'Mairie du Saint', reason: 'no_identifier' }],
    });
  });

  it('names what is missing, and one line given twice', async () => {
    const { coverage } = await read(Buffer.from('56260\n215602608\n'), '56');
    expect(coverage).toMatchObject({
      listed: 1,
      members: 1,
      duplicateCount: 1,
      duplicates: [{ line: 2, firstLine: 1 }],
    });
    expect(coverage.department?.communes).toMatchObject({ covered: 1, total: 249 });
    expect(coverage.department?.communes.missing).toContain('Férel');
  });

  it('kept for whoever decides runs nothing in their spreadsheet', async () => {
    const { list } = await read(Buffer.from('=HYPERLINK("http://evil.example","x");56260\n@cmd\n'));
    const rows = list.toString('utf8').split('\n');
    expect(rows[0]).toBe('\ufeffLigne;SIREN;RNA;Commune (INSEE);Nom');
    expect(rows[1]).toContain("'=HYPERLINK");
    expect(rows[2]).toContain("'@cmd");
  });

  it('of many wrong lines keeps the first hundred, and how many there are', async () => {
    const { coverage } = await read(Buffer.from('x'.repeat(390).concat('\n').repeat(5_000)));
    expect(coverage.exceptionCount).toBe(5_000);
    expect(coverage.exceptions).toHaveLength(100);
    expect(JSON.stringify(coverage).length).toBeLessThan(100_000);
    memberCoverageSchema.parse(coverage);
  });

  test.each<[string, Buffer]>([
    ['nothing', Buffer.from('')],
    ['blanks', Buffer.from(' \r\n\n \n')],
    ['5 001 lines', Buffer.from('56260\n'.repeat(5_001))],
    ['2 MB and one byte', Buffer.alloc(2_000_001, 'x')],
    ['a spreadsheet', Buffer.from('PK\x03\x04\x14\0\x06\0', 'latin1')],
    ['UTF-16', Buffer.from('\ufeff56260;Vannes\n', 'utf16le')],
  ])('is not %s', async (_name, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'M-FILE-028' });
  });

  it('takes 5 000 lines and 2 MB', async () => {
    expect((await read(Buffer.from('56260\n'.repeat(5_000)))).coverage).toMatchObject({
      members: 1,
      duplicateCount: 4_999,
    });
    expect((await read(Buffer.from(`56260;${'x'.repeat(1_999_993)}\n`))).coverage.listed).toBe(1);
  });

  it('has a template whose example, left in, proves nothing', async () => {
    const { coverage } = await read(Buffer.from(memberTemplate.text));
    expect(coverage).toMatchObject({ listed: 1, members: 0, allPublicLaw: 'unknown' });
    const filled = `${memberTemplate.text.split('\r\n')[0] ?? ''}\r\nVannes;215602608;56260\r\n`;
    expect((await read(Buffer.from(filled))).coverage).toMatchObject({ listed: 1, allPublicLaw: 'yes' });
  });
});
