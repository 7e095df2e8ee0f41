/**
 * Every mail of the house, with values that nobody means well: what a mail server and a reader get of them. A new one without an
 * example here fails.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { linkedMail } from '../src/account/linked-mail.ts';
import {
  appointedMails,
  changedMails,
  onTheServerMails,
  proposedMails as proposedOperatorMails,
  removedMails,
} from '../src/appointments/operator-mail.ts';
import { lotMail } from '../src/batches/lot-mail.ts';
import { codeMail, codePurposes } from '../src/codes/codes.ts';
import { proposedMails } from '../src/corrections/correction-mail.ts';
import { correctionKinds } from '../src/corrections/rules.ts';
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
import { composeLetter } from '../src/registrations/letters/compose.ts';
import { letterMail } from '../src/registrations/letters/mail.ts';
import { common, kinds as letterKinds, sample } from '../src/registrations/letters/testing/samples.ts';

/** Markup, a header, links with and without a scheme, an address, marks that turn the writing, signs that nobody sees. */
const hostile =
  'Nom"\'><script>alert(1)</script>\r\nBcc: x@evil.example\r\n\r\nhttps://evil.example/\u2028WWW.evil.example evil.com \u202Efdp.exe\u202C \u2066a\u200B\u00ADb\u2069 \0';
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
  service: { name: { fr: hostile, en: hostile }, url: serviceUrl },
  endsOn: '2026-12-31',
};
/** One of each kind: the compiler misses none. */
const notices: Readonly<Record<Notice['kind'], Notice>> = {
  passkey_added: { kind: 'passkey_added' },
  totp_added: { kind: 'totp_added' },
  passkey_removed: { kind: 'passkey_removed' },
  totp_removed: { kind: 'totp_removed' },
  passkey_suspect: { kind: 'passkey_suspect' },
  recovery_made: { kind: 'recovery_made' },
  recovery_used: { kind: 'recovery_used', left: 0 },
  address_added: { kind: 'address_added', address: 'autre@asso.example' },
  address_primary: { kind: 'address_primary', address: 'autre@asso.example' },
  address_removed: { kind: 'address_removed', address: 'autre@asso.example' },
  second_factor_limited: { kind: 'second_factor_limited' },
  new_device: { kind: 'new_device', device: { browser: 'Firefox', system: 'Linux' } },
  lost_asked: { kind: 'lost_asked', readyAt: at },
  lost_cancelled: { kind: 'lost_cancelled', because: 'limited' },
  lost_finished: { kind: 'lost_finished' },
  restored: { kind: 'restored' },
};
const domain = {
  to,
  siren: '000000109',
  issuer,
  organization: hostile,
  domain: 'asso.example',
  until: '2026-11-29',
};
const partner = { at, partnerId: 'x', account: `${issuer}/compte`, help: `${issuer}/aide` };

interface Preview {
  readonly of: string;
  readonly mail: Mail;
}
const previews = <T extends string>(
  of: string,
  kinds: readonly T[],
  mail: (kind: T) => Mail | readonly Mail[],
): readonly Preview[] =>
  kinds.flatMap((kind) =>
    [mail(kind)].flat().map((one, index) => ({ of: `${of} ${kind} ${index}`, mail: one })),
  );
const preview = (of: string, mail: Mail | readonly Mail[]): readonly Preview[] =>
  previews(of, [''], () => mail);

const erasure = { erased: [], refused: undefined, digest: '' } as const;
const kept = [
  { words: 'running', count: 1, file: 'D-26-7K3QXWPB', organization: hostile },
  { words: 'ended', count: 1, file: 'D-26-7K3QXWPC', organization: hostile, until: '2031-12-31' },
  { words: 'invitations', count: 2, until: '2027-12-31' },
] as const;

