// Each trap of the reference (proconnect-identite.md §1.7, rows 0 to 19, and §2), with our answer. Where that list lets
// somebody in on their word alone, ours asks the organization or an operator.
import { describe, expect, test } from 'vitest';
import { joinRoute, takesCodeOf } from './join-route.ts';
import type { JoinAnswer } from './join-route.ts';
import {
  asks,
  association,
  commune,
  company,
  free,
  mailbox,
  ministry,
  nothing,
  official,
  ofTheTown,
  told,
  town,
} from './testing/facts.ts';

describe('§1.7, row by row', () => {
  test.each<[row: string, answer: JoinAnswer, expected: string]>([
    [
      '0 a number with a wrong key',
      joinRoute({ ...nothing, asked: { found: 'malformed' } }),
      'refused number_malformed',
    ],
    [
      '0 registers that do not answer',
      joinRoute({ ...nothing, asked: { found: 'unavailable' } }),
      'refused register_unavailable',
    ],
    [
      '0 a number of nobody',
      joinRoute({ ...nothing, asked: { found: 'unknown' } }),
      'refused organization_unknown',
    ],
    [
      '0 a number of another country',
      joinRoute({ ...nothing, asked: { found: 'foreign' } }),
      'refused foreign_number',
    ],
    [
      'an association without SIRET',
      joinRoute({ ...nothing, asked: { found: 'no_siret' } }),
      'refused no_siret',
    ],
    [
      'a foreign organization',
      asks({ ...company, legalCategory: '3120', sector: 'foreign_or_international' }),
      'refused foreign_organization',
    ],
    ['1 closed', asks({ ...commune, active: false }), 'refused organization_closed'],
    ['1 suspended by an operator', asks({ ...commune, suspended: true }), 'refused organization_suspended'],
    ['2 a member already', asks(commune, { standing: { member: true } }), 'already already_member'],
    [
      '2 taken away: joining again is no way around',
      asks(commune, { standing: { member: true, revoked: true }, domains: { verified: [town] } }),
      'refused membership_revoked',
    ],
    [
      '3 a request waits',
      asks(commune, { standing: { pending: 'awaiting_operator' } }),
      'already request_pending',
    ],
    ['3 begun, and nothing sent', asks(commune, { standing: { pending: 'requested' } }), 'operator operator'],
    [
      '4 refused lately',
      asks(commune, { standing: { refusedLately: true }, domains: { verified: [town] } }),
      'refused refused_lately',
    ],
    [
      '4 refused lately, then invited',
      asks(commune, { standing: { refusedLately: true }, invited: true }),
      'invitation invitation',
    ],
    [
      '5 Chorus Pro, from elsewhere',
      asks(
        { ...ministry, siret: '11000201100044', siren: '110002011' },
        { mailboxes: [mailbox('a@culture.gouv.fr')] },
      ),
      'refused reserved_establishment',
    ],
    [
      '5 Chorus Pro, from the ministry',
      asks(
        { ...ministry, siret: '11000201100044', siren: '110002011' },
        { mailboxes: [mailbox('a@finances.gouv.fr')] },
      ),
      'operator operator',
    ],
    ['6 a refused domain', asks(commune, { domains: { refused: [town] } }), 'refused domain_refused'],
    [
      '6 refused wins over verified, official and invited',
      asks(commune, {
        domains: { refused: [town], verified: [town], listed: [town] },
        contacts: [ofTheTown.address],
        invited: true,
      }),
      'refused domain_refused',
    ],
    [
      '6 refused, with another mailbox beside',
      asks(commune, { domains: { refused: [town] }, mailboxes: [free, ofTheTown] }),
      'refused domain_refused',
    ],
    [
      '6 refused, from below it',
      asks(commune, { domains: { refused: [town] }, mailboxes: [mailbox('a@ecole.ville-fictive.example')] }),
      'refused domain_refused',
    ],
    [
      '9 one person, a proven domain of theirs',
      asks({ ...company, legalCategory: '1000', sizeBand: 'NN' }, { domains: { verified: [town] } }),
      'domain verified_domain',
    ],
    [
      '9 one person, any mailbox',
      asks({ ...company, legalCategory: '1000', sizeBand: 'NN' }, { mailboxes: [free] }),
      'operator operator',
    ],
    [
      '9 a small company, headcount unknown',
      asks({ ...company, sizeBand: undefined }, { mailboxes: [free] }),
      'operator operator',
    ],
    ['10 a small association, free mailbox', asks(association, { mailboxes: [free] }), 'operator operator'],
    [
      '10 the same, represented',
      asks(association, { mailboxes: [free], representatives: 1 }),
      'representative representative',
    ],
    [
      '11 a small property company',
      asks({ ...company, legalCategory: '6540', sizeBand: '00' }, { mailboxes: [free] }),
      'operator operator',
    ],
    [
      '12 the State, from a free mailbox',
      asks(ministry, { mailboxes: [free] }),
      'refused state_needs_work_address',
    ],
    [
      '12 a small public body, from a free mailbox',
      asks({ ...commune, legalCategory: '7361' }, { mailboxes: [free] }),
      'operator operator',
    ],
    [
      '13 a large company, free mailbox: no box to tick',
      asks({ ...company, sizeBand: '42' }, { mailboxes: [free] }),
      'operator operator',
    ],
    [
      '14 the mailbox of the town hall itself',
      asks(commune, { mailboxes: [mailbox(official)], contacts: [official] }),
      'official_contact official_address',
    ],
    [
      '14 a free mailbox that is the official one',
      asks(commune, {
        mailboxes: [mailbox('mairie.fictive@orange.fr', true)],
        contacts: ['mairie.fictive@orange.fr'],
      }),
      'official_contact official_address',
    ],
    [
      '14 the domain that a public list names for it',
      asks(commune, { domains: { listed: [town] }, contacts: [official] }),
      'domain listed_domain',
    ],
    [
      '14 a free mailbox: a code to the town hall',
      asks(commune, { mailboxes: [free], contacts: [official] }),
      'official_contact official_code',
    ],
    [
      '14 the swimming pool is not the town hall',
      asks({ ...commune, headOffice: false }, { mailboxes: [free], contacts: [official] }),
      'operator operator',
    ],
    [
      '14 the swimming pool, from the verified domain of the town',
      asks({ ...commune, headOffice: false }, { domains: { verified: [town] } }),
      'domain verified_domain',
    ],
    [
      '15 a school of the town, by the domain of the town',
      asks(
        { ...commune, headOffice: false, naf: '85.20Z' },
        { domains: { verified: [town] }, contacts: [official] },
      ),
      'operator operator',
    ],
    [
      '15 a school, by the domain of its academy',
      asks(
        { ...commune, legalCategory: '7331', naf: '85.31Z' },
        {
          mailboxes: [mailbox('p@ac-nantes.fr')],
          domains: { verified: ['ac-nantes.fr'], listed: ['ac-nantes.fr'] },
        },
      ),
      'operator operator',
    ],
    ['16 a verified domain', asks(commune, { domains: { verified: [town] } }), 'domain verified_domain'],
    [
      '16 verified, from below: another domain',
      asks(commune, { domains: { verified: [town] }, mailboxes: [mailbox('a@x.ville-fictive.example')] }),
      'operator operator',
    ],
    [
      '16 a free domain that somebody wrote down as verified',
      asks(commune, { mailboxes: [free], domains: { verified: ['gmail.com'], listed: ['gmail.com'] } }),
      'operator operator',
    ],
    ['18 a domain that nobody has verified', asks(commune), 'operator operator'],
    ['18 the same, represented', asks(commune, { representatives: 2 }), 'representative representative'],
    [
      '19 no proven mailbox at all',
      asks(commune, { mailboxes: [], representatives: 1 }),
      'refused address_unproven',
    ],
    [
      'an invitation, where there is an official mailbox',
      asks(commune, { mailboxes: [free], contacts: [official], invited: true }),
      'invitation invitation',
    ],
    [
      'an invitation, from a verified domain',
      asks(commune, { domains: { verified: [town] }, invited: true }),
      'domain verified_domain',
    ],
  ])('%s', (_row, answer, expected) => {
    expect(told(answer)).toBe(expected);
    expect(answer.rule).toBe(`join.v2/${answer.name}`);
  });

  test.each([
    ['agent@culture.gouv.fr', 'state_domain_elsewhere'],
    ['agent@gouv.fr', 'state_domain_elsewhere'],
    ['agent@evilgouv.fr', 'domain_not_verified'],
    ['agent@gouv.fr.example', 'domain_not_verified'],
    ['agent@xgouv.fr', 'domain_not_verified'],
  ])('7 %s, for an organization that is not public: %s', (address, reason) => {
    const answer = asks(association, { mailboxes: [mailbox(address)] });
    expect(answer.reasons).toContain(reason);
    expect(answer.route).toBe('operator');
    // A domain of the State is never the proof of a private organization, whatever anybody wrote down.
    const domain = address.slice(address.indexOf('@') + 1);
    const verified = asks(association, { mailboxes: [mailbox(address)], domains: { verified: [domain] } });
    expect(verified.route).toBe(reason === 'state_domain_elsewhere' ? 'operator' : 'domain');
  });
});

