/** What an import tells while it works. */
export interface Progress {
  /** @param lines read so far by this run; @param fraction of the file, 0 to 1 */
  at(lines: number, fraction: number): void;
}

export interface ProgressOptions {
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** On a terminal: shows this in place of what it showed before. */
  readonly rewrite?: ((text: string) => void) | undefined;
  /** Elsewhere: one more line. */
  readonly print: (text: string) => void;
  /** Lines that an interrupted import had read: they pass without work, and would flatter the rate. */
  readonly skipped: number;
}

const rewriteEvery = 200;
const printEvery = 10_000;

export function createProgress({ now, rewrite, print, skipped }: ProgressOptions): Progress {
  const started = now();
  let last = started;
  let begun: { readonly at: number; readonly fraction: number } | undefined =
    skipped === 0 ? { at: started, fraction: 0 } : undefined;
  return {
    at(lines, fraction) {
      const time = now();
      if (lines > skipped) begun ??= { at: time, fraction };
      if (time - last < (rewrite === undefined ? printEvery : rewriteEvery)) return;
      last = time;
      const text =
        begun === undefined
          ? `${count(lines)} lines passed over, ${percent(fraction)}`
          : progressText({
              lines,
              fraction,
              rate: rate(lines - skipped, time - begun.at),
              left: left(begun, time, fraction),
            });
      (rewrite ?? print)(text);
    },
  };
}

function progressText(at: {
  readonly lines: number;
  readonly fraction: number;
  readonly rate: number;
  readonly left: number | undefined;
}): string {
  const ending = at.left === undefined ? '' : `, ${duration(at.left)} left`;
  return `${count(at.lines)} lines, ${percent(at.fraction)}, ${count(at.rate)} lines/s${ending}`;
}

function left(
  begun: { readonly at: number; readonly fraction: number },
  time: number,
  fraction: number,
): number | undefined {
  const done = fraction - begun.fraction;
  return done <= 0 ? undefined : ((time - begun.at) / done) * (1 - fraction);
}

const percent = (fraction: number): string => `${Math.floor(Math.min(fraction, 1) * 100)} %`;

/** Lines a second. */
export const rate = (lines: number, ms: number): number => Math.round(lines / Math.max(ms / 1000, 0.001));

/** `1 234 567`, with plain spaces. */
export const count = (value: number): string => String(value).replaceAll(/\B(?=(?:[0-9]{3})+$)/g, ' ');

/** `2 h 05 min`, `3 min 20 s`, `12 s`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  return minutes > 0 ? `${minutes} min ${two(seconds % 60)} s` : `${seconds} s`;
}
