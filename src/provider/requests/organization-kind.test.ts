import { describe, expect, test } from 'vitest';
import { isOfWantedKind, organizationKindWishes } from './organization-kind.ts';

const wishes = (claims: unknown) => organizationKindWishes({ claims: JSON.stringify(claims) });
const commune = { category: 'local_authority', type: 'local_authority.commune' };

describe('the kinds of organization that a request asks for', () => {
  test.each<readonly [string, unknown, number]>([
    ['nothing', {}, 0],
    ['only to be told', { userinfo: { organization_type: null } }, 0],
    ['a wish', { userinfo: { organization_type: { value: 'gip' } } }, 0],
    ['essential, whatever it is', { userinfo: { organization_type: { essential: true } } }, 0],
    ['one value', { userinfo: { organization_type: { essential: true, value: 'gip' } } }, 1],
    [
      'in both places, of both claims',
      {
        userinfo: { organization_type: { essential: true, value: 'gip' } },
        id_token: { organization_category: { essential: true, values: ['gip', 'chamber'] } },
      },
      2,
    ],
  ])('%s', (_what, claims, count) => {
    expect(wishes(claims)).toHaveLength(count);
  });

  test('all of them have to be met, and an unknown organization meets none', () => {
    const type = { claim: 'organization_type', values: [commune.type] } as const;
    const category = { claim: 'organization_category', values: ['association'] } as const;
    expect(isOfWantedKind([], undefined)).toBe(true);
    expect(isOfWantedKind([type], commune)).toBe(true);
    expect(isOfWantedKind([type, category], commune)).toBe(false);
    expect(isOfWantedKind([type], undefined)).toBe(false);
  });
});
