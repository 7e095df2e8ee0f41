import { BrokerError } from '../errors/errors.ts';

/** As of when a file speaks, and how that is known. */
export interface AsOf {
  /** ISO date. */
  readonly date: string;
  readonly from:
    | 'you said so'
    | 'from the name of the file'
    | 'from the date of the data in the zip: no name has one'
    | 'from the date of the file: its name has none'
    | 'from the import that was interrupted';
}

/** `StockUniteLegale_2026-11-01`, `rna_waldec_20261101`, `2026_11_01`. */
const dateInName = /(?<![0-9])(20[0-9]{2})([-_]?)(0[1-9]|1[0-2])\2(0[1-9]|[12][0-9]|3[01])(?![0-9])/;

/**
 * @param file.packedAt what a zip says of the data in it
 * @param file.isDatedByPublisher the time of the file itself counts for nothing: a download sets it to the present day,
 *   and what is old would beat what is new
 * @param file.dateOf the importer's own rule, tried first
 * @throws BrokerError M-IMPT-001 when the date is not known, is not a day of the calendar, or lies ahead: all that comes
 *   later would be older than it, and refused
 */
export function asOfOf(
  asked: string | undefined,
  file: {
    readonly names: readonly string[];
    readonly modifiedAt: Date;
    readonly packedAt?: Date | undefined;
    readonly isDatedByPublisher?: boolean | undefined;
    readonly dateOf?: ((fileName: string) => string | undefined) | undefined;
  },
  now: Date,
): AsOf {
  const found = asked === undefined ? named(file) : { date: asked, from: 'you said so' as const };
  const asOf = found ?? timeOf(file);
  if (!isDay(asOf.date)) wrong(`${asOf.date} is not a day of the calendar, such as 2026-11-01`);
  if (asOf.date > tomorrow(now))
    wrong(`${asOf.date} (${asOf.from}) lies ahead: --as-of says which day the file speaks of`);
  return asOf;
}

function named(file: {
  readonly names: readonly string[];
  readonly dateOf?: ((fileName: string) => string | undefined) | undefined;
}): AsOf | undefined {
  for (const name of file.names) {
    const [, year, , month, day] = dateInName.exec(name) ?? [];
    const written = day === undefined ? undefined : `${year ?? ''}-${month ?? ''}-${day}`;
    const date = file.dateOf?.(name) ?? (written !== undefined && isDay(written) ? written : undefined);
    if (date !== undefined) return { date, from: 'from the name of the file' };
  }
  return undefined;
}

function timeOf(file: {
  readonly modifiedAt: Date;
  readonly packedAt?: Date | undefined;
  readonly isDatedByPublisher?: boolean | undefined;
}): AsOf {
  if (file.packedAt !== undefined)
    return { date: dayOf(file.packedAt), from: 'from the date of the data in the zip: no name has one' };
  if (file.isDatedByPublisher === true)
    wrong(
      'Nothing says which day this file speaks of: not its name, and its own date is that of the download. Give the day on which it was published: --as-of 2026-11-01',
    );
  return { date: dayOf(file.modifiedAt), from: 'from the date of the file: its name has none' };
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

function isDay(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Somewhere on earth it is tomorrow already. */
const tomorrow = (now: Date): string => dayOf(new Date(now.getTime() + 86_400_000));

function wrong(detail: string): never {
  throw new BrokerError('M-IMPT-001', { detail: `${detail}.` });
}
