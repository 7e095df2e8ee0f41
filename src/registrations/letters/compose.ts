import { frenchSpacing } from '../../http/http.ts';
import { appealDecision, appealReceipt } from './appeal.ts';
import { approval } from './approval.ts';
import { grant } from './grant.ts';
import { transfer } from './transfer.ts';
import { letterSchema } from './document.ts';
import type { LetterDocument } from './document.ts';
import { abrogation, closure, expiryReminder, withdrawal } from './ending.ts';
import type { LetterFacts, LetterKind } from './facts.ts';
import { piecesAsked } from './pieces.ts';
import { receipt } from './receipt.ts';
import { renunciation } from './renunciation.ts';
import { identification } from './identification.ts';
import { implicitAcceptance, implicitRefusal, motives, refusal } from './refusal.ts';
import { observationsRecorded, reinstatement, suspension, suspensionNotice } from './suspension.ts';
import type { Template } from './template.ts';
import { identifiers } from './words.ts';

const templates: { readonly [K in LetterKind]: Template<K> } = {
  receipt,
  pieces_asked: piecesAsked,
  transfer,
  grant,
  approval,
  refusal,
  implicit_refusal: implicitRefusal,
  implicit_acceptance: implicitAcceptance,
  motives,
  suspension_notice: suspensionNotice,
  observations_recorded: observationsRecorded,
  suspension,
  reinstatement,
  abrogation,
  withdrawal,
  appeal_receipt: appealReceipt,
  appeal_decision: appealDecision,
  renunciation,
  identification,
  expiry_reminder: expiryReminder,
  closure,
};

/**
 * Makes one letter: the letterhead, the blocks of its kind, the signature. The same facts make the same letter.
 *
 * @throws ZodError when a compulsory fact is empty: a letter without author, capacity or address is not sent
 */
export function composeLetter<K extends LetterKind>(kind: K, facts: LetterFacts<K>): LetterDocument {
  const template: Template<K> = templates[kind];
  const { applicant, authority, organization } = facts;
  const author = template.author?.(facts);
  return letterSchema.parse(
    tidy({
      template: `${kind}@${template.version}`,
      language: 'fr',
      title: template.title(facts),
      reference: facts.registration,
      date: facts.date,
      sender: { name: authority.name, lines: [authority.address, authority.email, authority.phone] },
      recipient: {
        name: organization.name,
        lines: [
          applicant === undefined
            ? 'À l’attention de la personne qui représente l’organisation'
            : `À l’attention de ${applicant.givenName} ${applicant.usualName}${applicant.capacity === undefined ? '' : `, ${applicant.capacity}`}`,
          ...identifiers(organization),
          ...[applicant?.email ?? facts.contact].filter((address) => address !== undefined),
        ],
      },
      blocks: [...template.blocks(facts)],
      ...(author === undefined
        ? {}
        : {
            signature: {
              givenName: author.givenName,
              usualName: author.usualName,
              capacity: author.capacity,
              organization: author.organization,
            },
          }),
    } satisfies LetterDocument),
  );
}

/**
 * Line breaks inside a block are spaces, and what is not seen goes: controls, and the marks that turn the direction of
 * writing, by which « refus » could be made to read otherwise (Unicode TR 36 §3.5).
 */
const plain = (text: string): string =>
  frenchSpacing(
    text
      .normalize('NFC')
      .replace(/[\t\r\n\u2028\u2029]+/gu, ' ')
      .replace(/[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/gu, '')
      .trim(),
  );

function tidy(value: unknown): unknown {
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, tidy(member)]));
  return value;
}
