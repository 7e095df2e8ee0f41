import { describe, expect, it } from 'vitest';
import { askedOf, hrefOf, listOf } from './catalogue-list.ts';

const asked = (query: string) => askedOf(new URLSearchParams(query));

describe('the address of the catalogue', () => {
  it('asks nothing by itself', () => {
    expect(asked('')).toBeUndefined();
    expect(asked('lang=en')).toBeUndefined();
  });

  it('takes a name or a number in q, and only a number in siret', () => {
    expect(asked('q=amd&commune=+&type=association&page=3')).toMatchObject({
      text: 'amd',
      isNumber: false,
      commune: undefined,
      type: 'association',
      page: 3,
    });
    expect(asked('siret=000')).toMatchObject({ text: '000', isNumber: true, page: 1 });
    expect(asked('q=amd&page=x')?.page).toBe(1);
  });

  it('leads to the same question, for another page', () => {
    const question = asked('q=caf%C3%A9+%26+th%C3%A9&commune=56260');
    if (question === undefined) throw new Error('nothing asked');
    const href = hrefOf({ ...question, page: 2 }, '/sso');
    expect(href).toBe('/sso/?q=caf%C3%A9+%26+th%C3%A9&commune=56260&page=2');
    expect(asked(href.slice('/sso/?'.length))).toEqual({ ...question, page: 2 });
  });
});

it('leads to the establishment where there is one, to the register otherwise; no page before the first', () => {
  const question = asked('q=amd');
  if (question === undefined) throw new Error('nothing asked');
  const found = {
    id: 'W000000101',
    siren: undefined,
    rna: undefined,
    name: 'AMD',
    acronym: undefined,
    type: 'association.declared',
    active: true,
    communeCode: '56260',
    communeName: 'Vannes',
    department: '56',
    createdOn: undefined,
    siret: undefined,
  } as const;
  const list = { kind: 'list', total: 41, more: false, page: 1, pages: 3, corrections: [] } as const;
  expect(listOf({ ...list, results: [found] }, question, 'fr', '')).toMatchObject({
    found: [{ href: '/?id=W000000101', place: 'Vannes (56)', type: 'association déclarée' }],
    previousHref: undefined,
    nextHref: '/?q=amd&page=2',
  });
});
