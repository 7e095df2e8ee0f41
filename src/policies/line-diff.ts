export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Lines of each text: more than any policy has, and the table of their pairs stays small. */
const most = 2000;

/** What to take out of one text, and to put in, to make the other: the longest common lines stay. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [old, young] = [linesOf(before), linesOf(after)];
  if (old.length > most || young.length > most)
    return [...old.map((text) => line('-', text)), ...young.map((text) => line('+', text))];
  const width = young.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = young.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        old[i] === young[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < young.length) {
    const [was, is] = [old[i], young[j]];
    if (was !== undefined && was === is) {
      lines.push(line(' ', was));
      i += 1;
      j += 1;
    } else if (was !== undefined && (is === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(line('-', was));
      i += 1;
    } else {
      lines.push(line('+', is ?? ''));
      j += 1;
    }
  }
  return lines;
}

const linesOf = (text: string): readonly string[] => text.trimEnd().split('\n');
const line = (sign: DiffLine['sign'], text: string): DiffLine => ({ sign, text });
