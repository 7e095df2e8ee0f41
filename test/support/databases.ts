/** Databases on a PostgreSQL server of the tests, most often the one that all files of a run share. */
import pg from 'pg';

/** Where the server that the files of a run share listens (shared-postgres.ts): `127.0.0.1:port`, or empty when there is none. */
export const sharedPostgresVariable = 'MAILLON_TEST_POSTGRES';

export const databaseAt = (server: string, database: string): string =>
  `postgres://maillon:not-a-secret@${server}/${database}`;

/** Names of databases on the shared server: by process, and by number within it. */
let databasesHere = 0;

export async function createDatabaseAt(server: string, template = 'template1'): Promise<string> {
  databasesHere += 1;
  const name = `test_${process.pid}_${databasesHere}`;
  await query(databaseAt(server, 'postgres'), `create database ${name} template ${template}`);
  return databaseAt(server, name);
}

/**
 * A new database of the shared PostgreSQL with every migration applied; undefined when no server is shared.
 *
 * @param name of the migrations: another name as soon as one of them changes
 * @param prepare applies them to an empty database
 */
export async function copyOfPreparedDatabase(
  name: string,
  prepare: (databaseUrl: string) => Promise<void>,
): Promise<string | undefined> {
  const server = process.env[sharedPostgresVariable];
  if (server === undefined || server === '') return undefined;
  const client = new pg.Client({ connectionString: databaseAt(server, 'postgres') });
  await client.connect();
  try {
    // Whoever comes first prepares, and the others wait. A database that was not finished bears another name.
    await client.query('select pg_advisory_lock(1)');
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) {
      const draft = await createDatabaseAt(server);
      await prepare(draft);
      await client.query(`alter database ${new URL(draft).pathname.slice(1)} rename to ${name}`);
    }
    await client.query('select pg_advisory_unlock(1)');
  } finally {
    await client.end();
  }
  return createDatabaseAt(server, name);
}

export async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
