import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { liesInHeldDomain } from '../declarations/declarations.ts';
import { parisDate } from '../eligibility/eligibility.ts';

/** Of joining/: what was read in a mailbox proved the membership, the person's or that of the organization. */
const mailboxMethods = [
  'verified_domain',
  'listed_domain',
  'official_address',
  'official_contact_code',
  'invitation',
];
const mailbox = sql`case method when 'official_contact_code' then contact else address end`;

/**
 * Whether what was joined rests on a mailbox in a held domain: a condition on `joined_membership`.
 *
 * @param held what else has to be true of the row of `held_domain`
 */
export const restsOnHeldDomain = (held?: RawBuilder<boolean>): RawBuilder<unknown> =>
  sql`(method = any(${mailboxMethods}) and ${liesInHeldDomain(mailbox, held)})`;

/**
 * Memberships that hold whatever an identity provider says: what operators declare of somebody, and what people have joined here
 * (joining/), as a table expression with the account, where there is one, and the identity. `joined`: the latter.
 *
 * A declared `sub` means somebody together with the issuer of their identity provider today (OpenID Connect Core §5.7): under a
 * name that was given to another issuer, the same `sub` is somebody else, and what is declared at a provider that is not declared
 * is about nobody. Of what was joined, only what is active on that day counts, and nothing that a mailbox proved which others may
 * read now.
 *
 * @param now absent: whatever has ever been active, for those who ask what was
 */
export const declaredPeople = (now?: Date): RawBuilder<unknown> => sql`(
  select declared_membership.idp_id, document::json ->> 'issuer' as issuer, declared_membership.subject,
         identity.account_id, siret, level, method, verified_at, false as joined
  from declared_membership
  join declared_object on declared_object.kind = 'identity_provider' and declared_object.id = declared_membership.idp_id
  left join identity on identity.issuer = document::json ->> 'issuer' and identity.subject = declared_membership.subject
    and identity.idp_id = declared_membership.idp_id
  union all
  select identity.idp_id, identity.issuer, identity.subject, identity.account_id, siret, level, method, verified_at, true
  from joined_membership join identity on identity.account_id = joined_membership.account_id
  where since is not null and ${
    now === undefined
      ? sql`true`
      : sql`state = 'active' and (until is null or until >= ${parisDate(now)}::date)
          and not ${restsOnHeldDomain()}`
  })`;
