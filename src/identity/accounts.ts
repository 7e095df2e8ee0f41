import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import { linkLevels } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { declaredPeople } from './declared-people.ts';
import { membershipSchema } from './sign-in.ts';
import type { Membership, SignIn } from './sign-in.ts';

/** What `upstream/` hands over once every check of OpenID Connect Core §3.1.3.7 has passed. */
export interface AssertedIdentity {
  readonly idp: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: string;
  readonly emailDomain: string;
  readonly emailVerified: boolean;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Absent: this IdP says for nobody for whom they act. */
  readonly siret?: Siret;
  /** Said by the IdP, or that of its record. */
  readonly siretSource?: 'asserted' | 'default';
  readonly acr: string;
  readonly idpAcr: string | undefined;
  readonly amr: readonly string[];
  readonly authTime: Date;
  /** How the IdP knows that the person belongs to the organization, as an operator attested for this IdP. */
  readonly link: { readonly level: Membership['level']; readonly method: string };
}

export interface Accounts {
  /** @throws BrokerError M-UPST-016 when the account is blocked. */
  signIn(asserted: AssertedIdentity): Promise<SignIn>;
  /** The account of an upstream identity; undefined when nobody ever signed in with it. */
  find(identity: Pick<AssertedIdentity, 'issuer' | 'subject'>): Promise<string | undefined>;
  /** Whether there is an organization for whom a sign-in with this identity provider would find that the person may act, by now. */
  actsForSome(signIn: Pick<SignIn, 'accountId' | 'idp'>): Promise<boolean>;
}

const rowSchema = z.object({
  account_id: z.string(),
  created_id: z.string().nullable(),
  blocked: z.boolean(),
  revoked: z.array(z.string()),
  declared: z.array(
    z.object({
      siret: z.string(),
      level: membershipSchema.shape.level,
      method: z.string(),
      verified_at: z.number(),
    }),
  ),
});

