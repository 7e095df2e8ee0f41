import { identify, isCommuneCode } from './identifiers.ts';
import type { CommuneCode, InvalidReason, Rna, Siren, Siret } from './identifiers.ts';

/** A member as the list names it. */
export interface ListedMember {
  /** In the file, from 1. */
  readonly line: number;
  /** The line without what spreadsheets add. */
  readonly text: string;
  readonly siren?: Siren;
  readonly siret?: Siret;
  readonly rna?: Rna;
  /** Beside an identifier, or alone. */
  readonly commune?: CommuneCode;
  /** What stands beside, as written; a name is never enough, and never ignored. */
  readonly name?: string;
}

export interface UnreadLine {
  readonly line: number;
  readonly text: string;
  readonly reason: 'no_identifier' | 'several_members' | 'commune_unlike_code' | InvalidReason;
}

export interface MemberList {
  readonly members: readonly ListedMember[];
  readonly unread: readonly UnreadLine[];
}

/** No association has more members than there are communes and groupings of all kinds. */
const LONGEST_LIST = 100_000;
const LONGEST_LINE = 500;

/** Digits with what people put between them, or letters and digits of an RNA number or of a Corsican commune. */
const NUMBER = /(?<![0-9A-Za-z])(?:FR)?[0-9](?:[ \u00a0\u2009\u202f.-]?[0-9]){8,13}(?![0-9A-Za-z])/gu;
const RNA_NUMBER = /(?<![0-9A-Za-z])W[0-9][0-9A-Z][0-9]{7}(?![0-9A-Za-z])/giu;
const COMMUNE_CODE = /(?<![0-9A-Za-z])(?:[0-9]{5}|2[ABab][0-9]{3})(?![0-9A-Za-z])/gu;
/** Cells of a line, and quotes around them. */
const BETWEEN = /[;,\t"()[\]]+/gu;

/**
 * Reads a list of members: one a line, each named by a SIREN, a SIRET, an RNA number or the INSEE code of a commune,
 * alone or with a name, in any order, with or without columns. An empty line and a header say nothing.
 *
 * Pure. What cannot be read is returned, never dropped: a member that nobody identified may be anybody.
 */
export function readMemberList(text: string): MemberList {
  const members: ListedMember[] = [];
  const unread: UnreadLine[] = [];
  const lines = text.replace(/^\ufeff/u, '').split(/\r\n|\n|\r/u, LONGEST_LIST);
  let isFirst = true;
  lines.forEach((raw, index) => {
    // Cut first: putting accents in order is quadratic in a run of them.
    const line = raw
      .trim()
      .slice(0, 2 * LONGEST_LINE)
      .normalize('NFC');
    if (line === '' || line.replace(BETWEEN, '').trim() === '') return;
    const read = readLine(line.slice(0, LONGEST_LINE), index + 1);
    // A header holds no digit at all; a member without an identifier usually holds none either, but comes later.
    const isHeader = isFirst && 'reason' in read && read.reason === 'no_identifier' && isHeading(line);
    isFirst = false;
    if (isHeader) return;
    if ('reason' in read) unread.push(read);
    else members.push(read);
  });
  return { members, unread };
}

const isHeading = (line: string): boolean =>
  /siren|siret|insee|rna|code|commune|nom|raison|membre|identifiant/i.test(line) && !/[0-9]/.test(line);

function readLine(text: string, line: number): ListedMember | UnreadLine {
  const numbers = text.match(NUMBER) ?? [];
  const associations = text.match(RNA_NUMBER) ?? [];
  const codes = text.replace(NUMBER, ' ').match(COMMUNE_CODE) ?? [];
  const [written, ...others] = [...numbers, ...associations];
  const name = nameIn(text);
  const rest = { line, text, ...(name !== '' && { name }) };
  if (codes.length > 1) return { line, text, reason: 'several_members' };
  const [code] = codes;
  if (written === undefined) {
    if (code === undefined) return { line, text, reason: 'no_identifier' };
    const commune = code.toUpperCase();
    return isCommuneCode(commune) ? { ...rest, commune } : { line, text, reason: 'commune_unlike_code' };
  }
  const found = identify(written);
  if (found.kind === 'invalid') return { line, text, reason: found.reason };
  const commune = code?.toUpperCase();
  const beside = commune !== undefined && isCommuneCode(commune) ? { commune } : {};
  if (found.kind === 'rna' && others.length === 0) return { ...rest, ...beside, rna: found.rna };
  if (found.kind === 'rna') return { line, text, reason: 'several_members' };
  // SIREN and SIRET of one body often stand side by side.
  for (const other of others) {
    const again = identify(other);
    if (again.kind === 'rna') continue;
    if (again.kind === 'invalid') return { line, text, reason: again.reason };
    if (again.siren !== found.siren) return { line, text, reason: 'several_members' };
  }
  const siret = found.kind === 'siret' ? { siret: found.siret } : {};
  return { ...rest, ...beside, siren: found.siren, ...siret };
}

const nameIn = (text: string): string =>
  text
    .replace(NUMBER, ' ')
    .replace(RNA_NUMBER, ' ')
    .replace(COMMUNE_CODE, ' ')
    .replace(BETWEEN, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s:–—-]+|[\s:–—-]+$/gu, '')
    .trim();
