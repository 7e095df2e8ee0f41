interface Told {
  /** What the mail was sent with (RFC 3461 §4.4); undefined: the server does not say it. */
  readonly envelope: string | undefined;
  /** Number of the mail, as its Message-ID says it: whoever got the mail knows it. */
  readonly mail?: string;
  readonly recipient?: string;
  readonly action?: string;
  readonly status?: string;
  readonly diagnostic?: string | undefined;
  readonly original?: string;
  readonly returned?: 'text/rfc822-headers' | 'message/rfc822' | 'none';
}

/** A report of a mail that could not be delivered, as Postfix writes them (RFC 3464, appendix E). */
export function aDeliveryStatus(told: Told): string {
  const { envelope, recipient = 'gone@asso.example', action = 'failed', status = '5.1.1' } = told;
  const { returned = 'text/rfc822-headers', original } = told;
  const { mail = '0198f6a2-9999-4222-8333-444455556666' } = told;
  const diagnostic =
    'diagnostic' in told
      ? told.diagnostic
      : `smtp; 550 5.1.1 <${recipient}>: Recipient address rejected:\r\n    User unknown`;
  const headers = `From: Maillon <ne-pas-repondre@connexion.example.fr>\r\nTo: ${recipient}\r\nMessage-ID:\r\n <${mail}@connexion.example.fr>\r\nSubject: Votre code`;
  return [
    'Return-Path: <>',
    'From: MAILER-DAEMON@mx.example (Mail Delivery System)',
    'To: ne-pas-repondre@connexion.example.fr',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="b"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--b',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'I am sorry to have to inform you that your message could not be delivered.',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    ...(envelope === undefined ? [] : [`Original-Envelope-Id: ${envelope}`]),
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    ...(original === undefined ? [] : [`Original-Recipient: rfc822;${original}`]),
    `Action: ${action}`,
    `Status: ${status}`,
    ...(diagnostic === undefined ? [] : [`Diagnostic-Code: ${diagnostic}`]),
    '',
    ...(returned === 'none'
      ? []
      : [
          '--b',
          `Content-Type: ${returned}`,
          '',
          headers,
          '',
          ...(returned === 'message/rfc822' ? ['Status: 5.1.1', ''] : []),
        ]),
    '--b--',
    '',
  ].join('\r\n');
}
