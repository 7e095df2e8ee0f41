import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparableAddress, mailboxSpelling } from './limits.ts';

test.each([
  ['Agent@Asso.Example', 'agent@asso.example'],
  ['agent+tchap@asso.example', 'agent@asso.example'],
  ['agent+a+b@asso.example', 'agent@asso.example'],
  ['prenom.nom@asso.example', 'prenom.nom@asso.example'],
  ['P.r.E.nom+x@GMail.com', 'prenom@gmail.com'],
  ['pre.nom@googlemail.com', 'prenom@gmail.com'],
  ['pre.nom@pm.me', 'prenom@proton.me'],
  ['prenom@protonmail.com', 'prenom@proton.me'],
  ['+tag@asso.example', '+tag@asso.example'],
  ['3F2504E0-account', '3f2504e0-account'],
  ['@asso.example', '@asso.example'],
])('%s is compared as %s', (address, comparable) => expect(comparableAddress(address)).toBe(comparable));

test.each([
  ['Agent+x@Asso.Example', 'agent+x@asso.example'],
  ['pre.nom@asso.example', 'pre.nom@asso.example'],
  ['P.r.E.nom+x@GoogleMail.com', 'prenom@gmail.com'],
  ['pre.nom@pm.me', 'prenom@proton.me'],
])(
  '%s is the mailbox %s: only services that are known to read spellings alike make them one',
  (address, mailbox) => expect(mailboxSpelling(address)).toBe(mailbox),
);

const part = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const asso = 'asso.example';
const domains = fc.constantFrom(asso, 'gmail.com', 'googlemail.com', 'proton.me', 'gmail.com.example');

test('whatever case and tags are written, it is one address; and comparing it again changes nothing', () => {
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 4 }),
      part,
      domains,
      fc.infiniteStream(fc.boolean()),
      (names, tag, domain, capital) => {
        const plain = `${names.join('.')}@${domain}`;
        const dressed = `${names.join('.')}+${tag}@${domain}`.replace(/[a-z]/g, (sign) =>
          capital.next().value === true ? sign.toUpperCase() : sign,
        );
        expect(comparableAddress(dressed)).toBe(comparableAddress(plain));
        expect(comparableAddress(comparableAddress(dressed))).toBe(comparableAddress(dressed));
      },
    ),
  );
});

test('dots tell mailboxes apart, except where the mail service ignores them', () => {
  fc.assert(
    fc.property(part, part, domains, (one, other, domain) => {
      const same =
        comparableAddress(`${one}.${other}@${domain}`) === comparableAddress(`${one}${other}@${domain}`);
      expect(same).toBe(['gmail.com', 'googlemail.com', 'proton.me'].includes(domain));
    }),
  );
});

test('no spelling of an address is one of another domain', () => {
  fc.assert(
    fc.property(part, part, (one, other) => {
      expect(comparableAddress(`${one}@${asso}`) === comparableAddress(`${other}@${asso}`)).toBe(
        one === other,
      );
      expect(comparableAddress(`${one}@${asso}`)).not.toBe(comparableAddress(`${one}@gmail.com`));
    }),
  );
});
