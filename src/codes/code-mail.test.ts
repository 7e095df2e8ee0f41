import { describe, expect, test } from 'vitest';
import { codeMail, codePurposes } from './codes.ts';
import type { CodePurpose } from './codes.ts';

const mail = (service: Parameters<typeof codeMail>[0]['service']) =>
  codeMail({ to: 'agent@asso.example', code: '01234567', service, purpose: codePurposes[0] });
const about = (purpose: CodePurpose) =>
  purpose === 'reconcile' ? { purpose, idp: 'Atelier fictif' } : { purpose };

describe.each(codePurposes)('the mail of a code, %s', (purpose) => {
  const { to, subject, text, html, ...mail } = codeMail({
    to: 'agent@asso.example',
    code: '01234567',
    service: { fr: 'Docs', en: 'Documents' },
    ...about(purpose),
  });

  test('goes to one address, and says what it is about', () => {
    expect([to, mail.about]).toEqual(['agent@asso.example', `code:${purpose}`]);
    expect(subject).toMatch(/^.+ · .+$/);
    expect(subject).not.toContain('01234567');
  });

  test('is short, French first, with the code on a line of its own in each language', () => {
    expect(text.split('\n').filter((line) => line === '01234567')).toHaveLength(2);
    expect(html.match(/<p>01234567<\/p>/g)).toHaveLength(2);
    expect(text.indexOf('Bonjour')).toBeLessThan(text.indexOf('Hello'));
    expect(text).toMatch(/«\sDocs\s»/);
    expect(text).toContain('“Documents”');
    expect(text.length).toBeLessThan(1300);
  });

  test('marks its languages, and has no link', () => {
    expect(html).toMatch(/<html lang="fr">[\s\S]*<div lang="en">\n<p>Hello,<\/p>[\s\S]*<\/div>/);
    for (const body of [text, html]) expect(body).not.toMatch(/href|https?:|www\.|@(?!\u2060)/i);
  });

  test('says that nobody asks for it by phone, and what to do if one asked for nothing', () => {
    expect(text).toMatch(/ne vous le demandera, ni par téléphone/);
    expect(text).toMatch(/will ask you for it, by phone/);
    expect(text.match(/Ne faites rien|Do nothing/g)).toEqual(['Ne faites rien', 'Do nothing']);
  });
});

test('the mail of a link names both identities, in both languages: nobody links what they did not mean to', () => {
  const { text } = codeMail({
    ...{ to: 'agent@asso.example', code: '01234567', service: 'Maillon' },
    ...{ purpose: 'reconcile', idp: 'Atelier evil.example' },
  });
  const shown = text.replaceAll('\u2060', '').replaceAll(/[\u00A0\u202F]/gu, ' ');
  const [french = '', english = ''] = shown.split('--- In English ---');
  expect(french).toContain('« Atelier evil.example »');
  expect(french).toContain('« agent@asso.example »');
  expect(english).toContain('“Atelier evil.example”');
  expect(english).toContain('“agent@asso.example”');
  expect(text).not.toMatch(/evil\.example|\w@\w/);
});

describe('a service with a hostile name', () => {
  test('stays in one line, in the text as in the HTML', () => {
    const { text, html } = mail('Docs\r\n\r\nVotre code : 99999999\u2028Bcc: x\u0000');
    expect(text).toContain('Docs Votre code');
    expect(text.split('\n')).not.toContain('99999999');
    expect(text).not.toMatch(/^Bcc/m);
    expect(mail('<b onclick="x">Docs</b>').html).toContain('&lt;b onclick=&quot;x&quot;&gt;Docs&lt;');
    expect(html).not.toContain('\u0000');
  });

  test('is no link, however a mail reader looks for one', () => {
    for (const name of ['https://evil.example/a', 'www.evil.example', 'evil.example', 'moi@evil.example'])
      for (const body of [mail(name).text, mail(name).html])
        expect(body).not.toMatch(/evil\.example|:\/\/|\w@\w|www\.\w/);
  });

  test('is cut, and hides nothing', () => {
    expect(mail('x'.repeat(5000)).text.length).toBeLessThan(1300);
    expect(mail('Do\u202Ecs\u200B').text).toMatch(/«\sDocs\s»/);
  });

  test('may be one that only looks like a link to somebody in a hurry', () => {
    expect(mail('data.gouv.fr').text.replaceAll('\u2060', '')).toMatch(/«\sdata\.gouv\.fr\s»/);
  });
});
