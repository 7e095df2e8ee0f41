import type { Kysely, Transaction } from 'kysely';
import { storedClientSchema } from '../declarations/declarations.ts';
import type { Client } from '../declarations/declarations.ts';
import { endGrantsOfClient } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';
import { tokenDigest } from './bearer.ts';
import { takeUse } from './initial-access-tokens.ts';

export interface RegisteredClient {
  readonly client: Client;
  /** The most that it may ask for. */
  readonly scope: string;
  readonly registeredAt: Date;
}

/**
 * Keeps a new client, and takes one use of the token that allowed it: both or neither.
 * @returns whether the token had a use left
 */
export function addClient(
  db: Kysely<Database>,
  { client, scope, registeredAt }: RegisteredClient,
  tokens: { readonly initial: string; readonly registration: string },
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    if (!(await takeUse(transaction, tokens.initial, registeredAt))) return false;
    await transaction
      .insertInto('registered_client')
      .values({
        client_id: client.client_id,
        document: JSON.stringify(client),
        token_sha256: tokenDigest(tokens.registration),
        scope,
        created_at: registeredAt,
        updated_at: registeredAt,
      })
      .execute();
    await raiseRevision(transaction);
    return true;
  });
}

/** The client that this registration access token stands for, if it has this id (RFC 7592 §2). */
export async function findClient(
  db: Kysely<Database>,
  clientId: string,
  token: string,
): Promise<RegisteredClient | undefined> {
  const row = await db
    .selectFrom('registered_client')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('token_sha256', '=', tokenDigest(token))
    .executeTakeFirst();
  return row && readRow(row);
}

/**
 * Replaces the document of a client. Nobody else changes it meanwhile.
 * @param change what throws leaves everything as it was
 * @returns what is there now; undefined when this token stands for no client of this id (any more)
 */
export function changeClient(
  db: Kysely<Database>,
  { clientId, token, now }: { readonly clientId: string; readonly token: string; readonly now: Date },
  change: (registered: RegisteredClient) => Promise<Client>,
): Promise<RegisteredClient | undefined> {
  return db.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('registered_client')
      .selectAll()
      .where('client_id', '=', clientId)
      .where('token_sha256', '=', tokenDigest(token))
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const registered = readRow(row);
    const client = await change(registered);
    const document = JSON.stringify(client);
    // Processes read everything again at each revision: saying the same twice costs them nothing.
    if (document !== row.document) {
      await transaction
        .updateTable('registered_client')
        .set({ document, updated_at: now })
        .where('client_id', '=', clientId)
        .execute();
      await raiseRevision(transaction);
    }
    return { ...registered, client };
  });
}

/**
 * Forgets a client, with all that people granted it (RFC 7592 §2.3).
 * @param token undefined: an operator removes it, who needs none
 * @returns whether it was there
 */
export function removeClient(
  db: Kysely<Database>,
  { clientId, token, now }: { readonly clientId: string; readonly token?: string; readonly now: Date },
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    let query = transaction.deleteFrom('registered_client').where('client_id', '=', clientId);
    if (token !== undefined) query = query.where('token_sha256', '=', tokenDigest(token));
    const removed = await query.returning('client_id').executeTakeFirst();
    if (removed === undefined) return false;
    await endGrantsOfClient(transaction, clientId, now);
    await transaction.deleteFrom('client_secret_use').where('client_id', '=', clientId).execute();
    await raiseRevision(transaction);
    return true;
  });
}

/** Every client that registered itself, the oldest first. */
export async function registeredClients(db: Kysely<Database>): Promise<readonly RegisteredClient[]> {
  const rows = await db
    .selectFrom('registered_client')
    .selectAll()
    .orderBy('created_at')
    .orderBy('client_id')
    .execute();
  return rows.map(readRow);
}

interface Row {
  readonly document: string;
  readonly scope: string;
  readonly created_at: Date;
}

const readRow = ({ document, scope, created_at: registeredAt }: Row): RegisteredClient => ({
  client: storedClientSchema.parse(JSON.parse(document)),
  scope,
  registeredAt,
});

/** Every process looks at it (declarations/running.ts). */
async function raiseRevision(transaction: Transaction<Database>): Promise<void> {
  await transaction
    .updateTable('declared_revision')
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .execute();
}
