import { describe, expect, it } from 'vitest';
import { mapClaims } from './map-claims.ts';

const idToken = { iss: 'i', sub: 's', email: 'token@a.example', acr: 'high' };
const userinfo = {
  sub: 's',
  email: 'user@a.example',
  family_name: 'Martin',
  mail: ['m@a.example'],
  grade: 'A',
};

describe('claims under our names', () => {
  it('are left as they are without rules', () => {
    expect(mapClaims(undefined, { idToken, userinfo })).toMatchObject({ idToken, userinfo, applied: [] });
  });

  it('come from where the rule says, and from nowhere else', () => {
    const mapped = mapClaims({ email: { from: 'userinfo', claim: 'mail', pick: 0 } }, { idToken, userinfo });
    expect(mapped.userinfo['email']).toBe('m@a.example');
    expect(mapped.idToken).not.toHaveProperty('email');
    expect(mapped.idToken).toMatchObject({ sub: 's', acr: 'high' });
    expect([...mapped.spent]).toEqual(['mail']);
  });

  it('are missing when their rule finds nothing, whatever stands under their own name', () => {
    const mapped = mapClaims(
      { email: { from: 'userinfo', claim: 'work_mail' }, usual_name: { from: 'userinfo', claim: 'sn' } },
      { idToken, userinfo },
    );
    for (const answer of [mapped.idToken, mapped.userinfo])
      for (const name of ['email', 'usual_name', 'family_name']) expect(answer).not.toHaveProperty(name);
    expect(mapped.applied.map(({ value }) => value)).toEqual([undefined, undefined]);
  });

  it('are passed on as custom under the name that the rule gives', () => {
    const mapped = mapClaims(
      {
        'custom.corps': { from: 'userinfo', claim: 'grade' },
        'custom.mail': { from: 'userinfo', claim: 'mail' },
      },
      { idToken, userinfo },
    );
    expect(mapped.userinfo).toMatchObject({ corps: 'A', mail: ['m@a.example'] });
    expect([...mapped.spent]).toEqual(['grade']);
  });

  it('touch neither answer', () => {
    const before = structuredClone({ idToken, userinfo });
    mapClaims({ email: { from: 'userinfo', claim: 'mail', pick: 0 } }, { idToken, userinfo });
    expect({ idToken, userinfo }).toEqual(before);
  });
});

describe('what is verified (xms_edov)', () => {
  it.each([
    [true, true],
    [1, true],
    ['1', true],
    ['true', true],
    [false, false],
    [0, false],
    ['yes', false],
    [undefined, false],
    [[true], false],
  ])('%j is %j: silence is no yes', (said, expected) => {
    const mapped = mapClaims(
      { email_verified: { from: 'id_token', claim: 'xms_edov' } },
      { idToken: { ...idToken, xms_edov: said }, userinfo },
    );
    expect(mapped.idToken['email_verified']).toBe(expected);
  });
});
