import { readFile } from 'node:fs/promises';

/** What Linux tells of processes and processors; zeros and undefined elsewhere. */

/** Peak of the resident memory of a process, in bytes. */
export async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

/**
 * Seconds of CPU that a process has had, itself or with the children that it has waited for (each connection of PostgreSQL
 * is one). Unlike time, it hardly depends on what else the machine does.
 */
export async function cpuSeconds(pid: number, of: 'itself' | 'children'): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // proc(5): utime and stime are fields 14 and 15, cutime and cstime 16 and 17, in hundredths; the name may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = of === 'itself' ? 11 : 13;
  return (Number(fields[at] ?? 0) + Number(fields[at + 1] ?? 0)) / 100;
}

/** Time of all processors since the start of the machine, in hundredths of seconds. */
export interface ProcessorTime {
  readonly all: number;
  readonly idle: number;
  /** Given to other machines of the same host. */
  readonly stolen: number;
}

export const processorTime = async (): Promise<ProcessorTime | undefined> =>
  processorTimeIn(await readFile('/proc/stat', 'utf8').catch(() => ''));

/** proc(5): user, nice, system, idle, iowait, irq, softirq, steal; what follows is in the first two already. */
function processorTimeIn(text: string): ProcessorTime | undefined {
  const line = /^cpu +(.*)$/m.exec(text)?.[1];
  if (line === undefined) return undefined;
  const times = line.split(' ').slice(0, 8).map(Number);
  const [, , , idle = 0, waiting = 0, , , stolen] = times;
  if (stolen === undefined) return undefined;
  return { all: times.reduce((sum, time) => sum + time, 0), idle: idle + waiting, stolen };
}

/** Empty where it cannot be told. A time is the machine's own only where little was stolen, and little was kept busy by others. */
export function sharesText(before: ProcessorTime | undefined, after: ProcessorTime | undefined): string {
  if (before === undefined || after === undefined || after.all === before.all) return '';
  const share = (part: keyof ProcessorTime): string =>
    `${Math.round((100 * (after[part] - before[part])) / (after.all - before.all))} %`;
  return `processors ${share('stolen')} stolen, ${share('idle')} idle`;
}
