/** Starts what the command line names, with the real environment, streams and signals. */
import { text as wholeText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { run } from './cli/cli.ts';
import { systemClock } from './config/config.ts';

const code = await run(process.argv.slice(2), {
  env: process.env,
  root: fileURLToPath(new URL('..', import.meta.url)),
  cwd: process.cwd(),
  clock: systemClock,
  print: (text) => process.stdout.write(`${text}\n`),
  printError: (text) => process.stderr.write(`${text}\n`),
  readInput: () => wholeText(process.stdin),
  // ECMA-48: back to the first column, erase the line.
  rewriteLine: process.stderr.isTTY ? (text) => process.stderr.write(`\r\u001B[2K${text}`) : undefined,
  onStopRequest: (listener) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, listener);
    // bin/maillon.js holds the other end: when it is killed, nobody is left to stop us.
    process.channel?.unref();
    process.on('disconnect', listener);
  },
  exitNow: (exitCode) => process.exit(exitCode),
});
process.exitCode = code;
// Whatever a library left open must not keep the process: the command is over.
setTimeout(() => process.exit(code), 2000).unref();