/** By file and by the name of what writes them. In both languages: those that may reach people who read no French. */
const inBoth: Readonly<Record<string, readonly Preview[]>> = {
  'src/codes/code-mail.ts codeMail': previews('code', codePurposes, (purpose) =>
    codeMail({
      ...{ to, code: '01234567', service: hostile },
      ...(purpose === 'reconcile' ? { purpose, idp: hostile } : { purpose }),
    }),
  ),
  'src/partners/notices.ts noticeMail': Object.entries(notices).flatMap(([kind, notice]) => {
    expect(notice.kind).toBe(kind);
    return preview(`partner ${kind}`, noticeMail(to, notice, partner));
  }),
  'src/domains/domain-mails.ts domainMail': previews('domain', domainMailKinds, (kind) =>
    domainMail(kind, domain),
  ),
  'src/joining/mails.ts joiningMail': previews('joining', joiningMailKinds, (kind) =>
    joiningMail(kind, {
      to,
      organization: hostile,
      link: `${issuer}/compte`,
      id: 'x',
      until: '2026-12-31',
    }),
  ),
  'src/account/linked-mail.ts linkedMail': preview(
    'linked',
    linkedMail(to, { idp: hostile, account: 'x@evil.example' }),
  ),
  'src/invitations/guest-mail.ts invitedMail': [
    ...preview('invited', invitedMail(guest)),
    ...preview(
      'invited to a tool without an address',
      invitedMail({ ...guest, service: { name: guest.service.name } }),
    ),
  ],
  'src/invitations/guest-mail.ts renewedMail': preview('renewed', renewedMail(guest)),
  'src/invitations/guest-mail.ts endedMail': preview('ended', endedMail(guest)),
  'src/invitations/guest-mail.ts takenOverMail': preview('taken over', takenOverMail(guest)),
  'src/invitations/guest-mail.ts revokedMail': [true, false].flatMap((bySponsor) =>
    preview(`revoked ${String(bySponsor)}`, revokedMail(guest, bySponsor)),
  ),
  'src/members/member-mail.ts memberMail': previews('member', ['revoke', 'restore'], (act) =>
    memberMail(act, { id: 'x', email: to }, { organization: hostile, guests: 1 }),
  ),
  'src/personal-data/erased-mail.ts erasedMail': [
    ...preview('erased', erasedMail(to, { ...erasure, kept: [] }, at, issuer)),
    ...preview('erased, with what is kept', erasedMail(to, { ...erasure, kept }, at, issuer)),
  ],
};
const lot = { to, id: 'L-26-7K3QXWPB', author: { givenName: hostile, usualName: hostile }, issuer };
const inFrench: Readonly<Record<string, readonly Preview[]>> = {
  'src/domains/domain-mails.ts deciderMail': preview('handover', deciderMail(to, { id: 'x', issuer })),
  'src/corrections/correction-mail.ts proposedMails': previews('correction', correctionKinds, (kind) =>
    proposedMails({ id: 'x', kind, author: operator, consoleHref: facts.consoleHref }, [operator]),
  ),
  'src/appointments/operator-mail.ts appointedMails': preview('appointed', appointedMails(facts)),
  'src/appointments/operator-mail.ts changedMails': preview(
    'changed',
    changedMails({ ...facts, before: { ...operator, email: 'avant@asso.example' } }),
  ),
  'src/appointments/operator-mail.ts removedMails': preview('removed', removedMails(facts, [operator])),
  'src/appointments/operator-mail.ts onTheServerMails': previews(
    'on the server',
    ['readmit', 'remove'],
    (act) => onTheServerMails(act, operator, [operator]),
  ),
  'src/appointments/operator-mail.ts proposedMails': previews(
    'proposed',
    ['appoint', 'change', 'readmit'],
    (kind) => proposedOperatorMails(facts, kind, [operator]),
  ),
  'src/batches/lot-mail.ts lotMail': previews('lot', ['lot', 'undo'], (about) =>
    lotMail(about, { ...lot, lines: about === 'lot' ? 1 : 12 }),
  ),
};
/** Letters are words for words what is kept and printed, to whoever filed the request: no word joiner stands in them. */
const letters: Readonly<Record<string, readonly Preview[]>> = {
  'src/registrations/letters/mail.ts letterMail': previews('letter', letterKinds, (kind) =>
    letterMail(
      composeLetter(
        kind,
        sample(kind, {
          organization: { ...common.organization, name: hostile },
          applicant: { givenName: hostile, usualName: hostile, email: to, capacity: hostile },
        }),
      ),
      to,
      `${issuer}/demandes/x`,
    ),
  ),
};
const listed = (...lists: readonly Readonly<Record<string, readonly Preview[]>>[]) =>
  lists.flatMap((list) => Object.values(list).flat()).map(({ of, mail }) => [of, mail] as const);

