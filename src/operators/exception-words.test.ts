import { expect, test } from 'vitest';
import { anyMember, compareDecisions, decide, parsePolicy } from '../eligibility/eligibility.ts';
import { now, organization } from '../eligibility/testing/factory.ts';
import { servicesShown } from './exception-words.ts';

const decisionOf = (level: 'member' | 'guest', isOpen: boolean) =>
  decide(
    parsePolicy({
      service: 'docs',
      version: 1,
      valid_from: '2026-01-01',
      guards: [],
      rules: [
        {
          id: 'all',
          if: { 'org.active': isOpen },
          allow: { level, entitlements: ['use'] },
          basis: 'open',
        },
      ],
      default: { deny: 'not_eligible' },
    }),
    { ...anyMember(now), organization: organization(), approvals: [] },
    now,
  );
const [member, guest, closed] = [
  decisionOf('member', true),
  decisionOf('guest', true),
  decisionOf('member', false),
];

test('a service that goes on otherwise is shown as it is today, and as it would be', () => {
  const between = (service: string, before: typeof member, after: typeof member) => ({
    service,
    ...compareDecisions(before, after),
  });
  const shown = servicesShown(
    [
      between('docs', closed, member),
      between('tchap', guest, member),
      between('visio', member, closed),
      between('resana', member, member),
    ],
    (service) => service.toUpperCase(),
    'fr',
  );
  expect(
    shown.map(({ name, verdict, before, decision }) => [name, verdict, before?.answer, decision.answer]),
  ).toEqual([
    ['DOCS', 'gains', undefined, 'yes'],
    ['TCHAP', 'changes', 'guest', 'yes'],
    ['VISIO', 'loses', undefined, 'no'],
  ]);
  expect(shown[1]?.before?.summary).not.toBe(shown[1]?.decision.summary);
});
