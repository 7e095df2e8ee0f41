import { sql } from 'kysely';
import { z } from 'zod';
import type { Snapshot } from '../declarations/declarations.ts';
import { declaredPeople, isVouchedFor, reconciliationsOf } from '../identity/identity.ts';
import { signInUsesOf } from '../storage/storage.ts';
import { evidenceOf, joinedOf } from '../joining/joining.ts';
import type { Fact, Item } from './item.ts';
import type { PersonalDataNeeds } from './needs.ts';

/*
 * What an account is, how it signs in, for whom, and what it opened.
 */

const accountSchema = z.object({
  created_at: z.date(),
  blocked_at: z.date().nullable(),
  blocked_reason: z.string().nullable(),
  erased_at: z.date().nullable(),
});

const declaredSchema = z.object({
  siret: z.string(),
  level: z.string(),
  method: z.string(),
  verified_at: z.date(),
});

export async function* readAccount({ db }: PersonalDataNeeds, accountId: string): AsyncGenerator<Item> {
  const { rows } = await sql`
    select created_at, blocked_at, blocked_reason, erased_at from account left join erasure on erasure.account_id = account.id
    where account.id = ${accountId}::uuid`.execute(db);
  for (const row of z.array(accountSchema).parse(rows)) {
    yield {
      facts: [
        ['account', accountId],
        ['createdAt', row.created_at],
        ['erasedAt', row.erased_at ?? undefined],
        ['blockedAt', row.erased_at === null ? (row.blocked_at ?? undefined) : undefined],
        ['reason', row.blocked_reason ?? undefined],
      ],
    };
  }
}

export async function* readIdentities(
  { db, snapshot }: PersonalDataNeeds,
  accountId: string,
): AsyncGenerator<Item> {
  const rows = await db
    .selectFrom('identity')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .execute();
  for (const row of rows) {
    yield {
      facts: [
        ['idp', snapshot().identityProviders.get(row.idp_id)?.name ?? row.idp_id],
        ['issuer', row.issuer],
        ['subject', row.subject],
        ['createdAt', row.created_at],
        ['lastSeenAt', row.last_seen_at],
      ],
    };
  }
  for (const { idp, at } of await reconciliationsOf(db, accountId)) {
    yield {
      facts: [
        ['idp', snapshot().identityProviders.get(idp)?.name ?? idp],
        ['linkedAt', at],
      ],
    };
  }
}

/** Who confirmed or revoked is somebody else: their account stays out, the day and the reason do not (GDPR art. 15(4)). */
export async function* readMemberships({ db }: PersonalDataNeeds, accountId: string): AsyncGenerator<Item> {
  const acting = await db
    .selectFrom('membership')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('first_seen_at')
    .execute();
  for (const row of acting) {
    yield {
      facts: [
        ['siret', row.siret],
        ['name', `${row.given_name ?? ''} ${row.usual_name ?? ''}`.trim() || undefined],
        ['email', row.email ?? undefined],
        ['createdAt', row.first_seen_at],
        ['lastSeenAt', row.last_seen_at],
        ['confirmedAt', row.confirmed_at ?? undefined],
        ['revokedAt', row.revoked_at ?? undefined],
        ['reason', row.revoked_reason ?? undefined],
      ],
      whole: { origin: row.origin, level: row.level, method: row.method, idp: row.idp_id },
    };
  }
  const joined = await joinedOf(db, accountId);
  const evidence = await evidenceOf(
    db,
    joined.map(({ id }) => id),
  );
  for (const one of joined) {
    yield {
      facts: [
        ['siret', one.siret],
        ['name', one.name === '' ? undefined : one.name],
        ['email', one.address],
        ['state', one.ended ?? one.state],
        ['createdAt', one.askedAt],
        ['startsOn', one.since],
        ['endsOn', one.until],
        ['reason', one.answer],
      ],
      whole: {
        origin: 'joined',
        level: one.level,
        method: one.method,
        rule: one.rule,
        external: one.external,
        message: one.message,
        evidence: (evidence.get(one.id) ?? []).map(({ at, act, method, rule, detail }) => ({
          ...{ at, act, method, rule, detail },
        })),
      },
    };
  }
  const declared = await sql`
    select siret, level, method, verified_at
    from ${declaredPeople()} as person
    where account_id = ${accountId}::uuid and not joined order by siret`.execute(db);
  for (const row of z.array(declaredSchema).parse(declared.rows)) {
    yield {
      facts: [
        ['siret', row.siret],
        ['createdAt', row.verified_at],
      ],
      whole: { origin: 'declared', level: row.level, method: row.method },
    };
  }
}

