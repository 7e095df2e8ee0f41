/** Every mail of the house, with values that nobody means well: what a mail server and a reader get of them. */
import { expect, test } from 'vitest';
import { linkedMail } from '../src/account/linked-mail.ts';
import {
  appointedMails,
  changedMails,
  onTheServerMails,
  removedMails,
} from '../src/appointments/operator-mail.ts';
import { proposedMails as proposedOperatorMails } from '../src/appointments/operator-mail.ts';
import { codeMail, codePurposes } from '../src/codes/codes.ts';
import { proposedMails } from '../src/corrections/correction-mail.ts';
import type { Operator } from '../src/declarations/declarations.ts';
import { deciderMail, domainMail, domainMailKinds } from '../src/domains/domains.ts';
import {
  endedMail,
  invitedMail,
  renewedMail,
  revokedMail,
  takenOverMail,
} from '../src/invitations/guest-mail.ts';
import { joiningMail, joiningMailKinds } from '../src/joining/mails.ts';
import { checkMail } from '../src/mail/check-mail.ts';
import type { Mail } from '../src/mail/mail.ts';
import { memberMail } from '../src/members/member-mail.ts';
import { isSiren } from '../src/organizations/organizations.ts';
import { noticeMail } from '../src/partners/notices.ts';
import type { Notice } from '../src/partners/notices.ts';
import { erasedMail } from '../src/personal-data/erased-mail.ts';

const hostile =
  'Nom"\'><script>alert(1)</script><a href="https://evil.example/">ici</a>\r\nBcc: x@evil.example\r\n\r\nhttps://evil.example/\u2028WWW.evil.example \0';
const to = 'presidence@asso.example';
const issuer = 'https://connexion.example.fr/api/v2';
const serviceUrl = 'https://docs.example.fr/';
const at = new Date('2026-11-22T10:00:00Z');

const siren = '130025265';
if (!isSiren(siren)) throw new Error('no SIREN');
const operator: Operator = {
  id: 'anne',
  idp: 'demo',
  subject: 'anne',
  email: to,
  given_name: hostile,
  usual_name: hostile,
  capacity: hostile,
  organization: hostile,
  organization_siren: siren,
  roles: ['decider'],
  delegation: { from: '2026-01-01', to: '2026-12-31' },
};
const facts = { operator, by: operator, consoleHref: `${issuer}/operateur` };
const guest = {
  id: 'x',
  to,
  sponsor: { name: hostile, email: 'agent@etat.example', organization: hostile },
  service: { name: hostile, url: serviceUrl },
  endsOn: '2026-12-31',
};
const notices: readonly Notice[] = [
  { kind: 'passkey_added' },
  { kind: 'totp_removed' },
  { kind: 'passkey_suspect' },
  { kind: 'recovery_made' },
  { kind: 'recovery_used', left: 0 },
  { kind: 'address_added', address: 'autre@asso.example' },
  { kind: 'lost_asked', readyAt: at },
  { kind: 'lost_finished' },
];
const domain = {
  to,
  siren: '000000109',
  issuer,
  organization: hostile,
  domain: 'asso.example',
  until: '2026-11-29',
};
const partner = { at, partnerId: 'x', account: `${issuer}/compte` };

/** Those that may reach people who read no French. */
const inBoth: readonly (readonly [string, Mail])[] = [
  ...codePurposes.map(
    (purpose) => [`code: ${purpose}`, codeMail({ to, code: '01234567', service: hostile, purpose })] as const,
  ),
  ...notices.map((notice) => [`partner: ${notice.kind}`, noticeMail(to, notice, partner)] as const),
  ...domainMailKinds.map((kind) => [`domain: ${kind}`, domainMail(kind, domain)] as const),
  ...joiningMailKinds.map(
    (kind) =>
      [
        `joining: ${kind}`,
        joiningMail(kind, {
          to,
          organization: hostile,
          link: `${issuer}/compte`,
          id: 'x',
          until: '2026-12-31',
        }),
      ] as const,
  ),
  ['accounts linked', linkedMail(to, hostile)],
];
const inFrench: readonly (readonly [string, Mail])[] = [
  ['handover', deciderMail(to, { id: 'x', issuer })],
  ...[invitedMail, renewedMail, endedMail, takenOverMail].map(
    (mail) => [`guest: ${mail.name}`, mail(guest)] as const,
  ),
  ...[true, false].map(
    (bySponsor) => [`guest revoked: ${String(bySponsor)}`, revokedMail(guest, bySponsor)] as const,
  ),
  ...(['revoke', 'restore'] as const).map(
    (act) =>
      [
        `member: ${act}`,
        memberMail(act, { id: 'x', email: to }, { organization: hostile, guests: 1 }),
      ] as const,
  ),
  ...[
    ...proposedMails({ id: 'x', kind: 'correct', author: operator, consoleHref: facts.consoleHref }, [
      operator,
    ]),
    ...appointedMails(facts),
    ...changedMails({ ...facts, before: operator }),
    ...removedMails(facts, [operator]),
    ...onTheServerMails('remove', operator, [operator]),
    ...proposedOperatorMails(facts, 'appoint', [operator]),
  ].map((mail, index) => [`operators: ${index}`, mail] as const),
  ['erased', erasedMail(to, { erased: [], kept: [], refused: undefined, digest: '' }, at, issuer)],
];

const unescaped = (html: string): string =>
  html
    .replace(/<[^>]*>/gu, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
const isOurs = (url: string): boolean => url.startsWith(`${issuer}/`) || url === serviceUrl;

test.each([...inBoth, ...inFrench])('%s', (_what, mail) => {
  // Headers: one address, one line each.
  expect(checkMail(mail)).toEqual(mail);
  expect(mail.subject).toMatch(/^[^\r\n]{5,200}$/u);
  // Nobody writes a line of ours.
  expect(mail.text).not.toMatch(/^(?:Bcc|https:\/\/evil)/mu);
  expect(mail.text).not.toMatch(/[\0\r\u2028]/u);
  // No address but ours, for a program that makes links of them either.
  expect(
    (mail.text.match(/(?:https?:\/\/|\bwww\.(?!\u2060))\S*/giu) ?? []).filter((url) => !isOurs(url)),
  ).toEqual([]);
  const targets = [...mail.html.matchAll(/href="([^"]*)"/gu)].map(([, url = '']) => url);
  expect(targets.filter((url) => !isOurs(url))).toEqual([]);
  expect(mail.html).not.toMatch(/<(?:script|img|iframe|form|link)\b|\son\w+=/iu);
  expect(mail.html.match(/<a /gu)?.length ?? 0).toBe(targets.length);
  // Text and HTML say the same.
  const paragraphs = [...mail.html.matchAll(/<p>([\s\S]*?)<\/p>/gu)].map(([, inside = '']) =>
    unescaped(inside),
  );
  const lines = mail.text.trimEnd().split('\n\n');
  expect(lines.filter((line) => line !== '--- In English ---')).toEqual(paragraphs);
  expect(mail.text.length).toBeLessThan(3_000);
  expect(mail.text).toContain('merci de ne pas y répondre');
});

test.each(inBoth)('%s, in English too', (_what, mail) => {
  expect(mail.text).toMatch(/\b(?:you|your|the)\b/iu);
  expect(mail.subject.length).toBeLessThanOrEqual(200);
});
