import { describe, expect, it } from 'vitest';
import { assertedEmail } from './asserted-email.ts';
import { createSmallIdp } from './testing/small-idp.ts';

const { record } = await createSmallIdp();
const email = 'agent@etat.example';
const said = (userinfo: object, idToken: object, idp = record) =>
  assertedEmail(idp, { userinfo: { ...userinfo }, idToken: { ...idToken } });

describe('CVE-2026-14781: what is said beside an address is said of it', () => {
  it.each([
    ['yes beside it', { email, email_verified: true }, {}, true],
    ['no beside it', { email, email_verified: false }, {}, false],
    ['yes in the other answer, which has no address', { email }, { email_verified: true }, false],
    ['the same the other way round', { email_verified: true }, { email }, false],
    ['yes in the other answer, beside the same address', { email }, { email, email_verified: true }, true],
    ['yes here, no there', { email, email_verified: true }, { email_verified: false }, false],
    ['said by neither: the domain is entrusted to the IdP', { email }, {}, true],
    ['no boolean', { email, email_verified: 'true' }, {}, false],
    ['null is nothing', { email, email_verified: null }, {}, true],
  ])('%s', (_name, userinfo, idToken, expected) => {
    expect(said(userinfo, idToken).emailVerified).toBe(expected);
  });
});

describe('an IdP that gives no organization', () => {
  const citizens = { ...record, any_siret: undefined, gives_organization: false, domains: [] } as const;

  it('vouches for no address: any domain, never verified, and no domain to decide by', () => {
    expect(said({ email: 'ministre@gouv.example', email_verified: true }, {}, citizens)).toEqual({
      email: 'ministre@gouv.example',
      emailDomain: '',
      emailVerified: false,
    });
  });

  it('not even for one of its own domains', () => {
    expect(said({ email }, {}, { ...citizens, domains: ['etat.example'] })).toMatchObject({
      emailDomain: '',
      emailVerified: false,
    });
  });

  it('and still has to send one that is one', () => {
    expect(() => said({ email: 'a@b@c.example' }, {}, citizens)).toThrow(/M-UPST-011/);
    expect(() => said({}, {}, citizens)).toThrow(/M-UPST-010/);
  });
});