/** Exported functions of the house that give a mail, and files that write one where nobody sees it. */
function writersOfMails(): readonly string[] {
  const root = join(import.meta.dirname, '..');
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|\/testing\/|^mail\/|^http\//u.test(name))
    .map((name) => `src/${name}`);
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
    const found = source.statements.flatMap((node) =>
      ts.isFunctionDeclaration(node) &&
      node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true &&
      /^(?:readonly )?Mail(?:\[\])?$/u.test(node.type?.getText(source) ?? '')
        ? [`${file} ${node.name?.text ?? ''}`]
        : [],
    );
    const writes = /\bplainMail\(|\bhtml:.*<!doctype/u.test(text);
    return found.length === 0 && writes ? [`${file}: no exported function gives its mail`] : found;
  });
}

test('every mail of the house has an example here', () => {
  const examples = Object.keys({ ...inBoth, ...inFrench, ...letters });
  expect(writersOfMails().toSorted()).toEqual(examples.toSorted());
  for (const [, mail] of listed(inBoth, inFrench, letters)) expect(mail.to).toContain('@asso.example');
});

const unescaped = (html: string): string =>
  html
    .replace(/<[^>]*>/gu, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
const isOurs = (url: string): boolean => url.startsWith(`${issuer}/`) || url === serviceUrl;

/** What holds for every one of them. */
function expectHarmless(mail: Mail): void {
  // Headers: one address, one line each.
  expect(checkMail(mail)).toEqual(mail);
  expect(mail.subject).toMatch(/^[^\r\n]{5,200}$/u);
  // Nobody writes a line of ours.
  expect(mail.text).not.toMatch(/^(?:Bcc|https:\/\/evil)/mu);
  for (const text of [mail.subject, mail.text, mail.html])
    expect(text).not.toMatch(/[\0\r\u2028]|\p{Bidi_Control}/u);
  expect(mail.html).not.toMatch(/<(?:script|img|iframe|form|link)\b|\son\w+=/iu);
  const targets = [...mail.html.matchAll(/href="([^"]*)"/gu)].map(([, url = '']) => url);
  expect(targets.filter((url) => !isOurs(url))).toEqual([]);
  expect(mail.html.match(/<a /gu)?.length ?? 0).toBe(targets.length);
  expect(mail.text).toContain('merci de ne pas y répondre');
}

test.each(listed(inBoth, inFrench))('%s', (_what, mail) => {
  expectHarmless(mail);
  // No address but ours, for a program that makes links of them either.
  expect(
    (mail.text.match(/(?:https?:\/\/|\bwww\.(?!\u2060))\S*/giu) ?? []).filter((url) => !isOurs(url)),
  ).toEqual([]);
  expect(mail.text).not.toMatch(/evil\.(?!\u2060)|@evil/iu);
  // Text and HTML say the same.
  const paragraphs = [...mail.html.matchAll(/<p>([\s\S]*?)<\/p>/gu)].map(([, inside = '']) =>
    unescaped(inside),
  );
  const lines = mail.text.trimEnd().split('\n\n');
  expect(lines.filter((line) => line !== '--- In English ---')).toEqual(paragraphs);
  expect(mail.text.length).toBeLessThan(3_000);
});

test.each(listed(letters))('%s', (_what, mail) => {
  expectHarmless(mail);
});

test.each(listed(inBoth))('%s, in English too', (_what, mail) => {
  const [french = '', english = ''] = mail.text.split('--- In English ---');
  expect(french).toMatch(/Bonjour,[\s\S]*automatiquement/u);
  expect(english).toMatch(/Hello,[\s\S]*\b(?:you|your|the)\b[\s\S]*automatically/iu);
  // As many paragraphs each: nothing is said in one of them alone.
  expect(english.trim().split('\n\n')).toHaveLength(french.trim().split('\n\n').length);
  expect(mail.subject).toContain(' · ');
  expect(mail.subject.length).toBeLessThanOrEqual(200);
});
