import { beforeAll, expect, test } from 'vitest';
import { namesOfAccounts } from './names.ts';
import { erasePerson } from './person.ts';
import { append, applicant, at, operator, person, tell, useStores } from './testing/record.ts';

const stores = useStores();
beforeAll(() => tell(stores().db));

test('an account has the name that the record gave it last, for as long as it holds one', async () => {
  const { db } = stores();
  const names = () => namesOfAccounts(db, [person, 'account:nobody', 'operator:anne']);
  expect([...(await names())]).toEqual([[person, 'Camille Dubois']]);
  await append(db, at(9), {
    act: 'draft.save',
    subject: 'draft:7',
    actor: { ...applicant, usualName: 'Dubois-Le Goff' },
  });
  expect([...(await names())]).toEqual([[person, 'Camille Dubois-Le Goff']]);
  await db
    .transaction()
    .execute((trx) =>
      erasePerson(trx, at(10), { accountId: applicant.accountId, actor: operator, reason: 'art. 17' }),
    );
  expect([...(await names())]).toEqual([]);
  expect([...(await namesOfAccounts(db, []))]).toEqual([]);
});
