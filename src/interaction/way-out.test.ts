import { describe, expect, test } from 'vitest';
import { reasonCodes } from '../eligibility/eligibility.ts';
import type { ReasonCode } from '../eligibility/eligibility.ts';
import { requestStates } from '../registrations/registrations.ts';
import type { FileSummary, RequestState } from '../registrations/registrations.ts';
import { ownRequest, waysOut } from './way-out.ts';
import type { Refused } from './way-out.ts';

const siren = '000000109';
const at = new Date('2026-11-22T09:00:00Z');
const file = (id: string, state: RequestState, more: Partial<FileSummary> = {}): FileSummary => ({
  id,
  accountId: 'ada',
  stage: 'decided',
  version: 3,
  organization: siren,
  siren,
  organizationName: 'AMD-FICTIF',
  organizationType: undefined,
  department: undefined,
  requests: [{ service: 'docs', state, proposed: false, endsOn: undefined }],
  submittedAt: at,
  dueOn: undefined,
  takenBy: undefined,
  renews: undefined,
  createdAt: at,
  updatedAt: at,
  ...more,
});
const refused = (change: Partial<Refused>): Refused => ({
  reason: 'approval_missing',
  service: 'docs',
  siren,
  files: [],
  support: { href: 'mailto:aide@commune.example', name: 'Assistance' },
  retryHref: '/interaction/uid',
  basePath: '',
  ...change,
});
const words = (change: Partial<Refused>) => waysOut(refused(change)).map((way) => way.words);

describe('the way out of a refusal', () => {
  test.each([
    ['submitted', 'follow'],
    ['info_requested', 'follow'],
    ['appealed', 'follow'],
    ['suspended', 'answer'],
    ['suspended_urgent', 'answer'],
    ['suspension_notified', 'answer'],
    ['refused', 'contest'],
    ['implicitly_refused', 'contest'],
    ['abrogated', 'contest'],
    ['withdrawn_by_authority', 'contest'],
    ['upheld', 'contest'],
    ['expired', 'renew'],
    ['renewal_due', 'renew'],
    ['closed', 'open'],
  ] as const)('for who sent a file that is %s: %s', (state, expected) => {
    expect(waysOut(refused({ files: [file('D-26-7K3QXWPB', state)] }))).toEqual([
      { words: expected, href: '/demandes/D-26-7K3QXWPB', name: 'D-26-7K3QXWPB' },
    ]);
  });

  test('a right that stands, or a request that was given up, is no way out', () => {
    for (const state of ['approved', 'implicitly_accepted', 'withdrawn'] as const)
      expect(words({ files: [file('a', state)] })).toEqual([]);
  });

  test('knows the newest request for this service and this organization, and no draft', () => {
    const files = [
      file('draft', 'draft', { stage: 'draft' }),
      file('withdrawn', 'withdrawn'),
      file('elsewhere', 'suspended', { siren: '000000208' }),
      file('tchap', 'suspended', {
        requests: [{ service: 'tchap', state: 'suspended', proposed: false, endsOn: undefined }],
      }),
      file('newest', 'refused'),
      file('older', 'expired'),
    ];
    expect(ownRequest(refused({ files }))).toEqual({ id: 'newest', state: 'refused' });
    expect(ownRequest(refused({ files, siren: undefined }))).toBeUndefined();
    expect(ownRequest(refused({ files: files.slice(0, 2) }))?.id).toBe('withdrawn');
  });

  test.each<[ReasonCode, readonly string[]]>([
    ['organization_unknown', ['support']],
    ['organization_closed', ['support']],
    ['organization_not_found_in_registry', ['retry', 'support']],
    ['registry_unavailable_stale', ['retry']],
    ['approval_pending', ['retry']],
    ['guest_not_invited', ['other']],
    ['membership_not_verified', ['other', 'support']],
    ['email_domain_not_allowed', ['other']],
    ['idp_not_allowed', ['other', 'support']],
    ['acr_insufficient', ['support']],
  ])('%s: %j, and whoever decides', (reason, expected) => {
    expect(words({ reason })).toEqual(expected);
    expect(words({ reason, support: undefined })).toEqual(expected.filter((one) => one !== 'support'));
  });

  test('no reason and no state is without an answer', () => {
    for (const reason of reasonCodes)
      for (const state of requestStates)
        expect(() => waysOut(refused({ reason, files: [file('a', state)] }))).not.toThrow();
  });
});
