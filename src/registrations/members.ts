import { stringify } from 'csv-stringify/sync';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import {
  coverage,
  coverageSentences,
  isOrganizationType,
  readMemberList,
} from '../organizations/organizations.ts';
import type {
  CoverageReport,
  MemberList,
  OrganizationType,
  TerritoryIndex,
} from '../organizations/organizations.ts';
import { memberFacts } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';

/** No association of a département has more: the Pas-de-Calais counts 887 communes. */
export const largestList = { bytes: 2_000_000, lines: 5_000 } as const;
/** What a page can show; the count says how many there are in all. */
const shown = { exceptions: 100, duplicates: 100, missing: 1_000, text: 200 } as const;

const count = z.int().nonnegative();
const organizationType = z.custom<OrganizationType>(
  (value) => typeof value === 'string' && isOrganizationType(value),
  'type of organization',
);
const share = z.strictObject({
  covered: count,
  total: count,
  /** Names of those that are no members. */
  missing: z.array(z.string()).max(shown.missing),
});

/** What a list of members showed on the day it was read: kept in the content of the file. */
export const memberCoverageSchema = z.strictObject({
  /** Lines that name a member, and those of them that were identified. */
  listed: count,
  members: count,
  /** `unknown` as soon as one line is: it may be anybody. */
  allPublicLaw: z.enum(['yes', 'no', 'unknown']),
  /** French sentences that stand alone (organizations/coverage-sentences.ts). */
  sentences: z.array(z.string()).max(10),
  byType: z.array(z.strictObject({ type: organizationType, count })).max(200),
  /** Lines that do not show a public-law person, the first hundred, and how many there are. */
  exceptionCount: count,
  exceptions: z
    .array(z.strictObject({ line: count, text: z.string(), reason: z.string(), name: z.string().optional() }))
    .max(shown.exceptions),
  duplicateCount: count,
  duplicates: z
    .array(z.strictObject({ line: count, text: z.string(), firstLine: count }))
    .max(shown.duplicates),
  department: z.strictObject({ code: z.string(), communes: share, epcis: share }).optional(),
  readAt: z.iso.datetime(),
});
export type MemberCoverage = z.output<typeof memberCoverageSchema>;

export interface MembersRead {
  readonly coverage: MemberCoverage;
  /** The list as it was understood, written by us: a piece of evidence that a spreadsheet may open. */
  readonly list: Buffer;
}

/** A list to fill in. The semicolon is what French spreadsheets read and write. */
export const memberTemplate = {
  name: 'liste-des-membres.csv',
  mediaType: 'text/csv; charset=utf-8',
  /** With the mark that makes spreadsheets read UTF-8. The example has a number that nobody has: left in, it is a line to check. */
  text: [
    '\ufeffNom du membre;SIREN;Code de la commune (INSEE)',
    'Exemple à remplacer : commune de Villefictive;000000018;',
    '',
  ].join('\r\n'),
} as const;

/**
 * Reads the list of members that an association uploads, and computes what it shows: whether every member is a public-law
 * person, and how much of a département they are.
 *
 * @param department code of the département, where the register knows the association's
 * @throws BrokerError M-FILE-028 when it is no list that can be read
 */
export async function readMembers(
  needs: { readonly db: Kysely<Database>; readonly territories: TerritoryIndex; readonly now: Date },
  bytes: Buffer,
  department: string | undefined,
): Promise<MembersRead> {
  const list = readMemberList(decoded(bytes));
  const facts = await memberFacts(needs.db, list, needs.territories);
  const report = coverage(list, facts, needs.territories, department);
  return { coverage: kept(report, needs.now), list: rewritten(list) };
}

/** UTF-8, or what older spreadsheets write. */
function decoded(bytes: Buffer): string {
  if (bytes.length > largestList.bytes) refuse('it is over 2 MB');
  const text = textOf(bytes);
  // Tables of a spreadsheet program and images hold these; lists that people type do not.
  if (/[^\P{Cc}\t\n\v\f\r\u0080-\u009f]/u.test(text)) refuse('it holds bytes that are no text');
  const counted = text.split(/\r\n|\n|\r/u, largestList.lines + 2).filter((one) => one.trim() !== '').length;
  if (counted === 0) refuse('it is empty');
  if (text.split(/\r\n|\n|\r/u).length > largestList.lines + 1) refuse('it has over 5 000 lines');
  return text;
}

/** Of any list that people make in a spreadsheet. */
export function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function refuse(detail: string): never {
  throw new BrokerError('M-FILE-028', { detail: `list of members: ${detail}` });
}

const short = (text: string): string => text.toWellFormed().slice(0, shown.text).toWellFormed();

function kept(report: CoverageReport, now: Date): MemberCoverage {
  const { listed, members, allPublicLaw, byType, exceptions, duplicates, department } = report;
  return {
    listed,
    members,
    allPublicLaw,
    sentences: [...coverageSentences(report)],
    byType: byType.map((one) => ({ ...one })),
    exceptionCount: exceptions.length,
    exceptions: exceptions.slice(0, shown.exceptions).map(({ line, text, reason, name }) => ({
      line,
      text: short(text),
      reason,
      ...(name !== undefined && { name }),
    })),
    duplicateCount: duplicates.length,
    duplicates: duplicates
      .slice(0, shown.duplicates)
      .map(({ line, text, firstLine }) => ({ line, text: short(text), firstLine })),
    ...(department !== undefined && {
      department: {
        code: department.code,
        communes: shareKept(department.communes),
        epcis: shareKept(department.epcis),
      },
    }),
    readAt: now.toISOString(),
  };
}

const shareKept = ({
  covered,
  total,
  missing,
}: NonNullable<CoverageReport['department']>['epcis' | 'communes']) => ({
  covered,
  total,
  missing: missing.slice(0, shown.missing).map(({ name }) => name),
});

/**
 * Numbers first, then the words as typed. Never the bytes of the applicant: a cell that a spreadsheet would take for a
 * formula is quoted as text (OWASP, CSV injection).
 */
function rewritten({ members, unread }: MemberList): Buffer {
  const rows = [
    ...members.map(({ line, siren, rna, commune, name }) => ({
      line,
      siren,
      rna,
      commune,
      text: name ?? '',
    })),
    ...unread.map(({ line, text }) => ({ line, siren: undefined, rna: undefined, commune: undefined, text })),
  ].toSorted((one, other) => one.line - other.line);
  const columns = [
    { key: 'line', header: 'Ligne' },
    { key: 'siren', header: 'SIREN' },
    { key: 'rna', header: 'RNA' },
    { key: 'commune', header: 'Commune (INSEE)' },
    { key: 'text', header: 'Nom' },
  ];
  return Buffer.from(
    stringify(rows, { header: true, columns, delimiter: ';', bom: true, escape_formulas: true }),
  );
}
