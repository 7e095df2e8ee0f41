import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { requestStates, emptyContent, evidenceKinds, problemsOf } from '../registrations/registrations.ts';
import type { ContentField, DraftContent } from '../registrations/registrations.ts';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { grounds } from '../eligibility/eligibility.ts';
import { fieldId, fieldProblem, problemWords } from './field-problems.ts';
import { saidWords } from './says.ts';
import { memberWords } from './shown.ts';
import { eventWords } from './timeline.ts';

const content: DraftContent = { ...emptyContent, domains: ['a.example', 'pas un domaine'] };
const told = (field: ContentField, code: Parameters<typeof fieldProblem>[0]['code']) =>
  fieldProblem({ field, code }, content, (id) => `Service ${id}`);

describe('a problem of the content leads to the field of the page, in words', () => {
  test.each([
    ['acting.capacity', 'missing', { field: 'acting-capacity', words: 'acting_capacity_missing' }],
    ['services', 'missing', { field: 'services', words: 'services_missing' }],
    ['services.docs.id', 'already_asked', { field: 'services-docs', about: 'Service docs' }],
    ['services.docs.why', 'too_long', { field: 'services-docs-why', words: 'services_why_too_long' }],
    [
      'domains.1',
      'domain_shape',
      { field: 'domains', words: 'domains_domain_shape', about: 'pas un domaine' },
    ],
    ['domains', 'too_many', { field: 'domains', words: 'domains_too_many' }],
    ['security.phone', 'phone_shape', { field: 'security-phone', words: 'security_phone_phone_shape' }],
  ] as const)('%s, %s', (field, code, expected) => {
    expect(told(field, code)).toMatchObject(expected);
  });

  test('whatever can be wrong with a content has its own words', () => {
    const long = 'x'.repeat(5000);
    const contact = { name: '', email: '', phone: '' };
    const wrongs: readonly Partial<DraftContent>[] = [
      {},
      {
        organization: '1',
        acting: { capacity: long, mandateUntil: '2020-01-01' },
        purpose: long,
        notes: long,
      },
      {
        acting: { capacity: '', mandateUntil: 'x' },
        publicShare: '200',
        domains: ['x', 'a.example', 'a.example'],
      },
      { ground: 'transparent_association', agreement: { reference: long, startsOn: 'x', endsOn: 'x' } },
      {
        ground: 'delegated_public_service',
        agreement: { reference: '', startsOn: '2027-02-01', endsOn: '2027-01-01' },
      },
      { ground: 'members_all_public_law', agreement: { reference: '', startsOn: '', endsOn: '2020-01-01' } },
      { domains: Array.from({ length: 30 }, (_, index) => `a${index}.example`) },
      {
        dataProtection: { ...contact, name: long, email: 'x', phone: 'x' },
        security: { ...contact, name: long },
      },
      { security: { ...contact, email: 'x', phone: 'x' } },
      {
        services: ['docs', 'docs', 'asked', 'none'].map((id) => ({ id, why: '', users: '' })),
      },
      { services: [{ id: 'docs', why: long, users: 'x' }] },
      { services: Array.from({ length: 21 }, () => ({ id: 'docs', why: '', users: '' })) },
    ];
    const context = {
      services: new Set(['docs', 'asked']),
      pending: new Set(['asked']),
      organizationKnown: false,
      isAssociation: true,
      today: '2026-12-01',
    };
    const problems = wrongs.flatMap((wrong) => problemsOf({ ...emptyContent, ...wrong }, context));
    const words = new Set(problems.map((one) => fieldProblem(one, emptyContent, (id) => id).words));
    expect(words).not.toContain('other');
    expect(words.size).toBeGreaterThan(35);
  });
});

test('domains are written in one field', () => {
  expect(fieldId('domains.12')).toBe('domains');
});

test('every closed list has its texts, in French and in English', () => {
  const part = z.record(z.string(), z.unknown());
  const schema = z.object({
    applicants: z.object({
      error: part,
      says: part,
      event: part,
      member: part,
      state: part,
      kind: part,
      kindText: part,
      ground: part,
      groundText: part,
    }),
  });
  for (const lang of ['fr', 'en']) {
    const file = fileURLToPath(new URL(`../../locales/${lang}.applicants.json`, import.meta.url));
    const { applicants } = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const lists = {
      error: problemWords,
      says: saidWords,
      event: eventWords,
      member: memberWords,
      state: [...requestStates, 'transferred'],
      kind: evidenceKinds,
      kindText: evidenceKinds,
      ground: grounds,
      groundText: grounds,
    } as const;
    for (const [name, list] of Object.entries(lists)) {
      const texts = Object.entries(applicants).find(([key]) => key === name)?.[1] ?? {};
      expect([name, Object.keys(texts).toSorted()]).toEqual([name, [...list].toSorted()]);
    }
  }
});
