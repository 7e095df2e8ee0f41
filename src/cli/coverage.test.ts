import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { root, type } from './testing/terminal.ts';

const members = join(root, 'test/samples/territories/members-56.csv');
let dataDir: string;
let folder: string;
const maillon = (...argv: string[]) => type(['registry', 'coverage', ...argv], { DATA_DIR: dataDir });

beforeAll(async () => {
  dataDir = await newMigratedDataDir();
  folder = mkdtempSync(join(tmpdir(), 'maillon-members-'));
}, 180_000);
afterAll(() => {
  rmSync(dataDir, { recursive: true });
  rmSync(folder, { recursive: true });
});

function listOf(content: string | Buffer): string {
  const path = join(folder, 'members.csv');
  writeFileSync(path, content);
  return path;
}

describe('registry coverage', { timeout: 180_000 }, () => {
  it('of all the communes and groupings of the Morbihan', async () => {
    expect(await maillon(members, '--department', '56')).toEqual({
      code: 0,
      out: [
        'Les 264\u00a0membres sont tous des personnes morales de droit public.',
        'Les membres couvrent 100\u00a0% des communes du département 56 (Morbihan)\u00a0: 249 sur 249.',
        'Les membres comptent 15 des 15\u00a0communautés et métropoles présentes dans le département du Morbihan.',
        '',
        'PAR TYPE',
        '249  commune',
        '15   communauté de communes, communauté ou métropole',
      ].join('\n'),
      err: '',
    });
  });

  it('says line by line what it cannot answer for, in any encoding', async () => {
    const path = listOf(
      Buffer.from('Férel;56058\r\nMairie du Saint\r\n215602609\r\nFérel;56058\r\n', 'latin1'),
    );
    expect((await maillon(path)).out).toBe(
      [
        'Sur 3\u00a0membres, 2\u00a0restent à vérifier\u00a0: il n’est pas établi que tous sont des personnes morales de droit public.',
        '',
        'PAR TYPE',
        '1  commune',
        '',
        'À VÉRIFIER',
        'ligne 2  ni SIREN, ni SIRET, ni numéro d’association, ni code de commune  Mairie du Saint',
        'ligne 3  faute de frappe\u00a0: la clé du numéro est fausse                    215602609',
        '',
        'NOMMÉS DEUX FOIS',
        'ligne 4  comme ligne 1  Férel;56058',
      ].join('\n'),
    );
  });

  it('names those that are missing', async () => {
    const { out } = await maillon(listOf('215601527'), '--department', '56');
    expect(out).toContain('Les membres couvrent moins de 1\u00a0% des communes');
    expect(out).toContain('\n56260      Vannes\n');
    expect(out).toContain('\n245600465  CC de Belle Ile en Mer');
  });

  it('as JSON', async () => {
    const { out } = await maillon(listOf('56260'), '--department', '56', '--json');
    const report: unknown = JSON.parse(out);
    expect(report).toMatchObject({
      allPublicLaw: 'yes',
      department: { communes: { covered: 1, total: 249 }, epcis: { covered: 0, total: 15 } },
    });
  });

  it('refuses a département that is none, and a list that is not there', async () => {
    const unknown = await maillon(members, '--department', '20');
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('"20" is no département');
    const absent = await maillon(join(folder, 'none.csv'));
    expect(absent.code).toBe(2);
    expect(absent.err).toContain('cannot be read');
  });
});
