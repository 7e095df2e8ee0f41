import { sql } from 'kysely';

/**
 * Declared memberships with the issuer of their identity provider today: a table expression. A `sub` means somebody together with
 * its issuer (OpenID Connect Core §5.7): under a name that was given to another issuer, the same `sub` is somebody else. What is
 * declared at a provider that is not declared is about nobody.
 */
export const declaredPeople = sql`(
  select declared_membership.idp_id, document::json ->> 'issuer' as issuer, declared_membership.subject, siret, level,
         method, verified_at
  from declared_membership
  join declared_object on declared_object.kind = 'identity_provider' and declared_object.id = declared_membership.idp_id)`;
