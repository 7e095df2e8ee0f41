/** `/dev/mailbox`: what the site would have sent. Never registered in production (http/dev-mailbox.ts). */
export interface MailboxPage {
  readonly mails: readonly {
    readonly href: string;
    readonly to: string;
    readonly subject: string;
    readonly createdAt: Date;
  }[];
}

export interface MailboxMailPage {
  readonly subject: string;
  readonly to: string;
  readonly about: string;
  readonly createdAt: Date;
  readonly text: string;
  /** Addresses of this site that the text holds, to follow them. */
  readonly links: readonly string[];
  readonly htmlHref: string;
  readonly backHref: string;
}
