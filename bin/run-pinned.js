import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { clearInterval, setInterval } from 'node:timers';
import { pinnedNode } from './install.js';

/** One Ctrl-C reaches us up to twice, from the terminal and from npm: within this time, in ms, it is the same one. */
const sameSignal = 1000;

/**
 * Runs the pinned Node in our place: same streams, same exit code. It has a process group of its own, so that each
 * signal comes through here and arrives once; the channel between us tells it when we are gone, however we went (so a
 * closed terminal ends both, and `nohup` neither).
 * @param {readonly string[]} args
 * @param {{ cwd?: string }} [options]
 */
export function runPinned(args, options = {}) {
  const child = spawn(pinnedNode, args, {
    ...options,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
  });
  let last = 0;
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      const now = Date.now();
      if (now - last >= sameSignal) child.kill(signal);
      last = now;
    });
  }
  // npm puts a shell between us, which dies of a signal without passing it on: its death is the signal then.
  const { ppid } = process;
  if (process.env.npm_lifecycle_event !== undefined) {
    const watch = setInterval(() => {
      if (process.ppid === ppid) return;
      clearInterval(watch);
      if (last === 0) child.kill('SIGTERM');
    }, 500);
  }
  child.on('error', (error) => {
    process.stderr.write(`maillon: ${pinnedNode} cannot be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    // 128 + n: what a shell says of a process that a signal ended.
    process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
  });
}
