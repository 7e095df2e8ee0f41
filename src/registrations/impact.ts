import { sql } from 'kysely';
import { z } from 'zod';
import { countLiveGrants } from '../storage/storage.ts';
import type { OpenedFor } from '../storage/storage.ts';
import { inForce } from './file.ts';
import type { RegistrationsNeeds } from './needs.ts';

export interface Impact {
  /** People who have something open, as far as we know them. */
  readonly people: number;
  /** Browsers in which a tool was opened for it: each is asked to sign out. */
  readonly sessions: number;
  /** What was given to tools and may still be used: each ends. */
  readonly grants: number;
  /** Names of the tools that have it. */
  readonly clients: readonly string[];
  /** There are more than were counted. */
  readonly more: boolean;
}

type Needs = Pick<RegistrationsNeeds, 'db' | 'snapshot' | 'clock'>;

/** Of all files of a lot together. */
const most = 20_000;

/**
 * Whom a decision concerns: people who signed in for the organization, and what their tools hold.
 *
 * @param services only their tools; undefined: all tools, that is everybody we know of the organization
 */
export const impactOn = (
  needs: Needs,
  siren: string | undefined,
  services?: readonly string[],
): Promise<Impact> =>
  counted(needs, siren === undefined ? [] : [{ sirens: [siren], clientIds: clientsOf(needs, services) }]);

const rightsSchema = z.array(z.object({ service: z.string(), sirens: z.string() }));
const sirensSchema = z.array(z.string());

/** Whom it concerns that every right of these files ends. */
export async function impactOfFiles(needs: Needs, ids: readonly string[]): Promise<Impact> {
  const { rows } = await sql`
    select service_id as service, json_agg(distinct siren)::text as sirens
    from registration_request join registration on registration.id = registration_id
    where siren is not null and state = any(${[...inForce]}::text[]) and registration.id = any(${[...ids]}::text[])
    group by service_id`.execute(needs.db);
  const open = rightsSchema.parse(rows).map(({ service, sirens }) => ({
    sirens: sirensSchema.parse(JSON.parse(sirens)),
    clientIds: clientsOf(needs, [service]),
  }));
  return counted(needs, open);
}

const clientsOf = ({ snapshot }: Needs, services: readonly string[] | undefined): readonly string[] =>
  [...snapshot().clients.values()]
    .filter(({ service }) => services === undefined || services.includes(service))
    .map(({ client_id: id }) => id);

async function counted({ db, clock }: Needs, open: readonly OpenedFor[]): Promise<Impact> {
  const { clientIds: clients, ...found } = await countLiveGrants(db, { open, now: clock(), most });
  return { ...found, clients, more: found.grants >= most };
}
