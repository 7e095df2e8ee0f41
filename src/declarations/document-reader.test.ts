import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDocumentReader } from './document-reader.ts';

const schema = z.strictObject({ id: z.string(), inner: z.strictObject({ n: z.number() }).optional() });
const document = (value: unknown) => ({ id: 'service x', text: JSON.stringify(value) });

function reader(options?: { strict: boolean }) {
  const problems: string[] = [];
  const read = createDocumentReader(schema, (error) => problems.push(String(error)), options);
  return { read, problems };
}

describe('a document of the database', () => {
  it('gives the very object of before as long as it does not change', () => {
    const { read } = reader();
    const [first] = read([document({ id: 'a' })]);
    const [other, again] = read([document({ id: 'b' }), document({ id: 'a' })]);
    expect(again).toBe(first);
    expect(other).toEqual({ id: 'b' });
  });

  it('of a newer version is read without what this one does not know, at any depth', () => {
    const { read, problems } = reader();
    expect(read([document({ id: 'a', later: 1, inner: { n: 1, later: {} } })])).toEqual([
      { id: 'a', inner: { n: 1 } },
    ]);
    expect(problems).toEqual([]);
  });

  it('is left out, and told, when it does not read; the others stay', () => {
    const { read, problems } = reader();
    expect(read([document({ id: 1 }), { id: 'service y', text: '{' }, document({ id: 'a' })])).toEqual([
      { id: 'a' },
    ]);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('service x cannot be read and is left out');
  });

  it('is left out where nothing unknown may be ignored', () => {
    const { read, problems } = reader({ strict: true });
    expect(read([document({ id: 'a', later: 1 })])).toEqual([]);
    expect(problems).toHaveLength(1);
  });
});
