import { describe, expect, it } from 'vitest';
import { levelParameters } from './level-request.ts';
import { createSmallIdp } from './testing/small-idp.ts';

const { record } = await createSmallIdp();
const asked = (changes: object, wanted: readonly string[], readsIt = true) => {
  const { claims, ...others } = levelParameters({ ...record, ...changes }, wanted, readsIt);
  const parsed: unknown = claims === undefined ? undefined : JSON.parse(claims);
  return { ...others, ...(parsed === undefined ? {} : { claims: parsed }) };
};
const curious = { id_token: { acr: null, amr: null, auth_time: null } };

describe('a level is asked for', () => {
  it('by the claims parameter, essential, in the words of the IdP', () => {
    const essential = { acr: { essential: true, values: ['high'] }, amr: null, auth_time: null };
    expect(asked({}, ['eidas1-mfa'])).toEqual({ claims: { id_token: essential } });
  });

  it('in both ways of one that does not say that it reads the claims parameter: it may leave it unread', () => {
    expect(asked({}, ['eidas1-mfa'], false)).toEqual({
      claims: { id_token: { acr: { essential: true, values: ['high'] }, amr: null, auth_time: null } },
      acr_values: 'high',
    });
  });

  it('and when nobody wants one, what it reached is, if the IdP reads that', () => {
    expect(asked({}, [])).toEqual({ claims: curious });
    expect(asked({}, [], false)).toEqual({});
  });

  it('of Entra ID as one authentication context, and otherwise not at all', () => {
    const entra = {
      acr_claim: 'acrs',
      acr: { values: { c1: 'eidas1', c2: 'eidas1-mfa', c3: 'eidas2' }, maximum: 'eidas2' },
    };
    expect(asked(entra, ['eidas1-mfa', 'eidas2'], false)).toEqual({
      claims: { id_token: { acrs: { essential: true, value: 'c2' } } },
    });
    expect(asked(entra, [])).toEqual({});
  });

  it('of FranceConnect by acr_values, always', () => {
    const citizens = {
      acr_parameter: 'acr_values',
      acr_always: 'eidas1',
      acr: { values: { eidas1: 'eidas1', eidas2: 'eidas2' }, maximum: 'eidas2' },
    };
    expect(asked(citizens, [])).toEqual({ acr_values: 'eidas1' });
    expect(asked(citizens, ['eidas2'])).toEqual({ acr_values: 'eidas2' });
    expect(asked(citizens, ['eidas1', 'eidas2'])).toEqual({ acr_values: 'eidas1 eidas2' });
  });

  it('by acr_values where the record excludes the claims parameter', () => {
    expect(asked({ claims_parameter: false }, ['eidas1-mfa'])).toEqual({ acr_values: 'high' });
    expect(asked({ claims_parameter: false }, [])).toEqual({});
  });

  it('not in vain: M-UPST-015 when neither a value nor a method can reach it', () => {
    expect(() => asked({}, ['eidas3'])).toThrow(/M-UPST-015/);
    const amr = { values: { mfa: 'mfa' }, earns: { mfa: 'eidas1-mfa' } };
    const weak = { acr: { values: { low: 'eidas1' }, maximum: 'eidas1-mfa' } };
    expect(() => asked(weak, ['eidas1-mfa'])).toThrow(/M-UPST-015/);
    expect(asked({ ...weak, amr }, ['eidas1-mfa'])).toEqual({ claims: curious });
    expect(() => asked({ ...weak, amr, acr: { ...weak.acr, maximum: 'eidas1' } }, ['eidas1-mfa'])).toThrow(
      /M-UPST-015/,
    );
  });
});