describe('a code that was sent to the official mailbox makes a member as things stand when it is typed', () => {
  const waiting = { ...nothing.standing, pending: 'awaiting_code' } as const;
  const sent = { ...nothing, mailboxes: [free], contacts: [official], standing: waiting };
  const asked = (organization: typeof commune) => ({ found: 'one', organization }) as const;

  test.each([
    ['as when it was sent', { ...sent, asked: asked(commune) }, true],
    ['closed since', { ...sent, asked: asked({ ...commune, active: false }) }, false],
    ['suspended since', { ...sent, asked: asked({ ...commune, suspended: true }) }, false],
    ['its swimming pool, not its seat', { ...sent, asked: asked({ ...commune, headOffice: false }) }, false],
    [
      'another official mailbox since',
      { ...sent, asked: asked(commune), contacts: [`autre@${town}`] },
      false,
    ],
    [
      'the domain of the person refused since',
      { ...sent, asked: asked(commune), domains: { ...nothing.domains, refused: [free.domain] } },
      false,
    ],
    ['taken out since', { ...sent, asked: asked(commune), standing: { ...waiting, revoked: true } }, false],
    ['a number that no register knows any more', { ...sent, asked: { found: 'unknown' } as const }, false],
  ])('%s', (_what, facts, expected) => {
    expect(takesCodeOf(facts, official)).toBe(expected);
  });
});
