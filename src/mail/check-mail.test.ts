import { describe, expect, test } from 'vitest';
import { checkMail } from './check-mail.ts';
import type { Mail } from './queue.ts';
import { aMail } from './testing/a-mail.ts';

describe('what a mail server is told', () => {
  test.each<[string, Partial<Mail>]>([
    ['two recipients', { to: 'a@b.example,c@d.example' }],
    ['a header after the address', { to: 'a@b.example\r\nBcc: c@d.example' }],
    ['a name and an address', { to: 'Ada <a@b.example>' }],
    ['a quoted local part', { to: '"a b"@c.example' }],
    ['two at signs', { to: 'a@b@c.example' }],
    ['a comment', { to: 'a@b.example(c@d.example)' }],
    ['no domain', { to: 'root' }],
    ['a line separator', { to: 'a@b.example\u2028c' }],
    ['a header after the subject', { subject: 'Bonjour\r\nBcc: c@d.example' }],
    ['a lone line feed in the subject', { subject: 'Bonjour\nX: y' }],
    ['a NUL in the subject', { subject: 'Bonjour\0' }],
    ['an empty subject', { subject: '' }],
    ['an empty text', { text: '' }],
    ['a line in what it is about', { about: 'file:1\r\nX: y' }],
    ['nothing that it is about', { about: '' }],
    ['a separator in the subject', { subject: 'Bonjour\u2028Bcc: c@d.example' }],
    ['a subject without end', { subject: 'x'.repeat(201) }],
    ['an address without end', { to: `${'a'.repeat(250)}@b.example` }],
  ])('%s: refused', (_what, changes) => {
    expect(() => checkMail(aMail(changes))).toThrow();
  });

  test.each(["o'brien+asso@mairie-saint-remy.example", 'a@xn--mairie-8va.example', 'x_y%z@a.b.example'])(
    '%s is one plain address',
    (to) => {
      expect(checkMail(aMail({ to }))).toEqual(aMail({ to }));
    },
  );
});
