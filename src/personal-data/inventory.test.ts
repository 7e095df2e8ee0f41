import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { openStores } from '../storage/storage.ts';
import { ofNobody } from './columns-of-nobody.ts';
import { inventory, parts } from './inventory.ts';
import { factNames } from './item.ts';

/** What cannot hold a name, an address or the number of an account. */
const numbers = ['timestamp with time zone', 'date', 'integer', 'bigint', 'boolean', 'xid8'];
const rowsSchema = z.array(z.object({ column: z.string() }));

test('every column that can hold text is in the list: it holds something of somebody, or is known not to', async () => {
  const dataDir = await newMigratedDataDir();
  const stores = await openStores({ dataDir, clock: () => new Date() });
  const { rows } = await sql`
    select table_name || '.' || column_name as column from information_schema.columns
    where table_schema = 'public' and table_name <> 'schema_migration' and data_type <> all(${numbers}::text[])
    order by 1`.execute(stores.db);
  await stores.close();
  await rm(dataDir, { recursive: true, force: true });
  const there = rowsSchema.parse(rows).map(({ column }) => column);
  const flat = (columns: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(columns).flatMap(([table, names]) => names.map((name) => `${table}.${name}`));
  const held = new Set(parts.flatMap((part) => flat(inventory[part].columns)));
  const nobody = flat(ofNobody);
  expect(there.filter((column) => !held.has(column) && !nobody.includes(column))).toEqual([]);
  expect([...held, ...nobody].filter((column) => !there.includes(column))).toEqual([]);
  expect(nobody.filter((column) => held.has(column))).toEqual([]);
  // Whatever the list calls it, what is named so leads to somebody.
  expect(
    nobody.filter((column) => /account|e?mail$|recipient|address|sponsor_(?!siret|org)/u.test(column)),
  ).toEqual([]);
}, 60_000);

test('each part says on what it rests, and has its words', () => {
  const words = z
    .object({
      data: z.object({
        part: z.record(z.string(), z.object({ title: z.string(), why: z.string(), until: z.string() })),
        fact: z.record(z.string(), z.string()),
      }),
    })
    .parse(JSON.parse(readFileSync('locales/fr.data.json', 'utf8'))).data;
  expect(Object.keys(words.part).toSorted()).toEqual([...parts].toSorted());
  expect(Object.keys(words.fact).toSorted()).toEqual([...factNames].toSorted());
  for (const part of parts) expect(inventory[part].basis.join()).toMatch(/RGPD/u);
});
