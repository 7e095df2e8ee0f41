import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, expect, test } from 'vitest';
import { BrokerError } from '../../errors/errors.ts';
import { lookBeside, recognizedFile } from './recognized-file.ts';
import { odt, objectStream, pdf, png, zip } from './testing/sample-files.ts';

const aZip = zip([{ name: 'META-INF/MANIFEST.MF', data: 'Main-Class: A' }]);

test('a name is no reason to refuse: the content says what the file is', async () => {
  const bytes = png();
  expect(await recognizedFile({ name: 'récépissé.pdf', bytes })).toEqual({
    name: 'récépissé.pdf.png',
    mediaType: 'image/png',
    bytes,
  });
});

test.each<[Buffer, string]>([
  [Buffer.alloc(0), 'M-FILE-020'],
  [pdf({ size: 10_000_001 }), 'M-FILE-008'],
  [aZip, 'M-FILE-009'],
  [pdf().subarray(0, 200), 'M-FILE-021'],
  [pdf({ trailer: '/Encrypt 5 0 R ' }), 'M-FILE-022'],
  [pdf({ catalog: '/Names << /EmbeddedFiles 5 0 R >> ' }), 'M-FILE-023'],
  [Buffer.concat([png(), aZip]), 'M-FILE-024'],
])('each refusal has its error (%#)', async (bytes, code) => {
  const refused = await recognizedFile({ name: 'a.pdf', bytes }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(BrokerError);
  expect(refused).toMatchObject({ code });
});

test('what is logged of a refusal names neither the file nor what is in it', async () => {
  const files = [
    { name: 'plainte de Jeanne Dupont.pdf', bytes: pdf().subarray(0, 200) },
    { name: 'Dupont', bytes: aZip },
    { name: 'a.odt', bytes: odt({}, { name: 'Basic/Dupont.xml', data: 'x' }) },
    { name: 'b.odt', bytes: odt({}, { name: 'Dupont.xml', data: 'x', flags: 1 }) },
    { name: 'c.odt', bytes: odt({}, { name: '../Dupont.xml', data: 'x' }) },
    {
      name: 'd.odt',
      bytes: odt({}, { name: 'Dupont.xml', data: 'x' }, { name: 'Dupont.xml', data: 'y' }),
    },
  ];
  for (const file of files) {
    const refused: unknown = await recognizedFile(file).catch((error: unknown) => error);
    if (!(refused instanceof BrokerError)) throw new Error(`${file.name} is accepted`);
    expect(`${refused.detail} ${String(refused.cause)} ${refused.message}`).not.toContain('Dupont');
  }
  await expect(recognizedFile(files[0] ?? { name: '', bytes: aZip })).rejects.toMatchObject({
    detail: expect.stringMatching(/^evidence \.pdf, 200 bytes, SHA-256 [0-9a-f]{16}…: /u) as unknown,
  });
});

describe('a look at a file', () => {
  /** Each took more than ten seconds of everybody’s. */
  const slow: readonly [string, Buffer][] = [
    ['packed names', pdf({ objects: objectStream('/aa'.repeat(16_000_000)) })],
    ['packed names in numbers', pdf({ objects: objectStream('/#41#42 '.repeat(6_000_000)) })],
    ['names', pdf({ objects: '/aa'.repeat(3_300_000) })],
    ['names in numbers', pdf({ objects: '/#41#42#43#44 '.repeat(700_000) })],
    ['object streams', pdf({ objects: '/ObjStmstreamendstream'.repeat(440_000) })],
  ];

  test.each(slow)('holds up nobody: a PDF full of %s', async (_name, bytes) => {
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    await lookBeside(bytes, 30_000);
    delay.disable();
    // Nanoseconds. A copy of 10 MB, on a machine that is busy with other things.
    expect(delay.max / 1e6).toBeLessThan(1_500);
  });

  test('ends when it takes too long, and the file is one that cannot be read', async () => {
    expect(await lookBeside(pdf({ size: 10_000_000 }), 0)).toMatchObject({
      kind: 'refused',
      because: 'damaged',
    });
  });
});
