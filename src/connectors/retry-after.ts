const shortestMs = 1_000;
/** A source that asks for more is tried again sooner: its clock, or its header, may be wrong. */
const longestMs = 15 * 60_000;
/** When a 429 names no delay. */
const usualMs = 60_000;

/** `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3), between one second and fifteen minutes from now. */
export function retryAt(header: string | null, now: Date): Date {
  const text = header?.trim() ?? '';
  const asked = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  const delay = Number.isNaN(asked) ? usualMs : Math.min(Math.max(asked, shortestMs), longestMs);
  return new Date(now.getTime() + delay);
}
