import { describe, expect, test } from 'vitest';
import type { ContentField, ContentProblem } from '../registrations/registrations.ts';
import { emptyContent, problemsOf } from '../registrations/registrations.ts';
import { firstOpen, incomplete, nextStep, problemsIn, stepOf, steps } from './steps.ts';

test.each([
  ['organization', 'organisation'],
  ['acting.mandateUntil', 'vous'],
  ['services', 'services'],
  ['services.docs.why', 'services'],
  ['agreement.endsOn', 'motif'],
  ['publicShare', 'motif'],
  ['members', 'pieces'],
  ['security.email', 'contacts'],
  ['domains.3', 'contacts'],
  ['declaredAt', 'relire'],
] as const)('%s is asked in « %s »', (field: ContentField, step) => {
  expect(stepOf(field)).toBe(step);
});

describe('the way', () => {
  test('goes through every step once, and ends with the review', () => {
    const walked = [...steps].slice(0, -1).map((step) => nextStep(step, false));
    expect(walked).toEqual([...steps].slice(1));
    expect(nextStep('relire', false)).toBe('relire');
  });

  test('goes back to the review from wherever it was left', () => {
    expect(steps.map((step) => nextStep(step, true))).toEqual(steps.map(() => 'relire'));
  });

  test('goes on where something lacks; an empty draft at its beginning, a complete one at the review', () => {
    const context = {
      services: new Set(['docs']),
      pending: new Set<string>(),
      organizationKnown: false,
      isAssociation: true,
      today: '2026-12-01',
    };
    const problems = problemsOf(emptyContent, context);
    expect(firstOpen(problems)).toBe('organisation');
    expect(incomplete(problems)).toEqual(['organisation', 'vous', 'services', 'motif', 'contacts']);
    const undeclared: readonly ContentProblem[] = [{ field: 'declaredAt', code: 'not_declared' }];
    expect(firstOpen(undeclared)).toBe('relire');
    expect(incomplete(undeclared)).toEqual([]);
    expect(problemsIn('vous', problems).map(({ field }) => field)).toEqual([
      'acting.capacity',
      'acting.mandateUntil',
    ]);
  });
});
