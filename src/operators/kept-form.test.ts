import { expect, test } from 'vitest';
import { createKeptForms } from './kept-form.ts';

function forms() {
  const kept = new Map<string, string>();
  return createKeptForms({
    get: (key) => Promise.resolve(kept.get(key)),
    set: (key, value) => {
      kept.set(key, value);
      return Promise.resolve();
    },
  });
}

test('what somebody wrote is given back to them, and to nobody else', async () => {
  const kept = forms();
  const name = (await kept.keep('ada', new URLSearchParams({ text: 'é & <b>' }))) ?? '';
  expect((await kept.read('ada', name))?.get('text')).toBe('é & <b>');
  expect(await kept.read('bob', name)).toBeUndefined();
});

test.each(['', 'x', '../registration', `${'n'.repeat(21)}:`, 'n'.repeat(22)])(
  'a name that we did not give: %j',
  async (name) => {
    expect(await forms().read('ada', name)).toBeUndefined();
  },
);

test('a form that is too large is not kept', async () => {
  expect(await forms().keep('ada', new URLSearchParams({ text: 'a'.repeat(96 * 1024) }))).toBeUndefined();
});
