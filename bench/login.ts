/**
 * `npm run bench -- login`: what a whole brokered login costs the server, against a bare `oidc-provider` with its
 * in-memory store, measured in turns in the same run (machines are shared and noisy: only the ratio means something).
 * Bounded: a warm-up, then `rounds` rounds of `flows` logins on each, then it stops everything it started.
 */
import { freePort, startOwnPostgres, startRedis } from '../test/support/services.ts';
import { startChild } from './children.ts';
import type { Child } from './children.ts';
import { createFlow } from './flow.ts';
import type { Flow } from './flow.ts';

const rounds = 4;
const flows = 250;
const concurrency = 8;

const redis = await startRedis('bench login');
const postgres = await startOwnPostgres('bench login');
const [barePort, brokerPort, idpPort, toolsPort] = await Promise.all([
  freePort(),
  freePort(),
  freePort(),
  freePort(),
]);
const brokerIssuer = `http://localhost:${brokerPort}`;
const bareIssuer = `http://localhost:${barePort}`;

const children: Child[] = [];
const start = async (...args: Parameters<typeof startChild>): Promise<Child> => {
  const child = await startChild(...args);
  children.push(child);
  return child;
};

try {
  await start('./idp-process.ts', [String(idpPort)]);
  const bare = await start('./bare-provider.ts', [String(barePort)]);
  const broker = await start('./broker-process.ts', [], {
    ISSUER: brokerIssuer,
    PORT: String(brokerPort),
    DEMO_IDP_PORT: String(idpPort),
    DEMO_TOOLS_PORT: String(toolsPort),
    TRUSTED_PROXIES: '1',
    COOKIE_KEYS: 'cookie-key-of-the-bench-0123456789abcdef',
    ENCRYPTION_KEYS: 'encryption-key-of-the-bench-0123456789abcdef',
    ...(postgres === undefined ? {} : { DATABASE_URL: await postgres.createDatabase() }),
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    ...(process.env.BENCH_PROFILE === undefined ? {} : { BENCH_PROFILE: process.env.BENCH_PROFILE }),
  });
  const bareFlow = createFlow({
    issuer: bareIssuer,
    redirectUri: 'http://localhost:1/docs/callback',
    scope: 'openid email',
  });
  const brokerFlow = createFlow({
    issuer: brokerIssuer,
    redirectUri: `http://localhost:${toolsPort}/docs/callback`,
    scope: 'openid email given_name usual_name siret organization_type eligibility entitlements',
    email: 'agent@commune.example',
  });
  await Promise.all([load(bareFlow, 600), load(brokerFlow, 600)]);

  const ratios: number[] = [];
  let stores = { sql: 0, redisRoundTrips: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const bareCost = await measure(bare, bareFlow);
    const brokerCost = await measure(broker, brokerFlow);
    ratios.push(brokerCost.cpu / bareCost.cpu);
    stores = { sql: brokerCost.sql, redisRoundTrips: brokerCost.redisRoundTrips };
    print(
      `round ${round + 1}: bare ${bareCost.cpu.toFixed(2)} ms, broker ${brokerCost.cpu.toFixed(2)} ms of CPU a login (${brokerCost.system.toFixed(2)} in the system), ratio ${(brokerCost.cpu / bareCost.cpu).toFixed(2)}; broker ${brokerCost.perSecond.toFixed(0)} logins/s, ${brokerCost.rss.toFixed(0)} MB`,
    );
  }
  const ratio = ratios.toSorted((a, b) => a - b)[Math.floor((ratios.length - 1) / 2)] ?? Number.NaN;
  print(
    `stores: ${postgres === undefined ? 'PGlite' : 'PostgreSQL'}, ${redis === undefined ? 'in-process' : 'Redis'}`,
  );
  print(
    `store work of a login: ${stores.redisRoundTrips.toFixed(1)} Redis round trips (reach ≤ 12), ${stores.sql.toFixed(1)} SQL statements (reach ≤ 4)`,
  );
  print(
    `server CPU of a brokered login / bare oidc-provider: ${ratio.toFixed(2)} × (median of ${rounds}; reach ≤ 2.00 ×)`,
  );
  await Promise.all([bareFlow.close(), brokerFlow.close()]);
} finally {
  await Promise.all(children.map((child) => child.stop()));
  await redis?.stop();
  await postgres?.stop();
}

interface Cost {
  /** Milliseconds a login, those of the system included. */
  readonly cpu: number;
  readonly system: number;
  readonly sql: number;
  readonly redisRoundTrips: number;
  readonly perSecond: number;
  readonly rss: number;
}

async function measure(server: Child, flow: Flow): Promise<Cost> {
  const before = await server.usage();
  const startedAt = performance.now();
  await load(flow, flows);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await server.usage();
  const spent = (name: string) => ((after[name] ?? 0) - (before[name] ?? 0)) / flows;
  return {
    cpu: (spent('user') + spent('system')) / 1000,
    system: spent('system') / 1000,
    sql: spent('sql'),
    redisRoundTrips: spent('redisRoundTrips'),
    perSecond: flows / seconds,
    rss: (after.rss ?? 0) / 1e6,
  };
}

async function load(flow: Flow, count: number): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await flow.run();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
