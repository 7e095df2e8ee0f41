import { describe, expect, test } from 'vitest';
import { readDeliveryStatus } from './delivery-status.ts';
import { aDeliveryStatus } from './testing/a-delivery-status.ts';

const id = '0198f6a2-1111-4222-8333-444455556666';
const failed = { mail: id, recipients: ['gone@asso.example'], code: '550 5.1.1' };

describe('what a mail server says later of a mail (RFC 3464)', () => {
  test.each([
    ['as Postfix writes it', aDeliveryStatus({ mail: id })],
    ['with the lines of Unix', aDeliveryStatus({ mail: id }).replaceAll('\r\n', '\n')],
    [
      'after the line of a mailbox',
      `From MAILER-DAEMON Sun Nov 22 10:00:00 2026\n${aDeliveryStatus({ mail: id })}`,
    ],
    ['with the whole message', aDeliveryStatus({ mail: id, returned: 'message/rfc822' })],
    ['with a number of its envelope alone', aDeliveryStatus({ mail: id, returned: 'none', envelope: id })],
    [
      'in other letter cases',
      aDeliveryStatus({ mail: id }).replace('Final-Recipient: rfc822', 'FINAL-recipient:  RFC822'),
    ],
  ])('%s', (_how, message) => {
    expect(readDeliveryStatus(message)).toEqual([failed]);
  });

  test('without the reply of the other server, its status; forwarded, both addresses', () => {
    const message = aDeliveryStatus({ mail: id, diagnostic: undefined, original: 'Alias@Asso.example' });
    expect(readDeliveryStatus(message)).toEqual([
      { mail: id, recipients: ['gone@asso.example', 'alias@asso.example'], code: '5.1.1' },
    ]);
  });

  test('not delivered in time is given up, and says nothing of the address', () => {
    const late = aDeliveryStatus({ mail: id, status: '4.4.7', diagnostic: undefined });
    expect(readDeliveryStatus(late)).toEqual([{ ...failed, code: undefined }]);
  });

  test.each([
    ['delayed', aDeliveryStatus({ mail: id, action: 'delayed', status: '4.4.1' })],
    ['delivered', aDeliveryStatus({ mail: id, action: 'delivered', status: '2.0.0' })],
    ['failed, with a status of success', aDeliveryStatus({ mail: id, status: '2.0.0' })],
    ['no status', aDeliveryStatus({ mail: id }).replace(/^Status:.*\r\n/mu, '')],
    ['of a mail of somebody else', aDeliveryStatus({ mail: 'not-one-of-ours' })],
    ['of no mail', aDeliveryStatus({ mail: id, returned: 'none' })],
    ['an answer of a person', 'From: a@b.example\r\nSubject: Re\r\nContent-Type: text/plain\r\n\r\nBonjour'],
    [
      'another report',
      aDeliveryStatus({ mail: id }).replace('report-type=delivery-status', 'report-type=feedback-report'),
    ],
    ['no boundary', aDeliveryStatus({ mail: id }).replace(/boundary="[^"]*"/u, 'x=y')],
    ['nothing', ''],
    [
      'written in another encoding',
      aDeliveryStatus({ mail: id }).replace(
        'Content-Type: message/delivery-status',
        'Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64',
      ),
    ],
    [
      'a status that is hidden in the mail that came back',
      aDeliveryStatus({ mail: id, returned: 'message/rfc822' }).replace(
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
    const message = aDeliveryStatus({ mail: id }).replace(
      '\r\n\r\n--b\r\nContent-Type: text/rfc822',
      `\r\n${second}\r\n--b\r\nContent-Type: text/rfc822`,
    );
    expect(readDeliveryStatus(message)).toEqual([
      failed,
      { mail: id, recipients: ['full@asso.example'], code: '5.2.2' },
    ]);
  });
});
