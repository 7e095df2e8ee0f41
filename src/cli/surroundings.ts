import { resolve } from 'node:path';
import { loadConfig } from '../config/config.ts';
import type { Clock, Config } from '../config/config.ts';

/** Everything that a command touches outside of its arguments. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The project folder: certs/, var/, config/, migrations/. */
  readonly root: string;
  /** Where the person stands: what `apply DIR` is relative to. */
  readonly cwd: string;
  readonly clock: Clock;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** Standard input, to its end. */
  readonly readInput: () => Promise<string>;
  /** Only on a terminal: shows a text in place of the one it showed before; '' takes it away. */
  readonly rewriteLine?: ((text: string) => void) | undefined;
  /** Calls back each time that somebody asks to stop: a signal, or the end of the parent process. */
  readonly onStopRequest: (listener: () => void) => void;
  /** Leaves at once, whatever is going on. */
  readonly exitNow: (code: number) => void;
}

export const configOf = ({ env, root }: Surroundings): Config => loadConfig(env, root);

export const migrationsFolder = ({ root }: Surroundings): string => resolve(root, 'migrations');

/** What `${NAME}` means in declarations: the environment, and the defaults of the addresses that it leaves out. */
export function declarationVariables(
  { env }: Surroundings,
  config: Config,
): Readonly<Record<string, string | undefined>> {
  return {
    ...env,
    ISSUER: config.issuer.origin + config.issuerPath,
    PORT: String(config.port),
    DEMO_IDP_PORT: String(config.demoIdpPort),
    DEMO_TOOLS_PORT: String(config.demoToolsPort),
  };
}
