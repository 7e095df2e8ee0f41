import { createServer } from 'node:net';
import { BrokerError } from '../errors/errors.ts';

/** A port that a command is about to take, and the variable that chooses it. */
export interface PortToTake {
  readonly variable: 'PORT' | 'ADMIN_PORT' | 'DEMO_IDP_PORT' | 'DEMO_TOOLS_PORT';
  readonly port: number;
}

/**
 * Fails before anything is touched when a port cannot be taken.
 * @throws BrokerError M-CONF-001, one sentence per port
 */
export async function requireFreePorts(ports: readonly PortToTake[]): Promise<void> {
  const problems: string[] = [];
  for (const [index, { variable, port }] of ports.entries()) {
    const twin = ports.slice(0, index).find((other) => other.port === port);
    const failure = twin === undefined ? await tryPort(port) : undefined;
    if (twin !== undefined)
      problems.push(
        `${variable} must differ from ${twin.variable} (both are ${port}). ${example(variable, port)}`,
      );
    else if (failure !== undefined) problems.push(portSentence(failure, { variable, port }));
  }
  if (problems.length > 0) throw new BrokerError('M-CONF-001', { detail: problems.join('\n') });
}

/** Wraps the failure of a server that took its port after all: somebody may have been faster. */
export async function naming<T>(ports: readonly PortToTake[], start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const code = codeOf(error);
    const port = error instanceof Error && 'port' in error ? error.port : undefined;
    const taken = ports.find((one) => one.port === port) ?? ports[0];
    if ((code !== 'EADDRINUSE' && code !== 'EACCES') || taken === undefined) throw error;
    throw new BrokerError('M-CONF-001', { detail: portSentence(code, taken), cause: error });
  }
}

function portSentence(code: string, { variable, port }: PortToTake): string {
  const why =
    code === 'EACCES'
      ? 'needs a privilege that this user does not have'
      : 'is already in use on this machine';
  return `Port ${port} ${why}. Stop what listens there, or choose another one: ${example(variable, port)}`;
}

const example = (variable: string, port: number): string =>
  `Example: ${variable}=${port > 65_000 ? 3100 : Math.max(port, 1024) + 100}.`;

function tryPort(port: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = codeOf(error);
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(code);
      else reject(error);
    });
    server.listen(port, () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
