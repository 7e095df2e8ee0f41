import { describe, expect, test } from 'vitest';
import { canonicalDomain, isDay, isPhone, problemsOf, wholeNumber } from './content-problems.ts';
import type { ContentContext, ContentField, ProblemCode } from './content-problems.ts';
import { changedContent, contentText, draftContentSchema, emptyContent, readContent } from './content.ts';
import type { DraftContent } from './content.ts';

const context: ContentContext = {
  services: new Set(['docs', 'tchap']),
  pending: new Set(['tchap']),
  organizationKnown: true,
  isAssociation: true,
  today: '2026-11-22',
};
const contact = { name: 'Maëlle Le Goff', email: 'contact@amd-fictif.example', phone: '02 97 00 00 00' };
const service = {
  id: 'docs',
  why: 'Écrire à plusieurs',
  users: '1 200',
  termsAcceptedAt: '2026-11-22T10:00:00Z',
};
const whole: DraftContent = draftContentSchema.parse({
  organization: '000000109',
  acting: { capacity: 'présidente', mandateUntil: '2028-06-30' },
  services: [service],
  purpose: 'Préparer les réunions\r\n\r\n\r\ndes maires.',
  dataProtection: contact,
  security: contact,
  domains: ['amd-fictif.example'],
  declaredAt: '2026-11-22T10:00:00Z',
});
const problems = (change: Partial<DraftContent>, beside: Partial<ContentContext> = {}) =>
  problemsOf({ ...whole, ...change }, { ...context, ...beside }).map(({ field, code }) => [field, code]);
const agreement = { reference: '', startsOn: '', endsOn: '' };

test('what is whole has no problem', () => {
  expect(problemsOf(whole, context)).toEqual([]);
});

test('a mandate without an end is one of no association', () => {
  const acting = { capacity: 'maire', mandateUntil: '' };
  expect(problems({ acting }, { isAssociation: false })).toEqual([]);
});

test('an empty draft misses what everybody has to say, in the order of the page', () => {
  expect(problemsOf(emptyContent, context)).toEqual([
    { field: 'organization', code: 'missing' },
    { field: 'acting.capacity', code: 'missing' },
    { field: 'acting.mandateUntil', code: 'missing' },
    { field: 'services', code: 'missing' },
    { field: 'purpose', code: 'missing' },
    { field: 'dataProtection.name', code: 'missing' },
    { field: 'dataProtection.email', code: 'missing' },
    { field: 'security.name', code: 'missing' },
    { field: 'security.email', code: 'missing' },
    { field: 'declaredAt', code: 'not_declared' },
  ]);
});

