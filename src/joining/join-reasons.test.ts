import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JoinReason } from './join-codes.ts';
import { domainIsUnder } from './join-facts.ts';
import type { OrganizationAsked } from './join-facts.ts';
import { joinRuleNames } from './join-route.ts';
import { linkLevels, proofMethods } from './lifecycle.ts';
import {
  asks,
  association,
  commune,
  company,
  free,
  mailbox,
  official,
  ofTheTown,
  town,
} from './testing/facts.ts';
import type { Change } from './testing/facts.ts';

describe('reasons, told to whoever asks and to whoever answers', () => {
  test.each<[OrganizationAsked, Change, readonly JoinReason[]]>([
    [
      association,
      { mailboxes: [free] },
      ['open_mailbox', 'small_organization', 'first_representative', 'no_representative'],
    ],
    [
      { ...association, sizeBand: undefined },
      { mailboxes: [free], representatives: 1 },
      ['open_mailbox', 'headcount_unknown', 'first_representative'],
    ],
    [
      { ...company, sizeBand: 'NN' },
      {},
      [
        'domain_not_verified',
        'small_organization',
        'executive_certification_not_offered',
        'no_representative',
      ],
    ],
    [
      { ...company, sizeBand: '42' },
      { mailboxes: [free] },
      ['open_mailbox', 'large_organization', 'executive_certification_not_offered', 'no_representative'],
    ],
    [
      { ...company, legalCategory: '1000', sizeBand: undefined },
      { mailboxes: [free] },
      [
        'open_mailbox',
        'headcount_unknown',
        'sole_trader',
        'executive_certification_not_offered',
        'no_representative',
      ],
    ],
    [
      { ...commune, headOffice: false, naf: '93.11Z' },
      {},
      ['domain_not_verified', 'not_head_office', 'large_organization', 'no_representative'],
    ],
    [
      { ...commune, headOffice: false, naf: '85.10Z' },
      { mailboxes: [mailbox('p@ac-nantes.fr')] },
      ['shared_education_domain', 'school', 'large_organization', 'no_representative'],
    ],
    [
      { ...association, legalCategory: undefined },
      {},
      ['domain_not_verified', 'small_organization', 'legal_category_unknown', 'no_representative'],
    ],
  ])('%o %o', (organization, change, reasons) => {
    expect(asks(organization, change).reasons).toEqual(reasons);
  });

  test('whoever cannot read the official mailbox has another way', () => {
    expect(asks(commune, { mailboxes: [free], contacts: [official] }).otherwise).toBe('operator');
    expect(asks(commune, { mailboxes: [free], contacts: [official], representatives: 1 }).otherwise).toBe(
      'representative',
    );
  });
});

describe('whatever the facts', () => {
  const organizations = fc.record({
    siren: fc.constant('000000109'),
    siret: fc.constantFrom('00000010900009', '11000201100044'),
    legalCategory: fc.constantFrom(undefined, '1000', '5710', '7113', '7210', '7331', '9220'),
    sector: fc.constantFrom(
      'public_law' as const,
      'private_law' as const,
      'foreign_or_international' as const,
    ),
    publicService: fc.boolean(),
    ofState: fc.boolean(),
    active: fc.boolean(),
    suspended: fc.boolean(),
    headOffice: fc.boolean(),
    naf: fc.constantFrom(undefined, '84.11Z', '85.20Z', '85.31Z'),
    sizeBand: fc.constantFrom(undefined, 'NN', '03', '53'),
  });
  const domains = fc.subarray(['gmail.com', town, 'culture.gouv.fr', 'ac-nantes.fr']);
  const changes = fc.record({
    mailboxes: fc.subarray([free, ofTheTown, mailbox('a@culture.gouv.fr'), mailbox('a@ac-nantes.fr')]),
    standing: fc.record({
      member: fc.boolean(),
      endsSoon: fc.boolean(),
      level: fc.constantFrom(undefined, ...linkLevels),
      revoked: fc.boolean(),
      pending: fc.constantFrom(undefined, 'requested' as const, 'awaiting_code' as const),
      refusedLately: fc.boolean(),
    }),
    domains: fc.record({ refused: domains, verified: domains, listed: domains }),
    contacts: fc.subarray([official, free.address]),
    invited: fc.boolean(),
    representatives: fc.nat(2),
  });

  test('nobody is a member by their word: a proof is a mailbox of theirs that says something of the organization', () => {
    fc.assert(
      fc.property(organizations, changes, (organization, change) => {
        const { proof, route, name } = asks(organization, change);
        expect(joinRuleNames).toContain(name);
        expect(route === 'domain' && proof === undefined).toBe(false);
        if (proof === undefined) return;
        const box = change.mailboxes.find(({ address }) => address === proof.address);
        expect(box).toBeDefined();
        expect(change.standing.revoked || !organization.active || organization.suspended).toBe(false);
        const { level = 'declared' } = change.standing;
        expect(linkLevels.indexOf(proofMethods[proof.method].level)).toBeGreaterThanOrEqual(
          linkLevels.indexOf(level),
        );
        const domain = box?.domain ?? '';
        expect(change.domains.refused.some((zone) => domainIsUnder(domain, zone))).toBe(false);
        if (proof.method === 'official_address') expect(change.contacts).toContain(proof.address);
        else {
          expect(box?.openToAll).toBe(false);
          expect([...change.domains.verified, ...change.domains.listed]).toContain(domain);
        }
      }),
      { numRuns: 400 },
    );
  });
});
