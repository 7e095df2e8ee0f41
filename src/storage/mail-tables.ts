import type { Generated } from 'kysely';

/** See `src/mail/`. */
export interface MailTables {
  mail_bounce: MailBounceTable;
  held_domain: HeldDomainTable;
}

/** See `src/blocking/`: a domain whose mailboxes others may read. */
export interface HeldDomainTable {
  /** Canonical: A-labels, lower case. */
  domain: string;
  since: Date;
  /** `operator:anne`, `command_line:root`. */
  held_by: string;
  reason: string;
}

/** A mail server refused an address, or a mail to it, for good. */
export interface MailBounceTable {
  id: string;
  /** Of the version before. */
  address_sha256: Generated<string | null>;
  /** HMAC-SHA-256, base64url, of the address in lower case. */
  address_hmac: string | null;
  at: Date;
  /** '550', '550 5.1.1', '5.1.1'. */
  code: string;
}
