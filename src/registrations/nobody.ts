/**
 * In `registration.account_id` of a file that nobody sent: the nil UUID (RFC 9562 §5.9). A process of the version before
 * reads an account in every row, and would show no list at all if there were none.
 */
export const nobody = '00000000-0000-0000-0000-000000000000';

/** Who sent a file; undefined: the administration opened it on its own initiative. */
export const senderOf = (accountId: string): string | undefined =>
  accountId === nobody ? undefined : accountId;
