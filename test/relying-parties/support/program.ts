import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Program {
  stop(): Promise<void>;
}

/** Starts a program of the guides as its own process. Resolves once it has written `Ready`. */
export async function startProgram(
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<Program> {
  const child = spawn(process.execPath, [file], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.removeListener('exit', kill));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`${file} ended at once (exit code ${String(code)})`));
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().startsWith('Ready')) resolve();
    });
  });
  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
