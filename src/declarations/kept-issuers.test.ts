import { describe, expect, it } from 'vitest';
import { BrokerError } from '../errors/errors.ts';
import { comparable, membershipId } from './comparable.ts';
import type { Comparable } from './diff.ts';
import { assertIssuersKept } from './kept-issuers.ts';
import { aMembership, anIdp, anOperator } from './testing/samples.ts';

const idp = (issuer: string, id: string = anIdp.id) =>
  comparable('identity_provider', id, { ...anIdp, id, issuer });
const membership = comparable('membership', membershipId(aMembership), aMembership);
const operator = comparable('operator', anOperator.id, anOperator);

function refusal(stored: readonly Comparable[], declared: readonly Comparable[]): string | undefined {
  try {
    assertIssuersKept(declared, stored);
    return undefined;
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'M-CONF-002') throw error;
    return error.detail;
  }
}

const before = 'https://idp.etat.test';
const after = 'https://successor.test';

describe('the name of an identity provider is given to another issuer', () => {
  it.each([
    ['a membership', membership],
    ['an operator', operator],
  ])('refused while %s is declared there as before', (_, person) => {
    const detail = refusal([idp(before), person], [idp(after), person]);
    expect(detail).toContain(before);
    expect(detail).toContain(after);
    expect(detail).toContain(`"${person.id}"`);
  });

  it('nor is an operator somebody else for being called otherwise', () => {
    const renamed = comparable('operator', 'new-name', { ...anOperator, id: 'new-name' });
    expect(refusal([idp(before), operator], [idp(after), renamed])).toContain('new-name');
  });

  it('allowed when nobody is declared there, or only people who were not before', () => {
    const other = { ...aMembership, subject: 'person/2' };
    expect(refusal([idp(before), membership], [idp(after)])).toBeUndefined();
    expect(
      refusal([idp(before), membership], [idp(after), comparable('membership', membershipId(other), other)]),
    ).toBeUndefined();
  });

  it('nothing is refused when the issuer is the same, or under another name', () => {
    expect(refusal([idp(before), membership], [idp(before), membership])).toBeUndefined();
    expect(
      refusal([idp(before), membership], [idp(before), idp(after, 'successor'), membership]),
    ).toBeUndefined();
  });

  it('the demonstration may listen elsewhere on its machine; an address of the network is another issuer', () => {
    expect(
      refusal([idp('http://localhost:3001'), operator], [idp('http://127.0.0.1:4001'), operator]),
    ).toBeUndefined();
    expect(refusal([idp('http://localhost:3001'), operator], [idp(after), operator])).toBeDefined();
  });
});
