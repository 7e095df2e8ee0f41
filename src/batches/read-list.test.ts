import { describe, expect, test } from 'vitest';
import { readList } from './read-list.ts';
import type { ListProblem } from './read-list.ts';
import { listTemplate, rejectsCsv } from './rejects.ts';

const read = (text: string | Buffer) => readList(Buffer.from(text));
const cells = { identifier: '000000109', name: 'Amis', email: '', endsOn: '' };

describe('a list of organizations', () => {
  test.each([
    ['semicolons', 'Identifiant;Nom\n000000109;Amis\n'],
    ['commas, quotes', '"Identifiant","Nom"\r\n"000000109","Amis"\r\n'],
    ['tabs, other names, another order', 'Dénomination\tSIREN ou RNA\n  Amis \t 000000109\n'],
    ['a byte order mark', '\ufeffSIREN;Nom\n000000109;Amis'],
    ['line ends of old Macintoshes', 'siren;nom\r000000109;Amis\r'],
    ['columns that nobody reads, empty lines', 'siren;x;nom\n\n000000109;?;Amis\n;;\n'],
    ['marks that show nothing', 'siren;nom\n000000109;A\u202emi\u00ads\u0000'.replace('\u0000', '')],
  ])('with %s', async (_what, text) => {
    const found = await read(text);
    if (found.kind === 'refused') throw new Error(found.problem);
    expect(found.lines.map((one) => one.cells.identifier)).toEqual(['000000109']);
    expect(found.lines[0]?.cells.name.replaceAll(' ', '')).toBe('Amis');
  });

  test('of an older spreadsheet, in Latin-1', async () => {
    const text = Buffer.from('SIREN;Nom de l’organisation;Numéro\n'.replaceAll('’', "'"), 'latin1');
    expect(await readList(Buffer.concat([text, Buffer.from('000000109;Été;x', 'latin1')]))).toEqual({
      kind: 'refused',
      problem: 'column_twice',
    });
    const found = await readList(Buffer.from('SIREN;Dénomination\n000000109;Été', 'latin1'));
    expect(found).toMatchObject({ lines: [{ line: 2, cells: { ...cells, name: 'Été' } }] });
  });

  test('knows the line of each, quoted line ends included', async () => {
    const found = await read('siren;nom\n1;"deux\nlignes"\n2;une\n3;trop;de;cellules\n4\n');
    expect(found).toMatchObject({
      lines: [
        { line: 2, cells: { identifier: '1', name: 'deux lignes' } },
        { line: 4, cells: { identifier: '2' } },
        { line: 5, cells: { broken: true } },
        { line: 6, cells: { identifier: '4', name: '' } },
      ],
    });
  });

  test('may describe organizations, in the columns of our own form', async () => {
    const found = await read(
      'SIREN;siret;Nom;legal_category;Commune;commune;x\n' +
        '000000109;;Amis;;Vannes;;\n;00000010900009;;9220;Vannes;56260;y\n',
    );
    expect(found).toEqual({
      kind: 'list',
      lines: [
        { line: 2, cells: { ...cells, own: { siren: '000000109' } } },
        {
          line: 3,
          cells: {
            ...cells,
            identifier: '00000010900009',
            name: '',
            own: { siret: '00000010900009', legal_category: '9220', commune: '56260' },
          },
        },
      ],
    });
    // What is too long for the register is refused as such, not made shorter first.
    const long = await read(`siren;name\n000000109;${'a'.repeat(400)}`);
    expect(long).toMatchObject({ lines: [{ cells: { own: { name: 'a'.repeat(400) } } }] });
  });

  const zip = Buffer.from([0x50, 0x4b, 3, 4, 0, 0]);
  test.each<[ListProblem, string | Buffer]>([
    ['too_large', `siren\n${'1'.repeat(2_000_000)}`],
    ['no_text', zip],
    ['no_text', 'siren;nom\n000000109;a\0b'],
    ['no_text', Buffer.from('\ufeffsiren\n000000109', 'utf16le')],
    ['empty', ' \n\n'],
    ['nobody', 'siren;nom\n;\n'],
    ['too_many_lines', `siren\n${'1\n'.repeat(5_001)}`],
    ['too_many_lines', `siren\n${'1\n'.repeat(200_000)}`],
    ['too_many_columns', `siren${';'.repeat(1_000_000)}\n1`],
    ['too_many_columns', ';'.repeat(1_000_000)],
    ['column_twice', 'siren;SIREN\n1;2'],
    ['column_twice', 'Numéro;SIREN\n1;000000109'],
    ['column_twice', 'siren;commune;commune\n1;2;3'],
    ['no_identifier', '000000109;Amis\n'],
    ['open_quote', 'siren;nom\n000000109;"Amis\n000000406;b'],
    ['open_quote', `siren;nom\n"${'1\n'.repeat(900_000)}`],
  ])('is none: %s', async (problem, text) => {
    expect(await read(text)).toEqual({ kind: 'refused', problem });
  });
});

test('what is to be mended comes back as it was, and runs nothing', async () => {
  const typed = { identifier: '@SUM(A1)', name: '=cmd|calc', email: '+a', endsOn: '-1' };
  const csv = rejectsCsv([
    { line: 7, cells: typed, why: 'Aucun registre ne connaît ce numéro.' },
    { line: 9, cells: { ...cells, name: 'a;"b"\nc' }, why: '=vrai' },
  ]);
  expect(csv.split('\r\n')[1]).toBe("'@SUM(A1);'=cmd|calc;'+a;'-1;7;Aucun registre ne connaît ce numéro.");
  const own = { ...typed, own: { siret: '1', name: '=n' } };
  expect(rejectsCsv([{ line: 2, cells: own, why: 'x' }]).split('\r\n')).toMatchObject([
    '\ufeffIdentifiant;Nom;Courriel;Date de fin;siret;name;Ligne;À corriger',
    "'@SUM(A1);'=cmd|calc;'+a;'-1;1;'=n;2;x",
    '',
  ]);
  const found = await read(csv);
  expect(found).toMatchObject({
    lines: [{ cells: { identifier: "'@SUM(A1)" } }, { cells: { ...cells, name: 'a;"b" c' } }],
  });
  // A line that is left in names nobody.
  expect(await read(listTemplate.text)).toMatchObject({
    lines: [{ cells: { identifier: '000000018' } }, { cells: { identifier: '000000026' } }],
  });
});

test('a cell is cut before its accents are put in order: that is quadratic in a run of them', async () => {
  const long = `a${'\u0301\u0316'.repeat(40_000)}`;
  const begun = performance.now();
  const found = await read(`siren;nom;${long}\n000000109;${long};\n`);
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect(found).toMatchObject({ lines: [{ cells: { identifier: '000000109' } }] });
});
