/** People write 31/12/2028; the content holds 2028-12-31. What is no such day is kept as it was typed. */
export function dayTyped(written: string): string {
  const [, day = '', month = '', year = ''] =
    /^\s*(\d{1,2})[\s./-](\d{1,2})[\s./-](\d{4})\s*$/u.exec(written) ?? [];
  return year === '' ? written.trim() : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** As the field shows it. */
export function dayShown(day: string): string {
  const [, year = '', month = '', date = ''] = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(day) ?? [];
  return year === '' ? day : `${date}/${month}/${year}`;
}

/** Of the calendar: engines read 30 February as 2 March, and a year alone as its first day. */
export function isDay(day: string): boolean {
  const instant = new Date(`${day}T12:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/u.test(day) &&
    !Number.isNaN(instant.getTime()) &&
    instant.toISOString().startsWith(day)
  );
}
