/** See `src/mail/`. */
export interface MailTables {
  mail_bounce: MailBounceTable;
}

/** A mail server refused an address, or a mail to it, for good. */
export interface MailBounceTable {
  id: string;
  /** SHA-256, hexadecimal, of the address in lower case. */
  address_sha256: string;
  at: Date;
  /** '550', '550 5.1.1'. */
  code: string;
}
