import type { MembersShown, OrganizationShown, PieceShown } from '../http/http.ts';
import type { Language } from '../http/http.ts';
import {
  organizationCategory,
  organizationTypeLabel,
  publicSourceLabel,
} from '../organizations/organizations.ts';
import { placeOf } from '../register/register.ts';
import type { OrganizationPage } from '../register/register.ts';
import type { DraftContent, EvidencePiece } from '../registrations/registrations.ts';

/** What the registers hold: shown with its source, and not asked again (CRPA art. L114-8). */
export function organizationShown(page: OrganizationPage, lang: Language): OrganizationShown {
  return {
    id: page.id,
    name: page.name,
    acronym: page.acronym,
    type: organizationTypeLabel(page.type, lang),
    siren: page.siren,
    rna: page.rna,
    commune: placeOf(page),
    createdOn: page.createdOn,
    active: page.active,
    isAssociation: ['association', 'foundation'].includes(organizationCategory(page.type)),
    source: { label: publicSourceLabel(page.source), asOf: page.sourceDate },
  };
}

export const pieceShown = (piece: EvidencePiece, href: string, removeAction?: string): PieceShown => ({
  id: piece.id,
  words: piece.kind,
  name: piece.name,
  size: piece.size,
  uploadedAt: piece.uploadedAt,
  href,
  removeAction,
});

/** Lines to check that a page shows; the list itself holds all of them. */
const mostLines = 50;

/** As whoever is no lawyer says it; who decides reads the term of the law. */
const plain = (sentence: string): string =>
  sentence
    .replaceAll('une personne morale de droit public', 'une administration ou une collectivité')
    .replaceAll('personnes morales de droit public', 'administrations ou des collectivités');

export const membersShown = (members: NonNullable<DraftContent['members']>): MembersShown => ({
  sentences: members.sentences.map(plain),
  toCheck: members.exceptions.slice(0, mostLines).map(({ line, text, reason, name }) => ({
    line,
    text,
    words: wordsOf(reason),
    name,
  })),
  toCheckCount: members.exceptionCount,
  twice: members.duplicates.slice(0, mostLines),
  readAt: new Date(members.readAt),
});

/** Why a line does not show a public-law person: texts under `applicants.member`. */
export const memberWords = [
  'not_public_law',
  'type_unknown',
  'not_found',
  'closed',
  'merged',
  'name_differs',
  'contradiction',
  'no_identifier',
  'several_members',
  'commune_unlike_code',
  'number_wrong',
] as const;

/** A number with a digit too many, one that does not check out: for whoever has to correct it, all the same. */
const wordsOf = (reason: string): (typeof memberWords)[number] =>
  memberWords.find((one) => one === reason) ?? 'number_wrong';
