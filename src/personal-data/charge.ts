import { keptOperators } from '../declarations/declarations.ts';
import type { Operator } from '../declarations/declarations.ts';
import type { Item } from './item.ts';
import type { PersonalDataNeeds } from './needs.ts';

/**
 * The operators that an account is: by its identities, as the console knows them (provider, issuer and `sub` there). Of the
 * database: whoever was appointed a moment ago is one.
 */
export async function operatorsOf(
  { db, snapshot }: Pick<PersonalDataNeeds, 'db' | 'snapshot'>,
  accountId: string,
): Promise<readonly Operator[]> {
  const identities = await db
    .selectFrom('identity')
    .select(['idp_id', 'issuer', 'subject'])
    .where('account_id', '=', accountId)
    .execute();
  const { identityProviders } = snapshot();
  const operators = (await keptOperators(db)).map(({ operator }) => operator);
  return operators.filter(({ idp, subject }) =>
    identities.some(
      (one) =>
        one.idp_id === idp && one.subject === subject && one.issuer === identityProviders.get(idp)?.issuer,
    ),
  );
}

/** Whether somebody proposes this account as an operator, and nobody has answered: what it would be given needs its identity. */
export async function isProposed({ db }: Pick<PersonalDataNeeds, 'db'>, accountId: string): Promise<boolean> {
  const open = await db
    .selectFrom('operator_proposal')
    .innerJoin('identity', (join) =>
      join
        .onRef('identity.idp_id', '=', 'operator_proposal.idp_id')
        .onRef('identity.subject', '=', 'operator_proposal.subject'),
    )
    .select('id')
    .where('account_id', '=', accountId)
    .where('state', '=', 'proposed')
    .executeTakeFirst();
  return open !== undefined;
}

/** A charge, what was kept with it, and that it was taken away. */
export async function* readCharge(needs: PersonalDataNeeds, accountId: string): AsyncGenerator<Item> {
  for (const operator of await operatorsOf(needs, accountId)) {
    yield {
      facts: [
        ['name', `${operator.given_name} ${operator.usual_name}`],
        ['capacity', operator.capacity],
        ['organization', operator.organization],
        ['email', operator.email],
      ],
      whole: operator,
    };
    const views = await needs.db
      .selectFrom('saved_view')
      .select(['name', 'query', 'created_at'])
      .where('operator_id', '=', operator.id)
      .orderBy('name')
      .execute();
    for (const { name, query, created_at: createdAt } of views)
      yield {
        facts: [
          ['view', name],
          ['createdAt', createdAt],
        ],
        whole: { query },
      };
  }
  const removed = await needs.db
    .selectFrom('operator_removal')
    .innerJoin('identity', (join) =>
      join
        .on((eb) =>
          eb.or([
            eb('identity.idp_id', '=', eb.ref('operator_removal.idp_id')),
            eb('identity.issuer', '=', eb.ref('operator_removal.issuer')),
          ]),
        )
        .onRef('identity.subject', '=', 'operator_removal.subject'),
    )
    .select(['removed_at', 'reason'])
    .where('account_id', '=', accountId)
    .execute();
  for (const { removed_at: revokedAt, reason } of removed)
    yield {
      facts: [
        ['revokedAt', revokedAt],
        ['reason', reason],
      ],
    };
}
