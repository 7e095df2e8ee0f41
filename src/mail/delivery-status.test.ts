import { describe, expect, test } from 'vitest';
import { readDeliveryStatus } from './delivery-status.ts';
import { aDeliveryStatus } from './testing/a-delivery-status.ts';

const id = '0198f6a2-1111-4222-8333-444455556666';
const failed = { envelope: id, recipients: ['gone@asso.example'], code: '550 5.1.1' };

describe('what a mail server says later of a mail (RFC 3464)', () => {
  test.each([
    ['as Postfix writes it', aDeliveryStatus({ envelope: id })],
    ['with the lines of Unix', aDeliveryStatus({ envelope: id }).replaceAll('\r\n', '\n')],
    [
      'after the line of a mailbox',
      `From MAILER-DAEMON Sun Nov 22 10:00:00 2026\n${aDeliveryStatus({ envelope: id })}`,
    ],
    ['with the whole message', aDeliveryStatus({ envelope: id, returned: 'message/rfc822' })],
    ['without the message', aDeliveryStatus({ envelope: id, returned: 'none' })],
    ['in capitals', aDeliveryStatus({ envelope: id.toUpperCase() })],
    [
      'in other letter cases',
      aDeliveryStatus({ envelope: id }).replace('Final-Recipient: rfc822', 'FINAL-recipient:  RFC822'),
    ],
  ])('%s', (_how, message) => {
    expect(readDeliveryStatus(message)).toEqual([failed]);
  });

  test('without the reply of the other server, its status; forwarded, both addresses', () => {
    const message = aDeliveryStatus({ envelope: id, diagnostic: undefined, original: 'Alias@Asso.example' });
    expect(readDeliveryStatus(message)).toEqual([
      { envelope: id, recipients: ['gone@asso.example', 'alias@asso.example'], code: '5.1.1' },
    ]);
  });

  test('not delivered in time is given up, and says nothing of the address', () => {
    const late = aDeliveryStatus({ envelope: id, status: '4.4.7', diagnostic: undefined });
    expect(readDeliveryStatus(late)).toEqual([{ ...failed, code: undefined }]);
  });

  test.each([
    ['delayed', aDeliveryStatus({ envelope: id, action: 'delayed', status: '4.4.1' })],
    ['delivered', aDeliveryStatus({ envelope: id, action: 'delivered', status: '2.0.0' })],
    ['failed, with a status of success', aDeliveryStatus({ envelope: id, status: '2.0.0' })],
    ['of a mail of somebody else', aDeliveryStatus({ envelope: 'not-one-of-ours' })],
    // Whoever got the mail, or an answer to it, knows that number, and may write such a report.
    ['of what a Message-ID says alone', aDeliveryStatus({ envelope: undefined, mail: id })],
    ['no status', aDeliveryStatus({ envelope: id }).replace(/^Status:.*\r\n/mu, '')],
    ['an answer of a person', 'From: a@b.example\r\nSubject: Re\r\nContent-Type: text/plain\r\n\r\nBonjour'],
    [
      'another report',
      aDeliveryStatus({ envelope: id }).replace('report-type=delivery-status', 'report-type=feedback-report'),
    ],
    ['no boundary', aDeliveryStatus({ envelope: id }).replace(/boundary="[^"]*"/u, 'x=y')],
    ['nothing', ''],
    [
      'written in another encoding',
      aDeliveryStatus({ envelope: id }).replace(
        'Content-Type: message/delivery-status',
        'Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64',
      ),
    ],
    [
      'a status that is hidden in the mail that came back',
      aDeliveryStatus({ envelope: id, returned: 'message/rfc822' }).replace(
        'Content-Type: message/delivery-status',
        'Content-Type: text/plain',
      ),
    ],
    [
      'without end',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n'.padEnd(
        2_000_000,
        'x',
      ),
    ],
  ])('%s: nothing', (_what, message) => {
    expect(readDeliveryStatus(message)).toEqual([]);
  });

  test('several recipients of one report are read one by one', () => {
    const second = '\r\nFinal-Recipient: rfc822; full@asso.example\r\nAction: failed\r\nStatus: 5.2.2\r\n';
    const message = aDeliveryStatus({ envelope: id }).replace(
      '\r\n\r\n--b\r\nContent-Type: text/rfc822',
      `\r\n${second}\r\n--b\r\nContent-Type: text/rfc822`,
    );
    expect(readDeliveryStatus(message)).toEqual([
      failed,
      { envelope: id, recipients: ['full@asso.example'], code: '5.2.2' },
    ]);
  });
});
