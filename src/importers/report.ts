import type { AsOf } from './as-of.ts';
import type { ImportRecord, Tally } from './import-records.ts';
import type { Encoding, Importer } from './importer.ts';
import { leftOutReasons } from './left-out-reasons.ts';
import type { LeftOutReason } from './left-out-reasons.ts';
import { headerText } from './reading/header.ts';
import type { HeaderCheck } from './reading/header.ts';
import type { Inspection } from './reading/inspect.ts';
import { count, duration, rate } from './reading/progress.ts';
import { wrongReasons } from './wrong-reasons.ts';
import type { Withdrawal } from './withdraw-absent.ts';
import type { WrongReason } from './wrong-reasons.ts';

export interface ImportReport {
  readonly importer: Importer;
  /** Undefined after a dry run. */
  readonly id: number | undefined;
  readonly dryRun: boolean;
  readonly fileName: string;
  /** `UTF-8, separator ";"`, `JSON, UTF-8`, `Parquet`. */
  readonly form: string;
  /** On disk. */
  readonly byteLength: number;
  readonly header: HeaderCheck;
  readonly asOf: AsOf;
  /** Lines that an interrupted import had committed. */
  readonly resumedAfter: number;
  /** Lines of the whole file. */
  readonly lines: number;
  readonly tally: Tally;
  /** Of this run. */
  readonly wrong: ReadonlyMap<WrongReason, number>;
  readonly leftOut: ReadonlyMap<LeftOutReason, number>;
  /** Of this run: values left out of lines that were kept. */
  readonly wrongValues: ReadonlyMap<WrongReason, number>;
  /** Undefined unless the file is a complete list. */
  readonly withdrawal: Withdrawal | undefined;
  /** Undefined when nothing was wrong. */
  readonly rejectsPath: string | undefined;
  readonly notes: readonly string[];
  readonly ms: number;
}

/** What the operator reads at the end. */
export function reportText(report: ImportReport): string {
  const { importer, tally, id } = report;
  const rows: (readonly [string, string])[] = [
    ['Source', `${importer.name}: ${importer.summary}`],
    ['File', `${report.fileName}, ${count(report.byteLength)} bytes, ${report.form}`],
    ['As of', `${report.asOf.date} (${report.asOf.from})`],
    ['Header', headerText(report.header)],
    ['Lines', `${count(report.lines)} read, ${count(tally.wrong)} wrong, ${count(tally.leftOut)} left out`],
    ['Records', `${count(tally.new)} new, ${count(tally.changed)} changed, ${count(tally.same)} same`],
    ...(report.withdrawal === undefined ? [] : [['Withdrawn', withdrawalText(report.withdrawal)] as const]),
    ['Values', `${count(totalOf(report.wrongValues))} wrong and left out, of lines that were kept`],
    ...byReason('Wrong', report.wrong, wrongReasons),
    ...byReason('Value', report.wrongValues, wrongReasons),
    ...byReason('Left out', report.leftOut, leftOutReasons),
    ...(report.rejectsPath === undefined ? [] : [['Rejects', report.rejectsPath] as const]),
    ['Time', timeText(report.lines - report.resumedAfter, report.ms)],
    ...report.notes.map((note) => ['Note', note] as const),
    [
      'Result',
      id === undefined
        ? 'Dry run: nothing was written.'
        : `Import ${id} is finished. To take it back: maillon import undo ${id}`,
    ],
  ];
  return rows.map(([name, text]) => `${name.padEnd(9)} ${text}`).join('\n');
}

const withdrawalText = ({ absent, isRefused }: Withdrawal): string =>
  isRefused
    ? `0: ${count(absent)} are no longer in the file, more than a fifth of what the source holds. Is the file whole? If so: the same command with --withdraw`
    : `${count(absent)} that are no longer in the file`;

const totalOf = (counts: ReadonlyMap<unknown, number>): number =>
  [...counts.values()].reduce((total, times) => total + times, 0);

/** A rate of less than a second says nothing. */
const timeText = (lines: number, ms: number): string =>
  ms < 1000 ? 'less than a second' : `${duration(ms)}, ${count(rate(lines, ms))} lines/s`;

function byReason<Reason extends string>(
  name: string,
  found: ReadonlyMap<Reason, number>,
  sentences: Readonly<Record<Reason, string>>,
): (readonly [string, string])[] {
  return [...found]
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .map(([reason, times]) => [name, `${count(times)} ${reason}: ${sentences[reason]}`] as const);
}

/** How the file is written, in the words of people. */
export function formText({ form, encoding }: Inspection, separator: string): string {
  if (form === 'parquet') return 'Parquet';
  const letters = encoding === 'utf-8' ? 'UTF-8' : 'Windows-1252 (Latin-1)';
  return form === 'json' ? `JSON, ${letters}` : `CSV, ${letters}, separator "${separator}"`;
}

/** What the operator should know, and might not expect. */
export function notesOf(known: {
  readonly importer: Importer;
  readonly inspection: Inspection;
  /** Encoding that the operator named. */
  readonly asked: Encoding | undefined;
  /** The last time that this very file was imported. */
  readonly before: ImportRecord | undefined;
  readonly resumed: ImportRecord | undefined;
}): readonly string[] {
  const { importer, inspection, asked, before, resumed } = known;
  const notes: string[] = [];
  if (resumed !== undefined && resumed.position > 0)
    notes.push(
      `Import ${resumed.id} was interrupted: this run went on after line ${count(resumed.position)} of the data. Reasons, and values left out, are counted from there.`,
    );
  if (before !== undefined)
    notes.push(
      `This very file was imported before (import ${before.id}, ${before.startedAt.toISOString().slice(0, 10)}).`,
    );
  if (inspection.form === 'csv' && asked === undefined && !importer.encodings.includes(inspection.encoding))
    notes.push('The register does not usually write its letters so: look at a few accented names.');
  return notes;
}
