import type { Kysely } from 'kysely';
import type { AuditActor } from '../audit/audit.ts';
import type { Clock } from '../config/config.ts';
import type { Operator, Snapshot } from '../declarations/declarations.ts';
import type { Approval } from '../eligibility/eligibility.ts';
import type { Author } from '../organizations/organizations.ts';
import type { CorrectableFact, Correcting, ForeseenCorrection } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';

export interface CorrectionsNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly randomId: () => string;
  /** Policies, services, identity providers. */
  readonly snapshot: () => Snapshot;
  /** What a correction would make of the organization; nothing is written. */
  readonly foresee: (
    db: Kysely<Database>,
    asked: Correcting & { readonly value?: unknown },
  ) => Promise<ForeseenCorrection>;
  /** What a fact is now, and who says so. */
  readonly factNow: (
    organization: string,
    fact: CorrectableFact,
  ) => Promise<Pick<ForeseenCorrection, 'value' | 'source'>>;
  readonly approvals: (siren: string) => Promise<readonly Approval[]>;
  /** Who may decide on exceptions of this organization today: role, delegation, perimeter. */
  readonly inCharge: (organization: string) => Promise<readonly Operator[]>;
  /** After the commit of what changed facts: what was issued under rights that are gone ends. */
  readonly onFactsChanged: (siren: string) => Promise<unknown>;
  /** After every commit that may have queued mails. */
  readonly onCommit: () => void;
  /** Address of the console, for mails. */
  readonly consoleHref: string;
}

/** Whoever acts in the console: as the record names them, and as they are declared. */
export interface CorrectorAtWork {
  readonly actor: Extract<AuditActor, { kind: 'operator' }>;
  readonly operator: Operator;
}

/** Whoever keeps the server, and who they say decided. */
export interface CorrectorOnTheServer {
  readonly actor: Extract<AuditActor, { kind: 'command_line' }>;
  readonly author: Author;
}
export type Corrector = CorrectorAtWork | CorrectorOnTheServer;

export const authorOf = (by: Corrector): Author =>
  'author' in by
    ? by.author
    : {
        given_name: by.operator.given_name,
        usual_name: by.operator.usual_name,
        capacity: by.operator.capacity,
        organization: by.operator.organization,
      };