export function createAccounts(needs: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly randomId: () => string;
  /** What this sign-in has read of the memberships that were revoked: nobody has to ask again at once. */
  readonly onRevokedRead?: ((accountId: string, sirens: readonly string[]) => void) | undefined;
}): Accounts {
  const { db, clock, randomId, onRevokedRead } = needs;

  /**
   * One statement: find or create the account of (issuer, subject), read the memberships that operators declared, write
   * down for which organizations the person may act, and read which of them were revoked.
   * The one that the IdP asserts is of this sign-in alone: whoever changes employer keeps no right of the former.
   */
  async function record(asserted: AssertedIdentity, candidate: string) {
    const now = clock();
    const result = await sql`
      with known as (
        select account_id from identity where issuer = ${asserted.issuer} and subject = ${asserted.subject}
      ), created as (
        insert into account (id, created_at)
        select ${candidate}::uuid, ${now}::timestamptz where not exists (select 1 from known)
        returning id
      ), linked as (
        insert into identity (idp_id, issuer, subject, account_id, created_at, last_seen_at)
        select ${asserted.idp}, ${asserted.issuer}, ${asserted.subject},
               coalesce((select account_id from known), (select id from created)), ${now}::timestamptz, ${now}::timestamptz
        on conflict (issuer, subject) do update set last_seen_at = excluded.last_seen_at, idp_id = excluded.idp_id
        returning account_id
      ), declared as (
        select distinct on (siret) siret, level, method, verified_at from ${declaredPeople(now)} as person
        where idp_id = ${asserted.idp} and issuer = ${asserted.issuer} and subject = ${asserted.subject}
          -- Of the organization that the provider itself names, what it names stands.
          and not (joined and left(siret, 9) = left(${asserted.siret ?? ''}::text, 9))
        order by siret, array_position(${[...linkLevels]}::text[], level) desc
      ), said as (
        select ${asserted.siret ?? null}::text as siret, 'idp' as origin, ${asserted.link.level}::text as level,
               ${asserted.link.method}::text as method, 0 as rank
        where ${asserted.siret ?? null}::text is not null
        union all
        select siret, 'declared', level, method, 1
        from declared
      ), acting as (
        insert into membership (account_id, siren, siret, idp_id, origin, level, method,
                                given_name, usual_name, email, email_verified, first_seen_at, last_seen_at)
        select distinct on (left(siret, 9)) (select account_id from linked), left(siret, 9), siret, ${asserted.idp},
               origin, level, method, ${textOf(asserted.claims['given_name'])}::text,
               ${textOf(asserted.claims['usual_name'])}::text, ${asserted.email}, ${asserted.emailVerified}::boolean,
               ${now}::timestamptz, ${now}::timestamptz
        from said where not exists (
          select 1 from account where id = (select account_id from linked) and blocked_at is not null)
        order by left(siret, 9), rank, siret
        on conflict (account_id, siren) do update set
          siret = excluded.siret, idp_id = excluded.idp_id, origin = excluded.origin, level = excluded.level,
          method = excluded.method, given_name = excluded.given_name, usual_name = excluded.usual_name,
          email = excluded.email, email_verified = excluded.email_verified, last_seen_at = excluded.last_seen_at
      )
      select linked.account_id::text as account_id,
             (select id::text from created) as created_id,
             exists (select 1 from account where id = linked.account_id and blocked_at is not null) as blocked,
             coalesce((
               select json_agg(json_build_object('siret', siret, 'level', level, 'method', method,
                                                 'verified_at', extract(epoch from verified_at)::bigint) order by siret)
               from declared
             ), '[]'::json) as declared,
             coalesce((
               select json_agg(siren) from membership where account_id = linked.account_id and revoked_at is not null
             ), '[]'::json) as revoked
      from linked`.execute(db);
    return rowSchema.parse(result.rows[0]);
  }

  return {
    async find({ issuer, subject }) {
      const found = await db
        .selectFrom('identity')
        .select('account_id')
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst();
      return found?.account_id;
    },
    async actsForSome({ accountId, idp }) {
      const { rows } = await sql`
        select 1 from ${declaredPeople(clock())} as person
        where account_id = ${accountId}::uuid and idp_id = ${idp} limit 1`.execute(db);
      return rows.length > 0;
    },
    async signIn(asserted) {
      const row = await record(asserted, randomId());
      if (row.created_id !== null && row.created_id !== row.account_id) {
        // Two first sign-ins raced: the other one linked the identity, the account made here belongs to nobody.
        await db.deleteFrom('account').where('id', '=', row.created_id).execute();
      }
      if (row.blocked) {
        throw new BrokerError('M-UPST-016', { detail: `account ${row.account_id}` });
      }
      onRevokedRead?.(row.account_id, row.revoked);
      const now = Math.floor(clock().getTime() / 1000);
      const own: readonly Membership[] =
        asserted.siret === undefined
          ? []
          : [
              {
                siret: asserted.siret,
                level: asserted.link.level,
                method: asserted.link.method,
                verifiedAt: now,
                origin: 'idp',
                ...(asserted.siretSource === undefined ? {} : { siretSource: asserted.siretSource }),
              },
            ];
      const declared = row.declared
        .filter((each) => each.siret !== asserted.siret)
        .map((each) =>
          membershipSchema.parse({
            siret: each.siret,
            level: each.level,
            method: each.method,
            verifiedAt: each.verified_at,
            origin: 'declared',
          }),
        );
      return {
        id: randomId(),
        accountId: row.account_id,
        idp: asserted.idp,
        issuer: asserted.issuer,
        email: asserted.email,
        emailDomain: asserted.emailDomain,
        emailVerified: asserted.emailVerified,
        claims: { ...asserted.claims },
        acr: asserted.acr,
        ...(asserted.idpAcr === undefined ? {} : { idpAcr: asserted.idpAcr }),
        amr: [...asserted.amr],
        authTime: Math.floor(asserted.authTime.getTime() / 1000),
        memberships: [...own, ...declared],
      };
    },
  };
}

/** PostgreSQL keeps no U+0000. */
const textOf = (claim: unknown): string | null =>
  typeof claim === 'string' && claim.trim() !== '' ? claim.replaceAll('\0', '').trim().slice(0, 200) : null;
