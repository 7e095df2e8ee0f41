import { expect, test } from 'vitest';
import type { Found } from '../personal-data/personal-data.ts';
import { personNamed } from './person-form.ts';

const address = 'paule@asso.example';
const account = (accountId: string, proven: boolean) => ({
  accountId,
  proven,
  createdAt: new Date(0),
  erasedAt: undefined,
  name: undefined,
});
const [hers, mallory] = [account('1', true), account('2', false)];

test.each<[form: string, alone: boolean, person: unknown]>([
  [`compte=1&adresse=${address}`, false, { accountId: '1', address }],
  // Said without a proof: the account, and nothing that others wrote under the address.
  [`compte=2&adresse=${address}`, false, { accountId: '2', address: undefined }],
  ['compte=2', false, { accountId: '2', address: undefined }],
  ['compte=3', false, undefined],
  [`compte=&adresse=${address}`, false, undefined],
  [`compte=&adresse=${address}`, true, { accountId: undefined, address }],
])('%s', async (form, alone, person) => {
  const find = (typed: string): Promise<Found> =>
    Promise.resolve(
      typed === address
        ? { address, accounts: alone ? [mallory] : [hers, mallory], alone }
        : {
            address: undefined,
            accounts: [hers, mallory].filter(({ accountId }) => accountId === typed),
            alone: false,
          },
    );
  expect(await personNamed({ needs: { personalData: { find } }, form: new URLSearchParams(form) })).toEqual(
    person,
  );
});
