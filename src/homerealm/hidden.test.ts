import { describe, expect, it } from 'vitest';
import { hiddenFor, isHidden, isOfferedTo } from './hidden.ts';
import type { Hideable } from './hidden.ts';

type Idp = Hideable & { readonly id: string };
const open: Idp = { id: 'etat' };
const trial: Idp = { id: 'recette', test_addresses: ['essai-7f3a@etat.example', 'essai-2@etat.example'] };
const other: Idp = { id: 'autre', test_addresses: ['essai-2@etat.example'] };

describe('a hidden identity provider', () => {
  it('is one that has test addresses', () => {
    expect([open, trial].map(isHidden)).toEqual([false, true]);
  });

  it('is offered to its test addresses only; any other one to everybody', () => {
    expect(isOfferedTo(open, undefined)).toBe(true);
    expect(isOfferedTo(open, 'agent@etat.example')).toBe(true);
    expect(isOfferedTo(trial, 'essai-7f3a@etat.example')).toBe(true);
    expect(isOfferedTo(trial, 'Essai-7F3A@ETAT.example')).toBe(true);
    for (const email of [undefined, '', 'agent@etat.example', 'essai-7f3a@etat.example.', 'x'])
      expect(isOfferedTo(trial, email)).toBe(false);
  });

  it('is found among all of them, several when they share an address', () => {
    const found = (address: string) => hiddenFor(address, [open, trial, other]).map(({ id }) => id);
    expect(found('essai-2@etat.example')).toEqual(['recette', 'autre']);
    expect(found('essai-7f3a@etat.example')).toEqual(['recette']);
    expect(found('essai-7f3@etat.example')).toEqual([]);
  });

  it('costs every address the same: each test address is looked at, whichever one is right', () => {
    let read = 0;
    const counted = (id: string) => ({
      id,
      get test_addresses() {
        read += 1;
        return [`${id}@etat.example`];
      },
    });
    const costs = ['premier', 'dernier', 'personne'].map((local) => {
      read = 0;
      hiddenFor(`${local}@etat.example`, [counted('premier'), counted('milieu'), counted('dernier')]);
      return read;
    });
    expect(costs).toEqual([3, 3, 3]);
  });
});
