import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { createApprovals } from './approvals.ts';
import type { Approvals, ApprovalsOptions } from './approvals.ts';

const row = {
  id: 'amd-docs',
  siren: '000000109',
  service_id: 'docs',
  level: 'member',
  ground: 'members_all_public_law',
  starts_on: '2026-01-01',
  ends_on: '2028-12-31',
  status: 'active',
  lapses: true,
  decided_by: JSON.stringify({ given_name: 'A', usual_name: 'B', capacity: 'C', organization: 'DINUM' }),
};

/** A database whose answer is what the test says, and which counts its statements. */
class ScriptedDriver extends DummyDriver {
  readonly asked: unknown[] = [];
  answer: () => Promise<unknown[]> = async () => [row];

  override async acquireConnection(): Promise<DatabaseConnection> {
    const rows = async (query: CompiledQuery): Promise<unknown[]> => {
      this.asked.push(query.parameters[0]);
      return this.answer();
    };
    return {
      async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
        return { rows: z.array(z.custom<R>()).parse(await rows(query)) };
      },
      streamQuery() {
        throw new Error('not used');
      },
    };
  }
}

function setUp(options: Partial<ApprovalsOptions> = {}): {
  driver: ScriptedDriver;
  approvals: Approvals;
  advance: (ms: number) => void;
} {
  const driver = new ScriptedDriver();
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  let time = Date.parse('2026-11-22T10:00:00Z');
  return {
    driver,
    approvals: createApprovals({ db, clock: () => new Date(time), ...options }),
    advance: (ms) => {
      time += ms;
    },
  };
}

describe('the approvals of an organization', () => {
  it('come as they were decided, with the operator', async () => {
    expect(await setUp().approvals.forSiren('000000109')).toEqual([
      {
        id: 'amd-docs',
        siren: '000000109',
        service: 'docs',
        level: 'member',
        ground: 'members_all_public_law',
        startsOn: '2026-01-01',
        endsOn: '2028-12-31',
        status: 'active',
        lapses: true,
        operator: 'DINUM',
      },
    ]);
  });

  it('are read again once somebody says that they have changed, even while the former answer is under way', async () => {
    const { driver, approvals } = setUp();
    const before = Promise.withResolvers<unknown[]>();
    driver.answer = () => before.promise;
    const asked = approvals.forSiren('000000109');
    await new Promise((resolve) => setImmediate(resolve));
    approvals.forget('000000109');
    driver.answer = async () => [{ ...row, status: 'suspended' }];
    expect((await approvals.forSiren('000000109'))[0]?.status).toBe('suspended');
    before.resolve([row]);
    expect((await asked)[0]?.status).toBe('active');
    expect((await approvals.forSiren('000000109'))[0]?.status).toBe('suspended');
    expect(driver.asked).toHaveLength(2);
  });

  it('cost one statement for 50 at once, and one more after the TTL', async () => {
    const { driver, approvals, advance } = setUp();
    await Promise.all(Array.from({ length: 50 }, () => approvals.forSiren('000000109')));
    advance(29_999);
    await approvals.forSiren('000000109');
    expect(driver.asked).toEqual(['000000109']);
    driver.answer = async () => [{ ...row, status: 'suspended' }];
    advance(1);
    expect((await approvals.forSiren('000000109'))[0]?.status).toBe('suspended');
    expect(driver.asked).toHaveLength(2);
  });

  it('are never believed longer than 30 seconds', async () => {
    const { driver, approvals, advance } = setUp({ ttlMs: 3_600_000 });
    await approvals.forSiren('000000109');
    advance(30_000);
    await approvals.forSiren('000000109');
    expect(driver.asked).toHaveLength(2);
  });

  it('are asked again after an error', async () => {
    const { driver, approvals } = setUp();
    driver.answer = async () => {
      throw new Error('connection lost');
    };
    await expect(approvals.forSiren('000000109')).rejects.toThrow('connection lost');
    driver.answer = async () => [];
    expect(await approvals.forSiren('000000109')).toEqual([]);
  });

  it('are refused when the database holds what we do not know', async () => {
    const { driver, approvals } = setUp();
    driver.answer = async () => [{ ...row, ground: 'habit' }];
    await expect(approvals.forSiren('000000109')).rejects.toThrow(z.ZodError);
  });

  it('are kept for a bounded number of organizations, the oldest going first', async () => {
    const { driver, approvals } = setUp({ maximum: 2 });
    for (const siren of ['1', '2', '3', '3', '2', '1']) await approvals.forSiren(siren);
    expect(driver.asked).toEqual(['1', '2', '3', '1']);
  });
});
