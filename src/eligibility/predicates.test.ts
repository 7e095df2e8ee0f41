import { describe, expect, it } from 'vitest';
import { conditionSchema, compileCondition } from './condition.ts';
import type { Truth } from './kleene.ts';
import type { Context } from './predicate.ts';
import { predicates } from './predicates.ts';
import type { Subject } from './subject.ts';
import {
  approval,
  authority,
  dinum,
  invitation,
  now,
  organization,
  subject,
  withAcr,
  withLink,
} from './testing/factory.ts';

function truth(condition: unknown, changes: Partial<Subject> = {}): Truth {
  const whole = subject(changes);
  if (whole.organization === undefined) throw new Error('needs an organization');
  const context: Context = {
    subject: whole,
    organization: whole.organization,
    service: 'docs',
    measure: 'municipale',
    now,
    today: '2026-11-22',
  };
  return compileCondition(conditionSchema.parse(condition)).evaluate(context).truth;
}

const of = (registered: Parameters<typeof organization>[0]): Partial<Subject> => ({
  organization: organization(registered),
});
const unknownCategory = of({ legalCategory: '7999' });
const morbihan = ((): Partial<Subject> => {
  const facts = organization();
  const territory = { ...facts.territory, department: '56', region: '53', commune: '56260' };
  return { organization: { ...facts, territory } };
})();
const village = { organization: authority('7210', 3499, 14999) };
const agent = { organization: dinum };

