import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Subject } from './subject.ts';
import { now, organization, policy, rule, subject, withAcr } from './testing/factory.ts';

const answer = (condition: unknown, changes: Partial<Subject> = {}): Partial<Decision> => {
  const { decision, reason, requiredAcr } = decide(
    policy({ rules: [rule(condition)] }),
    subject(changes),
    now,
  );
  return { decision, reason, requiredAcr };
};
const multiFactor = ['eidas0-mfa', 'eidas1-mfa', 'eidas2', 'eidas3'];

describe('asking for another authentication', () => {
  it.each([
    [{ gte: 'eidas1-mfa' }, ['eidas1-mfa', 'eidas2', 'eidas3']],
    [{ gte: 'eidas0-mfa' }, multiFactor],
    [{ in: ['eidas0', 'eidas3'] }, ['eidas0', 'eidas3']],
    ['eidas2', ['eidas2']],
    [{ gt: 'eidas1', lt: 'eidas3' }, ['eidas1-mfa', 'eidas2']],
  ])('acr %j takes %j', (expected, requiredAcr) => {
    expect(answer({ 'auth.acr': expected })).toEqual({
      decision: 'step_up',
      reason: 'acr_insufficient',
      requiredAcr,
    });
  });

  it('works through all, any and not', () => {
    const condition = {
      all: [{ 'org.active': true }, { not: { 'auth.acr': { in: ['eidas0', 'eidas1'] } } }],
    };
    expect(answer(condition)).toMatchObject({ decision: 'step_up', requiredAcr: multiFactor });
  });

  it('works when a guard asks for it', () => {
    const guarded = policy({
      guards: [{ if: { not: { 'auth.acr': { gte: 'eidas2' } } }, deny: 'acr_insufficient' }],
      rules: [rule({ 'org.active': true })],
    });
    expect(decide(guarded, subject(), now)).toMatchObject({
      decision: 'step_up',
      requiredAcr: ['eidas2', 'eidas3'],
    });
  });

  it('is not the answer when anything else is missing too', () => {
    const both = { all: [{ 'org.public_service': true }, { 'auth.acr': { gte: 'eidas2' } }] };
    expect(answer(both)).toMatchObject({ decision: 'deny', requiredAcr: undefined });
    expect(answer(both, { organization: organization({ legalCategory: '7999' }) })).toMatchObject({
      decision: 'deny',
      reason: 'legal_category_unknown',
    });
    expect(answer({ all: [{ 'auth.idp': 'other' }, { 'auth.acr': 'eidas3' }] })).toMatchObject({
      decision: 'deny',
      reason: 'idp_not_allowed',
    });
  });

  it('is not the answer where no acr would do', () => {
    expect(answer({ 'auth.acr': { gt: 'eidas3' } })).toMatchObject({ decision: 'deny' });
  });

  it('asks only for freshness when only the age is wrong', () => {
    expect(answer({ 'auth.age_s': { lt: 600 } })).toEqual({
      decision: 'step_up',
      reason: 'session_too_old',
      requiredAcr: undefined,
    });
    const both = { all: [{ 'auth.age_s': { lt: 600 } }, { 'auth.acr': { gte: 'eidas1' } }] };
    expect(answer(both)).toEqual({
      decision: 'step_up',
      reason: 'session_too_old',
      requiredAcr: ['eidas1', 'eidas1-mfa', 'eidas2', 'eidas3'],
    });
    expect(answer(both, withAcr('eidas0'))).toMatchObject({
      decision: 'step_up',
      reason: 'acr_insufficient',
    });
  });

  it('takes the values with several factors for a method that was not shown', () => {
    expect(answer({ 'auth.amr': { in: ['otp', 'hwk'] } })).toMatchObject({
      decision: 'step_up',
      requiredAcr: multiFactor,
    });
    expect(answer({ not: { 'auth.amr': 'pwd' } })).toMatchObject({
      decision: 'step_up',
      requiredAcr: multiFactor,
    });
  });

  it('is not asked of whoever is let in already', () => {
    const better = policy({
      rules: [
        rule({ 'auth.acr': { gte: 'eidas2' } }, { id: 'member' }),
        rule({ 'org.active': true }, { id: 'guest', allow: { level: 'guest', entitlements: [] } }),
      ],
    });
    expect(decide(better, subject(), now)).toMatchObject({ decision: 'allow', level: 'guest' });
  });
});
