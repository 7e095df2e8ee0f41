import type { Kysely } from 'kysely';
import { markSeen, openFindings } from '../register/register.ts';
import type { OpenFinding } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { SeenFinding } from './act.ts';
import { approvalId } from './approval-id.ts';
import type { RegistrationFile } from './file.ts';

/** What the register says of a right of the file since it was decided. */
export interface RegisterFinding extends Omit<OpenFinding, 'approvalId'> {
  readonly service: string;
}

/** @param lock of `openFindings` */
export async function findingsUnder(
  db: Kysely<Database>,
  { id, requests }: Pick<RegistrationFile, 'id' | 'requests'>,
  lock?: 'wait',
): Promise<readonly RegisterFinding[]> {
  const services = new Map(requests.map(({ service }) => [approvalId(id, service), service]));
  const found = await openFindings(db, [...services.keys()], lock);
  return found.flatMap(({ approvalId: of, ...finding }) => {
    const service = services.get(of);
    return service === undefined ? [] : [{ service, ...finding }];
  });
}

/** What nobody has looked at yet. */
export const unseenOf = (findings: readonly RegisterFinding[]): readonly SeenFinding[] =>
  findings.filter(({ seen }) => !seen).map(({ service, reason, detail }) => ({ service, reason, detail }));

export const markFindingsSeen = (
  db: Kysely<Database>,
  id: string,
  findings: readonly SeenFinding[],
): Promise<void> =>
  markSeen(
    db,
    findings.map(({ service, ...finding }) => ({ approvalId: approvalId(id, service), ...finding })),
  );