/** Each predicate of the table: true, false, and unknown where a fact can be missing. */
const table: Readonly<Record<string, readonly (readonly [unknown, Partial<Subject>, Truth])[]>> = {
  'org.type': [
    ['association.declared', {}, true],
    [{ in: ['gip', 'association.declared'] }, {}, true],
    ['association.public_utility', {}, false],
    ['association.declared', unknownCategory, 'unknown'],
  ],
  'org.category': [
    ['association', {}, true],
    [{ in: ['foundation', 'association'] }, {}, true],
    ['state', {}, false],
    ['state', unknownCategory, 'unknown'],
  ],
  'org.sector': [
    ['private_law', {}, true],
    ['public_law', {}, false],
    ['private_law', unknownCategory, 'unknown'],
  ],
  'org.legal_category': [
    ['9220', {}, true],
    ['9230', {}, false],
    ['7999', unknownCategory, true],
    ['9220', of({ legalCategory: undefined }), 'unknown'],
  ],
  'org.public_service': [
    [true, agent, true],
    [true, {}, false],
    [false, {}, true],
    [true, unknownCategory, 'unknown'],
    [false, unknownCategory, 'unknown'],
  ],
  'org.facets': [
    ['state', agent, true],
    [{ in: ['local', 'state'] }, agent, true],
    ['local', agent, false],
    ['state', unknownCategory, 'unknown'],
  ],
  'org.qualifications': [
    ['rup', of({ qualifications: [{ id: 'rup', startsOn: '2026-11-22', endsOn: '2026-11-22' }] }), true],
    ['rup', of({ qualifications: [{ id: 'rup', startsOn: '2020-01-01', endsOn: undefined }] }), true],
    ['rup', of({ qualifications: [{ id: 'rup', startsOn: '2026-11-23', endsOn: undefined }] }), false],
    ['rup', of({ qualifications: [{ id: 'rup', startsOn: '2020-01-01', endsOn: '2026-11-21' }] }), false],
    ['rup', {}, false],
  ],
  'org.siren': [
    ['000000109', {}, true],
    [{ in: ['130025265'] }, {}, false],
  ],
  'org.siret': [
    ['00000010900009', {}, true],
    ['13002526500013', {}, false],
  ],
  'org.population': [
    [{ lt: 3500 }, village, true],
    [{ lte: 3499 }, village, true],
    [{ lt: 3499 }, village, false],
    [{ gt: 3498, lt: 3500 }, village, true],
    [{ gte: 3500 }, village, false],
    [{ lt: 3500, measure: 'totale' }, village, false],
    [{ lt: 3500, measure: 'municipale' }, village, true],
    [{ lt: 1 }, { organization: authority('7210', 0) }, true],
    [{ lt: 3500 }, {}, 'unknown'],
    [{ lt: 9, measure: 'totale' }, of({ legalCategory: '7210', declaredPopulation: 5 }), 'unknown'],
  ],
  'org.epci.population': [
    [{ lt: 15000 }, village, true],
    [{ lt: 14999 }, village, false],
    [{ lt: 15000 }, { organization: authority('7210', 4883, 'none') }, false],
    [{ gte: 0 }, { organization: authority('7210', 4883, 'none') }, false],
    [{ lt: 15000 }, { organization: authority('7210', 4883) }, 'unknown'],
  ],
  'org.department': [
    ['56', morbihan, true],
    [{ in: ['2A', '2B', '974'] }, morbihan, false],
    ['56', {}, 'unknown'],
  ],
  'org.region': [
    ['53', morbihan, true],
    ['11', morbihan, false],
    ['53', {}, 'unknown'],
  ],
  'org.commune': [
    ['56260', morbihan, true],
    ['2A004', morbihan, false],
    ['56260', {}, 'unknown'],
  ],
  'org.naf': [
    ['8411Z', of({ naf: '84.11Z' }), true],
    ['8411Z', of({ naf: '8411Z' }), true],
    ['9499Z', of({ naf: '8411Z' }), false],
    ['8411Z', {}, 'unknown'],
  ],
  'org.active': [
    [true, {}, true],
    [false, {}, false],
    [false, of({ unitState: 'C' }), true],
    [false, of({ establishmentState: 'F' }), true],
  ],
  'org.age_days': [
    [{ gte: 365 }, of({ createdOn: '2025-11-22' }), true],
    [{ gte: 365 }, of({ createdOn: '2025-11-23' }), false],
    [{ gte: 365 }, {}, 'unknown'],
  ],
  'org.suspended': [
    [true, of({ suspended: true }), true],
    [true, {}, false],
  ],
  approval: [
    [{ service: 'docs', status: 'active' }, { approvals: [approval()] }, true],
    [
      { service: 'docs', status: 'active' },
      { approvals: [approval({ startsOn: '2026-11-22', endsOn: '2026-11-22' })] },
      true,
    ],
    [{ service: 'docs', status: 'active' }, { approvals: [approval({ siren: '130025265' })] }, false],
    [{ service: 'tchap', status: 'active' }, { approvals: [approval()] }, false],
    [{ service: 'docs', status: 'active', operator: 'DINUM' }, { approvals: [approval()] }, true],
    [{ service: 'docs', status: 'active', operator: 'ANCT' }, { approvals: [approval()] }, false],
    [
      { service: 'docs', status: 'active', ground: 'members_all_public_law' },
      { approvals: [approval()] },
      true,
    ],
    [{ service: 'docs', status: 'active', ground: 'public_mission_spa' }, { approvals: [approval()] }, false],
    [{ service: 'docs', status: 'active' }, { approvals: [approval({ status: 'suspended' })] }, false],
    [{ service: 'docs', status: 'suspended' }, { approvals: [approval({ status: 'suspended' })] }, true],
    [{ service: 'docs', status: 'expired' }, { approvals: [approval({ endsOn: '2026-11-21' })] }, true],
    [{ service: 'docs', status: 'active' }, {}, false],
  ],
  invitation: [
    [{ service: 'docs', status: 'active' }, { invitations: [invitation()] }, true],
    [{ service: 'tchap', status: 'active' }, { invitations: [invitation()] }, false],
    [{ service: 'docs', status: 'active' }, { invitations: [invitation({ status: 'revoked' })] }, false],
    [{ service: 'docs', status: 'expired' }, { invitations: [invitation({ endsOn: '2026-11-21' })] }, true],
    [{ service: 'docs', status: 'active' }, {}, false],
  ],
  'user.email_domain': [
    ['amd-fictif.example', {}, true],
    ['amd-fictif.example', { user: { ...subject().user, emailDomain: 'AMD-Fictif.example' } }, true],
    [{ in: ['gouv.fr', 'fictif.example'] }, {}, false],
    ['gouv.fr', { user: { ...subject().user, emailDomain: undefined } }, 'unknown'],
  ],
  'user.email_verified': [
    [true, {}, true],
    [true, { user: { ...subject().user, emailVerified: false } }, false],
  ],
  'user.link': [
    ['moderated', {}, true],
    [{ in: ['declared', 'official_source'] }, {}, false],
    [{ lt: 'email_domain' }, withLink('declared'), true],
    [{ lt: 'email_domain' }, withLink('email_domain'), false],
    [{ gte: 'moderated' }, withLink('official_source'), true],
    [{ gte: 'moderated' }, withLink('email_domain'), false],
  ],
  'user.roles': [
    ['dirigeant', { user: { ...subject().user, roles: ['dirigeant'] } }, true],
    ['dirigeant', { user: { ...subject().user, roles: [] } }, false],
    ['dirigeant', {}, 'unknown'],
  ],
  'auth.acr': [
    ['eidas1', {}, true],
    [{ in: ['eidas2', 'eidas3'] }, {}, false],
    [{ gte: 'eidas1' }, withAcr('eidas1-mfa'), true],
    [{ gte: 'eidas1' }, withAcr('eidas0-mfa'), false],
    [{ lt: 'eidas1' }, withAcr('eidas0-mfa'), false],
    [{ gte: 'eidas0-mfa' }, withAcr('eidas1'), false],
    [{ lt: 'eidas1' }, withAcr('nonsense'), true],
    ['eidas0', withAcr(undefined), true],
  ],
  'auth.amr': [
    ['pwd', {}, true],
    [{ in: ['otp', 'hwk'] }, {}, false],
  ],
  'auth.idp': [
    ['demo-idp', {}, true],
    [{ in: ['other-idp'] }, {}, false],
  ],
  'auth.age_s': [
    [{ lte: 3600 }, {}, true],
    [{ lt: 3600 }, {}, false],
    [{ lt: 1 }, withAcr('eidas1', { authTime: new Date('2026-11-22T10:05:00Z') }), true],
  ],
  'client.id': [
    ['docs', {}, true],
    ['tchap', {}, false],
  ],
  time: [
    [{ gte: '2026-11-22' }, {}, true],
    [{ gt: '2026-11-22' }, {}, false],
    [{ gte: '2026-01-01', lt: '2026-11-22' }, {}, false],
  ],
};

describe('the vocabulary of policies', () => {
  it('is closed: every predicate is tested here', () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(predicates).sort());
  });

  const cases = Object.entries(table).flatMap(([name, rows]) =>
    rows.map(([literal, changes, expected], index) => ({
      name,
      literal,
      changes,
      expected,
      index: index + 1,
    })),
  );
  it.each(cases)('$name ($index) $literal is $expected', ({ name, literal, changes, expected }) => {
    expect(truth({ [name]: literal }, changes)).toBe(expected);
  });

  it.each(cases)(
    'not $name ($index) turns it round, unless unknown',
    ({ name, literal, changes, expected }) => {
      expect(truth({ not: { [name]: literal } }, changes)).toBe(
        expected === 'unknown' ? 'unknown' : !expected,
      );
    },
  );
});