test.each<[Partial<DraftContent>, ContentField, ProblemCode]>([
  [{ acting: { ...whole.acting, capacity: 'x'.repeat(201) } }, 'acting.capacity', 'too_long'],
  [{ acting: { capacity: 'x', mandateUntil: '' } }, 'acting.mandateUntil', 'missing'],
  [{ acting: { capacity: 'x', mandateUntil: '2026-02-30' } }, 'acting.mandateUntil', 'day_shape'],
  [{ acting: { capacity: 'x', mandateUntil: '2026-11-21' } }, 'acting.mandateUntil', 'day_past'],
  [{ services: [{ ...service, id: 'unknown' }] }, 'services.unknown.id', 'service_unknown'],
  [{ services: [{ ...service, id: 'tchap' }] }, 'services.tchap.id', 'already_asked'],
  [{ services: [service, service] }, 'services.docs.id', 'twice'],
  [{ services: [{ ...service, why: '' }] }, 'services.docs.why', 'missing'],
  [{ services: [{ ...service, why: 'x'.repeat(2_001) }] }, 'services.docs.why', 'too_long'],
  [{ services: [{ ...service, users: '' }] }, 'services.docs.users', 'missing'],
  [{ services: [{ ...service, users: '0' }] }, 'services.docs.users', 'number_shape'],
  [{ services: [{ ...service, users: 'douze' }] }, 'services.docs.users', 'number_shape'],
  [{ services: [{ ...service, users: '1e9' }] }, 'services.docs.users', 'number_shape'],
  [
    { services: [{ ...service, termsAcceptedAt: undefined }] },
    'services.docs.termsAcceptedAt',
    'terms_not_accepted',
  ],
  [{ purpose: '' }, 'purpose', 'missing'],
  [{ purpose: 'x'.repeat(4_001) }, 'purpose', 'too_long'],
  [{ notes: 'x'.repeat(4_001) }, 'notes', 'too_long'],
  [{ dataProtection: { ...contact, email: 'a@b' } }, 'dataProtection.email', 'email_shape'],
  [{ security: { ...contact, phone: '12' } }, 'security.phone', 'phone_shape'],
  [{ domains: ['https://amd.example'] }, 'domains.0', 'domain_shape'],
  [{ domains: ['a.example', 'A.example'] }, 'domains.1', 'twice'],
  [{ domains: Array.from({ length: 21 }, (_, index) => `a${index}.example`) }, 'domains', 'too_many'],
  [{ ground: 'members_all_public_law' }, 'members', 'list_needed'],
  [{ ground: 'delegated_public_service' }, 'agreement.reference', 'missing'],
  [{ ground: 'transparent_association' }, 'publicShare', 'missing'],
  [{ publicShare: '101 %' }, 'publicShare', 'number_shape'],
  [{ agreement: { ...agreement, startsOn: 'hier' } }, 'agreement.startsOn', 'day_shape'],
  [{ agreement: { ...agreement, endsOn: '2026-11-21' } }, 'agreement.endsOn', 'day_past'],
  [
    { agreement: { ...agreement, startsOn: '2028-01-01', endsOn: '2027-01-01' } },
    'agreement.endsOn',
    'days_order',
  ],
  [{ declaredAt: undefined }, 'declaredAt', 'not_declared'],
])('%j has a problem', (change, field, code) => {
  expect(problems(change)).toEqual([[field, code]]);
});

test('an organization that the register does not hold is a problem', () => {
  expect(problems({}, { organizationKnown: false })).toEqual([['organization', 'organization_unknown']]);
});

describe('what is typed', () => {
  test('is kept without anything invisible, and comes back as it was', () => {
    expect(whole.purpose).toBe('Préparer les réunions\n\ndes maires.');
    const hostile = draftContentSchema.parse({
      purpose: 'a\u202eb\0c\u0007\n\u2066d',
      acting: { capacity: ' pré\u0301sidente\r\nX ' },
    });
    expect(hostile.purpose).toBe('a b c\nd');
    expect(hostile.acting.capacity).toBe('pré\u0301sidente X'.normalize('NFC'));
    expect(readContent(contentText(whole))).toEqual(whole);
    expect(readContent(contentText(hostile))).toEqual(hostile);
  });

  test.each([
    [{ purpose: 'x'.repeat(20_001) }],
    [{ services: Array.from({ length: 101 }, () => ({ id: 'docs' })) }],
    [{ ground: 'because' }],
    [{ declaredAt: 'yesterday' }],
    [{ siren: '000000109' }],
    [{ purpose: { toString: 'x' } }],
  ])('%# is no content of ours', (value) => {
    expect(draftContentSchema.safeParse(value).success).toBe(false);
  });

  test('any change takes the declaration back', () => {
    expect(changedContent(whole, { notes: 'x' })).toEqual({ ...whole, notes: 'x', declaredAt: undefined });
  });
});

test.each([
  ['0297000000', true],
  ['02.97.00.00.00', true],
  ['+33 2 97 00 00 00', true],
  ['+33 (0)2 97 00 00 00', true],
  ['3939', true],
  ['0097000000', false],
  ['12', false],
  ['02 97 00 00', false],
  ['javascript:1', false],
])('telephone %s: %s', (text, expected) => {
  expect(isPhone(text)).toBe(expected);
});

test.each([
  ['2026-02-28', true],
  ['2026-02-29', false],
  ['2028-02-29', true],
  ['2026-13-01', false],
  ['1/2/2026', false],
  ['', false],
])('day %s: %s', (text, expected) => {
  expect(isDay(text)).toBe(expected);
});

test('numbers and domains as people write them', () => {
  expect(wholeNumber('1\u202f200')).toBe(1200);
  expect(wholeNumber('-1')).toBeUndefined();
  expect(canonicalDomain('@AMD56.example')).toBe('amd56.example');
  expect(canonicalDomain('a@b.example')).toBeUndefined();
});
