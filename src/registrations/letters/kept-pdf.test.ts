import { expect, test } from 'vitest';
import { composeLetter } from './compose.ts';
import { keepingPdfs } from './kept-pdf.ts';
import { sample } from './testing/samples.ts';

const refusal = composeLetter('refusal', sample('refusal'));
const letters = ['A', 'B', 'C'].map((title) => ({ ...refusal, title }));
const [a = refusal, b = refusal, c = refusal] = letters;

test('a letter is drawn once for all who open it, and the one opened longest ago makes room', async () => {
  const drawn: string[] = [];
  const pdf = keepingPdfs(async ({ title }) => {
    drawn.push(title);
    return Buffer.from(title);
  }, 2);
  await Promise.all([pdf(a), pdf({ ...a })]);
  await pdf(b);
  await pdf(a);
  expect(drawn).toEqual(['A', 'B']);
  expect(String(await pdf(c))).toBe('C');
  await pdf(a);
  expect(drawn).toEqual(['A', 'B', 'C']);
  await pdf(b);
  expect(drawn).toEqual(['A', 'B', 'C', 'B']);
});

test('one that could not be drawn is drawn again', async () => {
  let fails = true;
  const pdf = keepingPdfs(async () => {
    if (fails) throw new Error('no font');
    return Buffer.from('A');
  });
  await expect(pdf(a)).rejects.toThrow('no font');
  fails = false;
  expect(String(await pdf(a))).toBe('A');
});
