import { describe, expect, test } from 'vitest';
import { namedAs, recognize } from './kind.ts';
import type { EvidenceRefusal } from './refusal.ts';
import {
  chunk,
  docx,
  jpeg,
  objectStream,
  odt,
  odtEntries,
  pdf,
  png,
  pngSignature,
  segment,
  zip,
} from './testing/sample-files.ts';

const odtType = 'application/vnd.oasis.opendocument.text';
const text = (content: string): Buffer => Buffer.from(content, 'latin1');
const joined = (...parts: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));
const aZip = zip([{ name: 'META-INF/MANIFEST.MF', data: 'Main-Class: A' }]);
const html = '<!DOCTYPE html><script>alert(1)</script>';

describe('a piece of evidence is', () => {
  test.each<[string, Buffer, string]>([
    ['a PDF', pdf(), 'application/pdf'],
    ['a PDF that opens on a page', pdf({ catalog: '/OpenAction [3 0 R /Fit] ' }), 'application/pdf'],
    [
      'a PDF whose objects are packed',
      pdf({ objects: objectStream('1 0 << /Type /Font >>') }),
      'application/pdf',
    ],
    [
      'a PDF with a picture in which an action seems to stand',
      pdf({ objects: '8 0 obj\n<< /Length 9 >>\nstream\n/XFA /3D \nendstream\nendobj\n' }),
      'application/pdf',
    ],
    ['a PDF with spaces after its end', pdf({ after: '\r\n \n\0' }), 'application/pdf'],
    ['a PDF of 10 MB', pdf({ size: 10_000_000 }), 'application/pdf'],
    ['a PNG', png(), 'image/png'],
    ['a PNG with a text', png(chunk('tEXt', text('Comment\0numérisé'))), 'image/png'],
    ['a JPEG', jpeg(), 'image/jpeg'],
    ['a JPEG with a preview in it', jpeg(segment(0xe1, joined('Exif\0\0', jpeg()))), 'image/jpeg'],
    ['a JPEG padded with zeros', joined(jpeg(), Buffer.alloc(64)), 'image/jpeg'],
    ['a JPEG followed by a second picture', joined(jpeg(), jpeg()), 'image/jpeg'],
    ['a JPEG of a Samsung telephone', joined(jpeg(), 'SEFH\x6a\0\0\0SEFT'), 'image/jpeg'],
    ['an ODT', odt(), odtType],
    [
      'an ODT with a picture and a chart',
      odt(
        {},
        { name: 'Pictures/1.png', data: png(), stored: true },
        { name: 'Object 1/content.xml', data: '<x/>' },
      ),
      odtType,
    ],
  ])('%s', async (_name, bytes, mediaType) => {
    expect(await recognize(bytes)).toEqual({ kind: 'accepted', mediaType });
  });

  test.each<[string, Buffer, EvidenceRefusal]>([
    ['nothing', Buffer.alloc(0), 'empty'],
    ['one byte more than 10 MB', pdf({ size: 10_000_001 }), 'too_large'],
    ['text', text('Statuts de l’association'), 'not_accepted'],
    ['HTML', text(html), 'not_accepted'],
    ['an SVG', text('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'not_accepted'],
    ['a GIF', text('GIF89a\x01\0\x01\0\0\0\0;'), 'not_accepted'],
    ['a program', text('MZ\x90\0\x03'), 'not_accepted'],
    ['a zip', aZip, 'not_accepted'],
    ['a document of Word', docx(), 'not_accepted'],
    [
      'a spreadsheet of OpenDocument',
      zip([{ name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet', stored: true }]),
      'not_accepted',
    ],

    ['HTML before a PDF', joined(html, pdf()), 'not_accepted'],
    ['a space before a PDF', joined(' ', pdf()), 'not_accepted'],
    [
      'PHP within the first kilobyte of a PDF',
      joined('%PDF-1.7\n%<?php system($_GET[0]); ?>\n', pdf()),
      'foreign',
    ],
    ['a PDF and a zip', joined(pdf({ after: '' }), aZip), 'foreign'],
    [
      'a zip whose comment ends as a PDF',
      joined(pdf(), zip([{ name: 'a', data: 'b' }], '\nstartxref\n9\n%%EOF\n')),
      'foreign',
    ],
    ['a PDF followed by HTML', pdf({ after: `\n${html}` }), 'foreign'],
    ['half of a PDF', pdf().subarray(0, 200), 'damaged'],
    ['the first line of a PDF', text('%PDF-1.7\n'), 'damaged'],
    ['a PDF whose end leads nowhere', joined('%PDF-1.7\n', 'startxref\n99999\n%%EOF\n'), 'damaged'],
    ['an encrypted PDF', pdf({ trailer: '/Encrypt 5 0 R ' }), 'encrypted'],
    [
      'a PDF with JavaScript',
      pdf({ objects: '5 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj\n' }),
      'active',
    ],
    [
      'a PDF with JavaScript written otherwise',
      pdf({ objects: '5 0 obj\n<< /S /J#61vaScr#69pt >>\nendobj\n' }),
      'active',
    ],
    ['a PDF locked in another spelling', pdf({ trailer: '/#45ncr#79pt 5 0 R ' }), 'encrypted'],
    [
      'a PDF with packed JavaScript',
      pdf({ objects: objectStream('5 0 << /S/JavaScript/JS(x) >>') }),
      'active',
    ],
    [
      'a PDF with JavaScript packed in an unusual way',
      pdf({ objects: objectStream('5 0 << >>', '[/ASCIIHexDecode /FlateDecode]') }),
      'damaged',
    ],
    [
      'a PDF that launches a program',
      pdf({ catalog: '/OpenAction << /S /Launch /F (cmd.exe) >> ' }),
      'active',
    ],
    ['a PDF with an attachment', pdf({ catalog: '/Names << /EmbeddedFiles 5 0 R >> ' }), 'active'],
    ['a PDF form of the XFA kind', pdf({ catalog: '/AcroForm << /XFA 5 0 R >> ' }), 'active'],
    [
      'a PDF of a thousand object streams that never end',
      pdf({ objects: '<< /Type /ObjStm >> stream '.repeat(1_000) }),
      'damaged',
    ],
    [
      'a PDF whose object streams hide under another spelling',
      pdf({ objects: objectStream('5 0 << /S/JavaScript >>').replace('/ObjStm', '/Obj#53tm') }),
      'damaged',
    ],
    [
      'a PDF that hides how an object stream is packed',
      pdf({ objects: objectStream('5 0 << /S/JavaScript >>').replace('/Filter', '/F#69lter') }),
      'damaged',
    ],
    ['a PDF that unpacks to 5 MB', pdf({ objects: objectStream('/a1 '.repeat(1_250_000)) }), 'damaged'],
    [
      'a PDF that unpacks to 5 MB bit by bit',
      pdf({ objects: objectStream('/a1 '.repeat(12_500)).repeat(100) }),
      'damaged',
    ],
    [
      'a PDF of 6 000 object streams',
      pdf({ objects: '<< /Type /ObjStm >> stream endstream '.repeat(6_000) }),
      'damaged',
    ],
    ['a PDF that unpacks to 60 MB', pdf({ objects: objectStream(' '.repeat(60_000_000)) }), 'damaged'],

    ['a PNG cut short', png().subarray(0, -6), 'damaged'],
    ['a PNG with a wrong sum', Buffer.from(png()).fill(1, 20, 21), 'damaged'],
    ['a PNG followed by a zip', joined(png(), aZip), 'foreign'],
    ['a PNG followed by a byte', joined(png(), 'x'), 'foreign'],
    ['a PNG with a zip in a chunk', png(chunk('zzZz', aZip)), 'foreign'],
    ['a PNG with a PDF in a chunk', png(chunk('zzZz', pdf())), 'foreign'],
    ['a PNG with PHP in a text', png(chunk('tEXt', text('Comment\0<?php eval(1) ?>'))), 'foreign'],
    ['a PNG without a picture', joined(png().subarray(0, 33), chunk('IEND')), 'damaged'],
    ['the signature of a PNG', pngSignature, 'not_accepted'],

    ['a JPEG cut short', jpeg().subarray(0, -2), 'damaged'],
    ['a JPEG followed by a program in Java (GIFAR)', joined(jpeg(), aZip), 'foreign'],
    ['a JPEG with a zip in a comment', jpeg(segment(0xfe, aZip)), 'foreign'],
    ['a JPEG with a PDF in a comment', jpeg(segment(0xfe, pdf())), 'foreign'],
    ['a JPEG with a page in a comment', jpeg(segment(0xfe, text(html))), 'foreign'],
    ['a JPEG followed by a video', joined(jpeg(), '\0\0\0\x18ftypmp42'), 'foreign'],
    ['the first bytes of a JPEG', text('\xff\xd8\xff\xe0'), 'damaged'],

    ['an ODT with macros', odt({}, { name: 'Basic/Standard/Module1.xml', data: '<x/>' }), 'active'],
    ['an ODT with scripts', odt({}, { name: 'Scripts/python/a.py', data: 'x' }), 'active'],
    ['an ODT with an object of another program', odt({}, { name: 'Object 1', data: 'x' }), 'active'],
    [
      'an ODT that calls a macro',
      odt({ content: '<a xlink:href="vnd.sun.star.script:a.b?language=Basic"/>' }),
      'active',
    ],
    [
      'an ODT with entities',
      zip([
        ...odtEntries().slice(0, 1),
        { name: 'content.xml', data: '<!DOCTYPE x [<!ENTITY a "b">]><x/>' },
        ...odtEntries().slice(2),
      ]),
      'active',
    ],
    ['an encrypted ODT', odt({ manifest: '<manifest:encryption-data/>' }), 'encrypted'],
    ['an ODT with an encrypted entry', odt({}, { name: 'a.xml', data: 'x', flags: 1 }), 'encrypted'],
    ['an ODT cut short', odt().subarray(0, -30), 'damaged'],
    ['an ODT followed by something', joined(odt(), 'x'), 'foreign'],
    ['an ODT with a comment', zip(odtEntries(), 'hello'), 'foreign'],
    ['an ODT with one name twice', odt({}, { name: 'content.xml', data: '<other/>' }), 'foreign'],
    ['an ODT without content', zip(odtEntries().slice(0, 1)), 'damaged'],
    [
      'an ODT that says that it unpacks to 4 GB',
      odt({}, { name: 'big.xml', data: 'x', declared: 4_000_000_000 }),
      'damaged',
    ],
    [
      'an ODT that lies on its size',
      zip(
        odtEntries().map((one) =>
          one.name === 'content.xml' ? { ...one, data: ' '.repeat(1_000_000), declared: 10 } : one,
        ),
      ),
      'damaged',
    ],
    ['an ODT with 5 MB of text', odt({ content: ' '.repeat(5_000_000) }), 'damaged'],
    [
      'an ODT of 1 001 entries',
      odt({}, ...Array.from({ length: 1_000 }, (_, index) => ({ name: `${index}`, data: '' }))),
      'damaged',
    ],
    [
      'an ODT whose kind is not its first entry',
      zip([...odtEntries().slice(1), ...odtEntries().slice(0, 1)]),
      'not_accepted',
    ],
  ])('never %s', async (_name, bytes, because) => {
    expect(await recognize(bytes)).toMatchObject({ kind: 'refused', because });
  });

  test('a file that was cut, wherever it was', async () => {
    for (const whole of [pdf(), png(), jpeg(), odt()]) {
      for (let length = 1; length < whole.length - 1; length += 1) {
        expect(await recognize(whole.subarray(0, length)), `${length} bytes`).toMatchObject({
          kind: 'refused',
        });
      }
    }
  });
});

describe('the name', () => {
  test.each([
    ['statuts.pdf', 'application/pdf', 'statuts.pdf'],
    ['STATUTS.PDF', 'application/pdf', 'STATUTS.PDF'],
    ['photo.jpeg', 'image/jpeg', 'photo.jpeg'],
    ['photo.png', 'application/pdf', 'photo.png.pdf'],
    ['facture.exe', 'application/pdf', 'facture.exe.pdf'],
    ['page.html', 'image/png', 'page.html.png'],
    ['document', odtType, 'document.odt'],
    [`${'é'.repeat(116)}.pdf`, 'image/png', `${'é'.repeat(115)}.png`],
  ] as const)('%s holding %s is kept as %s', (name, mediaType, expected) => {
    expect(namedAs(name, mediaType)).toBe(expected);
  });
});
