import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { jsonEntries } from './json.ts';

async function entriesOf(text: string, chunk = 5): Promise<unknown[]> {
  const bytes = Buffer.from(text);
  const parts = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, index) =>
    bytes.subarray(index * chunk, (index + 1) * chunk),
  );
  const found: unknown[] = [];
  for await (const some of jsonEntries(Readable.from(parts), 'f.json'))
    found.push(...some.map((entry) => entry && Object.fromEntries(entry)));
  return found;
}

describe('entries', () => {
  test.each<[string, string, unknown[]]>([
    ['of an array', '[{"a":"1"},{"a":"2"}]', [{ a: '1' }, { a: '2' }]],
    ['one a line', '{"a":"1"}\n{"a":"2"}\n', [{ a: '1' }, { a: '2' }]],
    ['spread over lines', '[\n  {\n    "a": "1"\n  }\n]\n', [{ a: '1' }]],
    ['with braces, brackets and quotation marks in a text', '[{"a":"}]\\"{"}]', [{ a: '}]"{' }]],
    [
      'with values that are no text',
      '[{"n":12,"b":true,"z":null,"l":["x"]}]',
      [{ n: '12', b: 'true', z: '', l: '["x"]' }],
    ],
    ['that are malformed, and the next one', '[{"a":1 2},{"a":"2"}]', [undefined, { a: '2' }]],
    ['of an empty array', '[]', []],
  ])('%s', async (_name, text, expected) => {
    expect(await entriesOf(text)).toEqual(expected);
  });

  it('whatever they hold, and wherever they are cut', async () => {
    const entries = fc.array(
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
        fc.string(),
      ),
    );
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 9 }), async (written, chunk) => {
        expect(await entriesOf(JSON.stringify(written), chunk)).toEqual(
          written.map((entry) => ({ ...entry })),
        );
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['[{"a":"1"},{"a":"2', 'entry 2 is cut short by the end of the file.'],
    [`[{"a":"${'x'.repeat(1_100_000)}"}]`, 'entry 1 is over 1 MB.'],
    ['[1,2]', 'entry 1 is not an object.'],
    ['["a"]', 'entry 1 is not an object.'],
  ])('that break end the reading: %.20s', async (text, detail) => {
    await expect(entriesOf(text, 65_536)).rejects.toMatchObject({
      code: 'M-IMPT-006',
      detail: `f.json: ${detail}`,
    });
  });
});
