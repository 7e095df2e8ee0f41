/*
 * Reports of mail servers that took a mail and could not deliver it (RFC 3464), as far as they are needed: whose mail, to which
 * address, for good or not. Anybody may write such a report, whoever got the mail above all, who may gain by its not having come: it
 * is believed by the id of the envelope that the mail was sent with, which mail servers alone are told (RFC 3461 §4.4), and of its own
 * recipient (bounces.ts). What stands in the mail itself, its Message-ID too, says nothing.
 */

/** What a report says of one recipient of one mail. */
export interface DeliveryFailure {
  /** What the mail was sent with (Original-Envelope-Id, RFC 3464 §2.2.1), in lower case. */
  readonly envelope: string;
  /** Final and original one, in lower case; a forwarding server names another than we do. */
  readonly recipients: readonly string[];
  /** '550 5.1.1' or '5.1.1'; undefined: it was not delivered in time, which says nothing of the address. */
  readonly code: string | undefined;
}

/** Characters. A report with a whole mail of ours in it has a tenth of this. */
const longest = 1_000_000;
const idOfOurs = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

type Fields = ReadonlyMap<string, string>;

/** @returns what failed; nothing for delays, deliveries, and whatever is no report about an envelope with an id like ours */
export function readDeliveryStatus(message: string): readonly DeliveryFailure[] {
  if (message.length > longest) return [];
  const whole = entityOf(message.replaceAll('\r\n', '\n').replace(/^From .*\n/u, ''));
  const type = whole.fields.get('content-type') ?? '';
  const boundary = parameterOf(type, 'boundary');
  const isReport =
    /^multipart\/report\s*;/iu.test(type) &&
    parameterOf(type, 'report-type')?.toLowerCase() === 'delivery-status';
  if (!isReport || boundary === undefined) return [];
  const parts = partsOf(whole.body, boundary).map(entityOf);
  const report = parts.find((part) => isDeliveryStatus(part));
  if (report === undefined) return [];
  const [perMessage, ...perRecipient] = report.body.split(/\n(?:[ \t]*\n)+/u).map(fieldsOf);
  const envelope = perMessage?.get('original-envelope-id')?.toLowerCase() ?? '';
  if (!idOfOurs.test(envelope)) return [];
  return perRecipient.flatMap((fields) => failureOf(envelope, fields) ?? []);
}

function failureOf(envelope: string, fields: Fields): DeliveryFailure | undefined {
  const status = /^([45]\.\d{1,3}\.\d{1,3})(?:\s|$)/u.exec(fields.get('status') ?? '')?.[1];
  const recipients = ['final-recipient', 'original-recipient'].flatMap(
    (name) => /^rfc822\s*;\s*(\S+)$/iu.exec(fields.get(name) ?? '')?.[1]?.toLowerCase() ?? [],
  );
  if (fields.get('action')?.toLowerCase() !== 'failed' || status === undefined) return undefined;
  const reply = /^smtp\s*;\s*(5\d\d)\b/iu.exec(fields.get('diagnostic-code') ?? '')?.[1];
  const code = reply === undefined ? status : `${reply} ${status}`;
  return { envelope, recipients: [...new Set(recipients)], code: status.startsWith('5') ? code : undefined };
}

interface Entity {
  readonly fields: Fields;
  readonly body: string;
}

function entityOf(text: string): Entity {
  // A part without fields begins with the empty line.
  const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n');
  const head = end === -1 ? text : text.slice(0, end);
  return { fields: fieldsOf(head), body: end === -1 ? '' : text.slice(end).replace(/^\n{1,2}/u, '') };
}

/** Folded lines are one (RFC 5322 §2.2.3). Of two of one name, the first counts. */
function fieldsOf(head: string): Fields {
  const fields = new Map<string, string>();
  for (const line of head.replace(/\n[ \t]+/gu, ' ').split('\n')) {
    const [, name = '', value = ''] = /^([!-9;-~]+)[ \t]*:(.*)$/u.exec(line) ?? [];
    const key = name.toLowerCase();
    if (key !== '' && !fields.has(key)) fields.set(key, value.trim());
  }
  return fields;
}

/** Of a field with parameters (RFC 2045 §5.1). */
const parameterOf = (field: string, name: string): string | undefined => {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]{1,70})"|([^\\s;"]{1,70}))`, 'iu').exec(field);
  return found?.[1] ?? found?.[2];
};

/** What stands between the lines of the boundary (RFC 2046 §5.1.1). */
function partsOf(body: string, boundary: string): readonly string[] {
  const parts: string[][] = [];
  let current: string[] | undefined;
  for (const line of body.split('\n')) {
    const trimmed = line.trimEnd();
    if (trimmed === `--${boundary}--`) break;
    if (trimmed === `--${boundary}`) parts.push((current = []));
    else current?.push(line);
  }
  return parts.map((lines) => lines.join('\n'));
}

/** RFC 3464 §2.1: a report is written as it is, in no other encoding. */
const isDeliveryStatus = ({ fields }: Entity): boolean =>
  /^message\/delivery-status\s*(?:;|$)/iu.test(fields.get('content-type') ?? '') &&
  /^(?:|7bit|8bit)$/iu.test(fields.get('content-transfer-encoding') ?? '');