export async function* readSessions(
  {
    sessions,
    snapshot,
  }: Pick<PersonalDataNeeds, 'sessions'> & { readonly snapshot: () => Pick<Snapshot, 'identityProviders'> },
  accountId: string,
): AsyncGenerator<Item> {
  for (const { startedAt, device, signIn } of await sessions(accountId)) {
    const where = [device?.browser, device?.system].filter((one) => one !== undefined).join(', ');
    yield {
      facts: [
        ['startedAt', startedAt === undefined ? undefined : new Date(startedAt * 1000)],
        ['device', where === '' ? undefined : where],
        ['idp', snapshot().identityProviders.get(signIn.idp)?.name ?? signIn.idp],
        ['email', signIn.email],
        ...signIn.memberships
          .filter(({ origin }) => origin === 'idp')
          .map(({ siret, siretSource }): Fact => [
            siretSource === 'default' ? 'siretByDefault' : 'siret',
            siret,
          ]),
      ],
      whole: signIn,
    };
  }
}

const snapshotSchema = z.object({
  signIn: z.looseObject({ email: z.string(), emailDomain: z.string(), emailVerified: z.boolean() }),
  membership: z.looseObject({ siret: z.string() }),
});

/** The address that a tool was told: none that nobody answers for. */
export const addressTold = (signIn: z.infer<typeof snapshotSchema>['signIn']): string | undefined =>
  isVouchedFor(signIn) ? signIn.email : undefined;

/** What each tool was given to know: the snapshot of the grant, which is what its claims are made of. */
export async function* readGrants(
  { db, snapshot }: PersonalDataNeeds,
  accountId: string,
): AsyncGenerator<Item> {
  const rows = await db
    .selectFrom('oidc_grant')
    .select(['client_id', 'snapshot', 'expires_at'])
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .orderBy('expires_at')
    .orderBy('id')
    .limit(1000)
    .execute();
  for (const { client_id: client, snapshot: text, expires_at: expiresAt } of rows) {
    const read = text === null ? undefined : snapshotSchema.safeParse(JSON.parse(text)).data;
    yield {
      facts: [
        ['service', serviceOfClient(snapshot(), client)],
        ['email', read && addressTold(read.signIn)],
        ['siret', read?.membership.siret],
        ['expiresAt', expiresAt],
      ],
      whole: read,
    };
  }
}

/** Names of claims in the file: what they were then is in the grant, while it lasts. */
export async function* readUses(
  { db, snapshot }: PersonalDataNeeds,
  accountId: string,
): AsyncGenerator<Item> {
  for (const use of await signInUsesOf(db, accountId, 10_000)) {
    const where = [use.browser, use.system].filter((one) => one !== '').join(', ');
    yield {
      facts: [
        ['service', serviceOfClient(snapshot(), use.clientId)],
        ['lastSeenAt', use.lastAt],
        ['device', where === '' ? undefined : where],
        ['siret', use.siret],
      ],
      whole: { day: use.day, times: use.times, claims: use.claims },
    };
  }
}

export async function* readLogouts(
  { db, snapshot }: PersonalDataNeeds,
  accountId: string,
): AsyncGenerator<Item> {
  const rows = await db
    .selectFrom('logout_delivery')
    .select(['client_id', 'created_at', 'delivered_at'])
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .limit(1000)
    .execute();
  for (const row of rows) {
    yield {
      facts: [
        ['service', serviceOfClient(snapshot(), row.client_id)],
        ['createdAt', row.created_at],
        ['sentAt', row.delivered_at ?? undefined],
      ],
    };
  }
}

function serviceOfClient(
  { clients, services }: ReturnType<PersonalDataNeeds['snapshot']>,
  clientId: string,
): string {
  const client = clients.get(clientId);
  return (client === undefined ? undefined : services.get(client.service)?.name.fr) ?? clientId;
}
