import { describe, expect, test } from 'vitest';
import { essentialAcr } from './essential-acr.ts';

const claims = (acr: unknown) => ({ claims: JSON.stringify({ id_token: { acr, sub: null } }) });

describe('the levels that a request needs (OpenID Connect Core §5.5.1.1)', () => {
  test.each([
    ['no claims parameter', {}, []],
    ['acr_values alone is a wish, not a need', { acr_values: 'eidas2' }, []],
    ['acr without essential is a wish', claims({ values: ['eidas2'] }), []],
    ['essential: false', claims({ essential: false, values: ['eidas2'] }), []],
    ['acr: null', claims(null), []],
    ['essential values', claims({ essential: true, values: ['eidas1', 'eidas2'] }), ['eidas1', 'eidas2']],
    ['essential value', claims({ essential: true, value: 'eidas2' }), ['eidas2']],
    ['essential without any value asks for nothing in particular', claims({ essential: true }), []],
    [
      'acr_values beside essential values do not replace them',
      { ...claims({ essential: true, values: ['eidas2'] }), acr_values: 'eidas1' },
      ['eidas2'],
    ],
  ])('%s', (_, params, levels) => {
    expect(essentialAcr(params)).toEqual(levels);
  });
});
