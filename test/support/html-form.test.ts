import { expect, test } from 'vitest';
import { fillForm, formsOf } from './html-form.ts';
import type { HtmlForm } from './html-form.ts';

const base = 'http://localhost:3000/interaction/abc';

const only = (html: string): HtmlForm => {
  const [form, ...others] = formsOf(html, base);
  if (form === undefined || others.length > 0) throw new Error('one form was expected');
  return form;
};

const sent = (html: string, answers: Readonly<Record<string, string>> = {}) => {
  const { url, method, body } = fillForm(only(html), answers);
  return { url, method, body: Object.fromEntries(body) };
};

test('hidden fields go with the answers; the action defaults to the page', () => {
  const html = `<form method="post"><input type="hidden" name="csrf" value="a&amp;b"><input name=email type='email'></form>`;
  expect(sent(html, { email: 'a@b.example' })).toEqual({
    url: base,
    method: 'POST',
    body: { csrf: 'a&b', email: 'a@b.example' },
  });
});

test('an action is relative to the page; GET puts the fields in the address', () => {
  expect(sent('<form action="/search?old=1"><input name="q"></form>', { q: 'é à' })).toEqual({
    url: 'http://localhost:3000/search?q=%C3%A9+%C3%A0',
    method: 'GET',
    body: {},
  });
});

test('radio buttons: the one that is checked, or the one that is chosen, never both', () => {
  const html = `<form method=post>
    <input type="radio" name="idp" value="a" checked><input type="radio" name="idp" value="b"></form>`;
  expect(sent(html).body).toEqual({ idp: 'a' });
  expect(sent(html, { idp: 'b' }).body).toEqual({ idp: 'b' });
  expect(() => sent(html, { idp: 'c' })).toThrow(/does not offer idp=c; it has idp=a, idp=b/);
});

test('boxes, lists and text areas hold what the page preset', () => {
  const html = `<form method="post"><input type="checkbox" name="yes" checked><input type="checkbox" name="no">
    <select name="lang"><option value="fr">F</option><option value="en" selected>E</option></select>
    <select name="first"><option value="1">1</option><option value="2">2</option></select>
    <textarea name="why">
l’été &lt;3</textarea></form>`;
  expect(sent(html).body).toEqual({ yes: 'on', lang: 'en', first: '1', why: 'l’été <3' });
});

test('a button goes only when it is pressed, with its own action', () => {
  const html = `<form method="post" action="/a"><button name="person" value="1">Un</button>
    <button name="person" value="2" formaction="/b">Deux</button><button>Sans nom</button><button type="button" name="x">X</button></form>`;
  expect(sent(html)).toMatchObject({ url: 'http://localhost:3000/a', body: {} });
  expect(sent(html, { person: '1' }).body).toEqual({ person: '1' });
  expect(sent(html, { person: '2' }).url).toBe('http://localhost:3000/b');
  expect(() => sent(html, { x: '' })).toThrow(/does not offer/);
});

test('disabled controls and what is in scripts or comments do not count', () => {
  const html = `<!-- <form method="post" action="/commented"></form> --><script>"<form action='/script'>"</script>
    <form method="post"><input name="off" value="1" disabled><input name="on" value="1"></form>`;
  expect(sent(html).body).toEqual({ on: '1' });
});

test('several forms keep their own fields', () => {
  const forms = formsOf(
    '<form action="/a"><input name="x"></form><form action="/b"><input name="y"></form>',
    base,
  );
  expect(forms.map((form) => [form.action, ...form.fields.keys()])).toEqual([
    ['http://localhost:3000/a', 'x'],
    ['http://localhost:3000/b', 'y'],
  ]);
});
