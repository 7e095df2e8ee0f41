import { userInfo } from 'node:os';
import type { AuditActor } from '../audit/audit.ts';
import type { Author } from '../organizations/organizations.ts';
import type { Surroundings } from './surroundings.ts';

export type CommandLineActor = Extract<AuditActor, { kind: 'command_line' }>;

/** Who the record says typed a command: the name on this machine, that of whoever called `sudo` before all. */
export function commandLineActor({ env }: Surroundings, author?: Author): CommandLineActor {
  const user = env['SUDO_USER'] ?? userName();
  return {
    kind: 'command_line',
    ...(user !== undefined && user !== '' && { user }),
    ...(author !== undefined && { author }),
  };
}

/** A container may run as a user that has no name. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
