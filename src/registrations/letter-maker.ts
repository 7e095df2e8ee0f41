import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Mail } from '../mail/mail.ts';
import type { Act, Actor, ApplicantActor } from './act.ts';
import type { DraftContent } from './content.ts';
import type { EvidencePiece } from './evidence/store.ts';
import type { RegistrationFile } from './file.ts';
import { composeLetter } from './letters/compose.ts';
import type { LetterDocument } from './letters/document.ts';
import type { CommonFacts, FactsOf, LetterKind } from './letters/facts.ts';
import { letterMail } from './letters/mail.ts';
import type { RegistrationsNeeds } from './needs.ts';

export interface LetterToSend {
  readonly kind: LetterKind;
  readonly document: LetterDocument;
  /** Undefined: no address is known, and somebody posts it. */
  readonly mail: Mail | undefined;
}

export interface Telling {
  /** The file before the act, and after. */
  readonly before: RegistrationFile;
  readonly file: RegistrationFile;
  readonly actor: Actor;
  readonly act: Act;
  readonly content: DraftContent;
  readonly organization: CommonFacts['organization'];
  readonly evidence: readonly EvidencePiece[];
}

export type LetterNeeds = Pick<RegistrationsNeeds, 'snapshot' | 'authority' | 'issuer' | 'silence'>;

export const fileHref = ({ issuer }: Pick<LetterNeeds, 'issuer'>, id: string): string =>
  `${issuer}/demandes/${id}`;

export type Make = <K extends LetterKind>(kind: K, facts: FactsOf[K]) => LetterToSend;

/** What all letters of one act have in common: to whom, about which file, on which day. */
export function maker(
  { authority, issuer }: LetterNeeds,
  { file, content, organization }: Telling,
  applicant: ApplicantActor | undefined,
): Make {
  if (authority === undefined) throw new BrokerError('M-FILE-060', { detail: file.id });
  const href = fileHref({ issuer }, file.id);
  const address = applicant?.email ?? file.opened?.contact;
  const common: CommonFacts = {
    registration: file.id,
    date: parisDate(file.events.at(-1)?.at ?? new Date(0)),
    organization,
    ...(applicant === undefined ? { contact: address } : { applicant: addresseeOf(applicant, content) }),
    authority,
    fileHref: href,
  };
  return (kind, facts) => {
    const document = composeLetter(kind, { ...common, ...facts });
    return { kind, document, mail: address === undefined ? undefined : letterMail(document, address, href) };
  };
}

const addresseeOf = (
  { givenName, usualName, email }: ApplicantActor,
  { acting: { capacity } }: DraftContent,
): CommonFacts['applicant'] => ({
  givenName,
  usualName,
  email,
  ...(capacity === '' ? {} : { capacity }),
});
