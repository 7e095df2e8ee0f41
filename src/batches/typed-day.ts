import { z } from 'zod';

const day = z.iso.date();

/** A day as spreadsheets write it, in French or in ISO order: 31/12/2028, 2028-12-31. Undefined when it is no day. */
export function typedDay(text: string): string | undefined {
  const [, date, month, year] = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/u.exec(text) ?? [];
  const iso =
    date === undefined || month === undefined || year === undefined
      ? text
      : `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  return day.safeParse(iso).data;
}
