import { startDemoIdp } from '../../demo/identity-provider/identity-provider.ts';
import { demoPeople } from '../../demo/people.ts';
import { demoToolDefinitions, startDemoTools } from '../../demo/tools/tools.ts';
import { startBroker } from '../broker.ts';
import { createLogger } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import type { DeclaredSet } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { migrate } from '../storage/storage.ts';
import { applyDeclared, readDeclared } from './apply.ts';
import { naming, requireFreePorts } from './ports.ts';
import type { PortToTake } from './ports.ts';
import { untilStopped } from './stopping.ts';
import { configOf, migrationsFolder } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { withStores } from './with-stores.ts';

interface Started {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Everything that `npm start` shows: tables, declarations, an identity provider, the broker and three tools. */
export async function demo(surroundings: Surroundings): Promise<void> {
  const { env, clock, print } = surroundings;
  if (env.NODE_ENV === 'production') {
    throw new BrokerError('M-CONF-001', {
      detail:
        'NODE_ENV must not be production for the demonstration, whose secrets are public. Use `maillon serve`.',
    });
  }
  const startedAt = clock().getTime();
  const config = configOf(surroundings);
  const ports: readonly PortToTake[] = [
    { variable: 'PORT', port: config.port },
    { variable: 'DEMO_IDP_PORT', port: config.demoIdpPort },
    { variable: 'DEMO_TOOLS_PORT', port: config.demoToolsPort },
  ];
  await requireFreePorts(ports);
  const declared = await readDeclared(surroundings, config, config.configDir);
  await withStores(surroundings, config, async (stores) => {
    await migrate(stores.db, migrationsFolder(surroundings));
    await applyDeclared(declared, { surroundings, config, stores });
  });

  // Quiet unless asked otherwise: the terminal is for the addresses below.
  const logger = createLogger({
    level: env.LOG_LEVEL === undefined || env.LOG_LEVEL === '' ? 'warn' : config.logLevel,
  });
  const issuer = config.issuer.origin + config.issuerPath;
  const running: Started[] = [];
  const closeAll = async () => {
    await Promise.all(running.map(({ close }) => close()));
  };
  try {
    await naming(ports, async () => {
      running.push(await startBroker({ config, logger, clock, clockIsReal: true }));
      running.push(await startDemoTools({ port: config.demoToolsPort, issuer }));
      running.push(...(await startIdentityProvider(config, declared)));
    });
  } catch (error) {
    await closeAll();
    throw error;
  }
  // It listens before it says so: whoever reads the last line may press Ctrl-C at once.
  const stopped = untilStopped(surroundings, closeAll);
  print(welcome(config, clock().getTime() - startedAt));
  await stopped;
}

/** The identity provider whose declared issuer is our port; another CONFIG_DIR may have none. */
async function startIdentityProvider(config: Config, declared: DeclaredSet): Promise<readonly Started[]> {
  const issuer = config.issuer.origin + config.issuerPath;
  const port = config.demoIdpPort;
  const idp = declared.identityProviders.find((one) => one.issuer === `http://localhost:${port}`);
  if (idp?.client_secret === undefined) return [];
  return [
    await startDemoIdp({
      port,
      name: idp.name,
      people: demoPeople,
      clients: [
        {
          client_id: idp.client_id,
          client_secret: idp.client_secret,
          client_name: 'Maillon',
          redirect_uris: [`${issuer}/callback/${idp.id}`],
          post_logout_redirect_uris: [`${issuer}/logout-callback`],
        },
      ],
    }),
  ];
}

function welcome(config: Config, milliseconds: number): string {
  const tools = demoToolDefinitions.map(({ id }) => `http://localhost:${config.demoToolsPort}/${id}/`);
  const width = Math.max(...demoPeople.map(({ email }) => email.length));
  return [
    `Maillon is ready (${(milliseconds / 1000).toFixed(1)} s). Open a tool and sign in:`,
    '',
    ...tools.map((url) => `  ${url}`),
    '',
    `  Broker:             ${config.issuer.origin}${config.issuerPath}/`,
    `  Identity provider:  http://localhost:${config.demoIdpPort}/`,
    '',
    'as one of these people, without password:',
    '',
    ...demoPeople.map(({ email, organization }) => `  ${email.padEnd(width)}  ${organization}`),
    '',
    `Ctrl-C stops everything. The data stay in ${config.dataDir}.`,
  ].join('\n');
}
