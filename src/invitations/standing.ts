import { sql } from 'kysely';

/**
 * Of an invitation joined with the account, the membership and the organization of its sponsor: whether it was taken back,
 * or its sponsor may not invite any more. An account that is blocked, a membership that was taken away, and an organization
 * that is suspended or has ceased, carry nobody's guests. More of the sponsor's own right is not asked: it hangs on how they sign in, which nobody
 * knows while they are away; an agent who leaves is what the end date is for, and operators can take invitations back.
 */
export const hasEnded = sql<boolean>`(invitation.revoked_at is not null or account.blocked_at is not null
  or membership.revoked_at is not null or organization.suspended_at is not null or coalesce(organization.unit_state, 'A') <> 'A')`;

/** `from` with what `hasEnded` reads. */
export const withSponsor = sql`invitation
  join account on account.id = invitation.sponsor_account_id
  left join membership on membership.account_id = invitation.sponsor_account_id
    and membership.siren = left(invitation.sponsor_siret, 9)
  left join organization on organization.siren = left(invitation.sponsor_siret, 9)`;
