import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { predicates } from './predicates.ts';
import {
  approval,
  association,
  authority,
  invitation,
  now,
  policy,
  rule,
  subject,
} from './testing/factory.ts';
import { clause } from './words.ts';

/** What a policy writes, and the value that is read of the person below. */
const written: Readonly<Record<string, readonly [unknown, unknown]>> = {
  'org.type': ['company', 'local_authority.commune'],
  'org.category': ['company', 'local_authority'],
  'org.sector': ['private_law', 'public_law'],
  'org.legal_category': ['5710', '7210'],
  'org.public_service': [false, true],
  'org.facets': ['hospital', ['local', 'spa']],
  'org.qualifications': ['rup', []],
  'org.siren': ['130025265', '000000109'],
  'org.siret': ['13002526500013', '00000090100009'],
  'org.population': [{ lt: 10 }, 3500],
  'org.epci.population': [{ lt: 10 }, 14_999],
  'org.department': ['75', undefined],
  'org.region': ['11', undefined],
  'org.commune': ['75056', '44109'],
  'org.naf': ['9499Z', '8411Z'],
  'org.active': [false, true],
  'org.age_days': [{ lt: 10 }, 9822],
  'org.suspended': [true, false],
  approval: [{ service: 'docs', status: 'active' }, 'expired'],
  invitation: [{ service: 'tchap', status: 'active' }, 'active'],
  'user.email_domain': ['etat.example', 'amd-fictif.example'],
  'user.email_verified': [false, true],
  'user.link': ['official_source', 'moderated'],
  'user.roles': ['mayor', ['secretary']],
  'auth.acr': [{ gte: 'eidas3' }, 'eidas1'],
  'auth.amr': ['hwk', ['pwd']],
  'auth.idp': ['other', 'demo-idp'],
  'auth.age_s': [{ lt: 10 }, 3600],
  'client.id': ['tchap', 'docs'],
  time: [{ gte: '2030-01-01' }, '2026-11-22'],
};

const someone = subject({
  organization: {
    ...authority('7210', 3500, 14_999),
    siren: association.siren,
    naf: '84.11Z',
    createdOn: '2000-01-01',
  },
  approvals: [approval({ endsOn: '2026-11-10', lapses: true })],
  invitations: [invitation({ service: 'tchap' })],
  user: { ...subject().user, roles: ['secretary'] },
});

describe('the explanation of a decision', () => {
  it('knows every predicate', () => {
    expect(Object.keys(written).sort()).toEqual(Object.keys(predicates).sort());
  });

  it.each(Object.entries(written))(
    '%s: what was expected, its value, who says so, as of when',
    (name, [expected, value]) => {
      const asked = policy({ rules: [rule({ [name]: expected })] });
      const [entry] = decide(asked, someone, now).trace;
      const [test, ...others] = entry?.tests ?? [];
      expect(others).toEqual([]);
      expect(test).toMatchObject({ expected, value });
      expect(test?.name.split('.')[0]).toBe(name.split('.')[0]);
      expect(test?.source).not.toBe('');
      expect(Number.isNaN(Date.parse(test?.asOf ?? ''))).toBe(false);
      expect(clause(test?.name ?? '', expected, 'fr')).not.toMatch(/undefined|\{|_/u);
    },
  );

  it('says the same of a rule that was asked again after the end of an approval, and why no other helped', () => {
    const grace = { days: 30, level: 'guest' } as const;
    const condition = { all: [{ approval: { service: 'docs', status: 'active' } }, { 'org.naf': '9499Z' }] };
    const decision = decide(policy({ rules: [rule(condition, { basis: 'approval', grace })] }), someone, now);
    expect(decision).toMatchObject({ decision: 'deny', grace: undefined });
    expect(
      decision.trace.map(({ part, id, truth, tests }) => [
        part,
        id,
        truth,
        ...tests.map(({ value, source, asOf }) => [value, source, asOf]),
      ]),
    ).toEqual([
      ['rule', 'only', false, ['expired', 'approval a1', '2026-11-22'], ['8411Z', 'demo', '2026-11-01']],
      ['grace', 'only', false, ['active', 'approval a1', '2026-11-10'], ['8411Z', 'demo', '2026-11-01']],
    ]);
  });
});
