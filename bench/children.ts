import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A server of the bench in a process of its own, so that its CPU time is its own. */
export interface Child {
  /** CPU time since its start, in microseconds, and whatever else it counts. */
  usage(): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

export async function startChild(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [...args], {
    env: { ...process.env, NODE_ENV: 'test', ...environment },
    execArgv:
      environment.BENCH_PROFILE === undefined
        ? ['--max-semi-space-size=8']
        : ['--cpu-prof', `--cpu-prof-dir=${environment.BENCH_PROFILE}`],
    stdio: ['ignore', 'ignore', process.env.BENCH_VERBOSE === undefined ? 'ignore' : 'inherit', 'ipc'],
  });
  await nextMessage(child);
  return {
    usage: async () => {
      const answer = nextMessage(child);
      child.send('cpu');
      return numbers(await answer);
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.send('stop');
        setTimeout(() => child.kill('SIGKILL'), 5000).unref();
      }),
  };
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`a server of the bench ended early (${String(code)})`));
    child.once('exit', ended);
    child.once('message', (message: unknown) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}

function numbers(message: unknown): Readonly<Record<string, number>> {
  if (typeof message !== 'object' || message === null) throw new Error('unexpected answer of a server');
  return Object.fromEntries(Object.entries(message).filter(([, value]) => typeof value === 'number'));
}
