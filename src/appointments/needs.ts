import type { Kysely } from 'kysely';
import type { AuditActor } from '../audit/audit.ts';
import type { Clock, Logger } from '../config/config.ts';
import type { Operator } from '../declarations/declarations.ts';
import type { Database } from '../storage/storage.ts';

export interface AppointmentsNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
  readonly randomId: () => string;
  /** Whether somebody keeps the operators on this civil day of Paris. */
  readonly manages: (operator: Operator, today: string) => boolean;
  /** Lets go of the files that somebody removed still holds. */
  readonly letGo: (operatorId: string, actor: OperatorAtWork['actor']) => Promise<void>;
  /** After the commit of what changes who is an operator: this process reads it at once, the others at their next poll. */
  readonly readAgain: () => Promise<void>;
  /** After every commit that may have queued mails. */
  readonly onCommit: () => void;
  /** Address of the console, for mails. */
  readonly consoleHref: string;
}

/** Whoever acts: as the record names them, and as they are declared. */
export interface OperatorAtWork {
  readonly actor: Extract<AuditActor, { kind: 'operator' }> & { readonly sirens: string[] };
  readonly operator: Operator;
}
