import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import { builtInId, keptOperators } from '../declarations/declarations.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import { membershipSchema, signInSchema } from '../identity/identity.ts';
import type { AccessOf } from '../provider/provider.ts';
import { liveGrantsOf } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';

export interface MfaNeeds {
  readonly db: Kysely<Database>;
  readonly snapshot: () => Snapshot;
  readonly accessOf: AccessOf;
  readonly clock: Clock;
}

const snapshotSchema = z.object({ signIn: signInSchema, membership: membershipSchema });

/** Grants looked at: one that lasts is one of a tool used lately. */
const most = 100;

/**
 * Whether a second factor has to stay. Who is an operator enters the console with two; and for each tool that is open the
 * one function that decides is asked again, as if the mailbox alone had been proven: where it then asks for more, the
 * second factor is what opened the tool. What an outage leaves unknown keeps it.
 */
export async function mfaRequired(
  { accountId, idp, subject }: { readonly accountId: string; readonly idp: string; readonly subject: string },
  { db, snapshot, accessOf, clock }: MfaNeeds,
): Promise<boolean> {
  const operators = (await keptOperators(db)).map(({ operator }) => operator);
  if (operators.some((one) => one.idp === idp && one.subject === subject)) return true;
  const clients = snapshot().clients;
  const clientIds = [...clients.keys()].filter((id) => id !== builtInId);
  const grants = await liveGrantsOf(db, { accountId, clientIds, now: clock(), after: '', limit: most });
  for (const grant of grants) {
    const client = clients.get(grant.clientId);
    const read = snapshotSchema.safeParse(JSON.parse(grant.snapshot));
    if (client === undefined || !read.success) continue;
    const { signIn, membership } = read.data;
    const weaker = { ...signIn, acr: 'eidas1', amr: ['mail'] };
    const [now, alone] = await Promise.all([
      accessOf(undefined, { client, signIn, membership }),
      accessOf(undefined, { client, signIn: weaker, membership }),
    ]);
    if (now.decision.decision === 'allow' && alone.decision.decision !== 'allow') return true;
  }
  return false;
}
