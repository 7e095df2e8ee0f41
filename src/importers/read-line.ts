import type { FileFacts, Importer, Reading, Row, Wrong } from './importer.ts';
import type { HeaderCheck } from './reading/header.ts';
import type { TableRow } from './reading/table-file.ts';

const longestValue = 64 * 1024;

/** Somewhere the columns ran into each other: no value of the line can be relied on. */
const refusesLine = 'value_too_long';

export interface LineReaderOptions {
  readonly importer: Importer;
  readonly header: HeaderCheck;
  readonly facts: Omit<FileFacts, 'yearOf'>;
  /** The operator asked for UTF-8, and some bytes are not: they show as U+FFFD. */
  readonly brokenLetters: boolean;
}

/** Hands the values of a line to the importer, and keeps from it what it did not declare and what no text holds. */
export function createLineReader({
  importer,
  header,
  facts,
  brokenLetters,
}: LineReaderOptions): (row: TableRow) => Reading {
  // -1: declared, and missing in this file.
  const positions = new Map(
    [...importer.required, ...(importer.optional ?? [])].map((column) => [
      column,
      header.positions.get(column) ?? -1,
    ]),
  );
  let values: readonly string[] = [];
  let problems: Wrong[] = [];

  const row: Row = {
    get(column) {
      const position = positions.get(column);
      if (position === undefined)
        throw new Error(`importer ${importer.name} reads the column "${column}", which it does not declare`);
      const value = values[position] ?? '';
      const reason =
        value.length > longestValue
          ? 'value_too_long'
          : value.includes('\0')
            ? 'zero_byte'
            : brokenLetters && value.includes('\uFFFD')
              ? 'not_utf8'
              : undefined;
      if (reason === undefined) return value;
      if (!problems.some((one) => one.column === column)) problems.push({ column, value, reason });
      return '';
    },
  };
  const file: FileFacts = { ...facts, yearOf: (column) => header.years.get(column) };

  const personal = importer.personal ?? [];
  return (line) => (personal.length === 0 ? readingOf(line) : withoutPeople(readingOf(line), personal));

  function readingOf(line: TableRow): Reading {
    if (line.wrong !== undefined)
      return { wrong: { column: '', value: `${line.values.length} columns`, reason: line.wrong } };
    values = line.values;
    problems = [];
    const reading = importer.read(row, file);
    if (problems.length === 0) return reading;
    const wrong = problems.find(
      ({ column, reason }) => reason === refusesLine || importer.essential.includes(column),
    );
    if (wrong !== undefined) return 'about' in reading ? { wrong, about: reading.about } : { wrong };
    // A cell that no text holds reads as an empty one, which may be what the line is refused or left out for.
    return 'items' in reading
      ? { ...reading, wrongValues: [...problems, ...(reading.wrongValues ?? [])] }
      : reading;
  }
}

/** What stands where people are named goes nowhere, not even into the rejects file. */
function withoutPeople(reading: Reading, personal: readonly string[]): Reading {
  const hide = (wrong: Wrong): Wrong => (personal.includes(wrong.column) ? { ...wrong, value: '' } : wrong);
  if ('wrong' in reading) return { ...reading, wrong: hide(reading.wrong) };
  if (!('items' in reading) || reading.wrongValues === undefined) return reading;
  return { ...reading, wrongValues: reading.wrongValues.map(hide) };
}
