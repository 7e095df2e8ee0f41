import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { root, type } from './testing/terminal.ts';

// One story, told in order: an association that the files of the demonstration declare and approve, and that Sirene then
// says has ceased.
describe('a declared organization that ceases', { timeout: 180_000 }, () => {
  let env: Readonly<Record<string, string>>;
  let dataDir: string;
  const clock = () => new Date('2026-11-22T10:00:00Z');
  const maillon = (...argv: string[]) => type(argv, env, { clock, cwd: dataDir });
  const simulated = async () => (await maillon('policy', 'simulate', '000000109', '--service', 'docs')).out;
  const reviewed = async () =>
    [
      ...(await maillon('registry', 'check')).out.matchAll(
        /^amd-fictif-docs +000000109 +docs +(.*?) {2,}/gmu,
      ),
    ].map(([, because]) => because);
  const shown = async () => (await maillon('registry', 'show', '000000109')).out;

  /** Its line among the samples, in another state. */
  function sirene(state: 'A' | 'C'): string {
    const sample = readFileSync(join(root, 'test/samples/registers/StockUniteLegale_utf8.csv'), 'utf8');
    const [columns, ...lines] = sample.split('\n');
    const line = lines
      .find((one) => one.startsWith('000000109,O'))
      ?.replace('2015-01-01,A,', `2015-01-01,${state},`);
    const path = join(dataDir, `${state}.csv`);
    writeFileSync(path, `${columns}\n${line}\n`);
    return path;
  }

  beforeAll(async () => {
    env = await newMigratedSettings();
    dataDir = env['DATA_DIR'] ?? '';
    cpSync(join(root, 'config/demo'), join(dataDir, 'declared'), { recursive: true });
  });
  afterAll(() => {
    rmSync(dataDir, { recursive: true });
  });

  it('is active and approved while the files and Sirene say so, spelled otherwise or not', async () => {
    const asActive = ['import', 'sirene-units', sirene('A'), '--as-of', '2026-11-01'];
    expect(await maillon(...asActive)).toMatchObject({ code: 0 });
    expect(await maillon('apply', 'declared')).toMatchObject({ code: 0 });
    expect(await simulated()).toContain('docs: allowed as member');
    expect(await reviewed()).toEqual([]);
    expect(await shown()).toMatch(/^unitState +A +sirene/m);
  });

  it('is refused once Sirene says that it has ceased: files that do not speak of it do not hold it open', async () => {
    const asCeased = ['import', 'sirene-units', sirene('C'), '--as-of', '2026-11-20'];
    expect(await maillon(...asCeased)).toMatchObject({ code: 0 });
    expect(await shown()).toMatch(/^unitState +C +sirene/m);
    expect(await shown()).toContain('unit_closed');
    expect(await reviewed()).toEqual(['unit closed']);
    expect(await simulated()).toContain('docs: refused: organization_closed');
    expect((await maillon('apply', 'declared')).out).toContain('Nothing to do');
  });

  it('is open again when a file says that it is, and that its sources disagree is said until somebody decides', async () => {
    const path = join(dataDir, 'declared/organizations.yaml');
    const said = readFileSync(path, 'utf8').replace(/(rna: W000000101\n)( +)/u, '$1$2unit_state: A\n$2');
    writeFileSync(path, said);
    expect((await maillon('apply', 'declared')).out).toContain('unit_state: (none) → "A"');
    expect(await shown()).toMatch(/^unitState +A +configuration/m);
    expect(await shown()).toContain('unit_state_disagreement');
    expect(await reviewed()).toEqual(['sources disagree']);
    expect(await simulated()).toContain('docs: allowed as member');
  });
});
