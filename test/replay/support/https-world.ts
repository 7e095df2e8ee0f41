/**
 * The broker as it stands behind a proxy that ends TLS: an https issuer with a path, called over loopback http with the
 * Host of the issuer. A cookie jar keeps what a browser would keep at the public address.
 */
import { rm } from 'node:fs/promises';
import { pino } from 'pino';
import { CookieJar } from 'tough-cookie';
import { demoPeople } from '../../../demo/people.ts';
import { startDemoIdp } from '../../../demo/identity-provider/identity-provider.ts';
import { startBroker } from '../../../src/broker.ts';
import { createSeal, loadConfig } from '../../../src/config/config.ts';
import {
  applyDeclarations,
  idpSecretPurpose,
  loadDeclarations,
} from '../../../src/declarations/declarations.ts';
import { migrate, openStores } from '../../../src/storage/storage.ts';
import { newMigratedDataDir } from '../../support/migrated-data-dir.ts';
import { freePort } from '../../support/services.ts';
import { send } from './relying-party.ts';
import type { Answer, Send } from './relying-party.ts';

export interface HttpsWorld {
  readonly issuer: string;
  /** Where the proxy would connect. */
  readonly port: number;
  readonly tools: string;
  /** Asks a public address as a browser would, cookies kept, no redirect followed. */
  visit(url: string, options?: Send): Promise<Answer>;
  /** Every `Set-Cookie` so far, as it was sent. */
  readonly setCookies: readonly string[];
  close(): Promise<void>;
}

export async function startHttpsWorld(issuer: string): Promise<HttpsWorld> {
  const clock = () => new Date();
  const dataDir = await newMigratedDataDir();
  const [port, idpPort, toolsPort] = [await freePort(), await freePort(), await freePort()];
  const environment = {
    ISSUER: issuer,
    PORT: String(port),
    DEMO_IDP_PORT: String(idpPort),
    DEMO_TOOLS_PORT: String(toolsPort),
    DATA_DIR: dataDir,
    COOKIE_KEYS: 'cookie-key-of-the-tests-0123456789abcdef',
    ENCRYPTION_KEYS: 'encryption-key-of-the-tests-0123456789abcdef',
  };
  const config = loadConfig(environment, process.cwd());
  const stores = await openStores({ ...config, clock });
  await migrate(stores, 'migrations');
  await applyDeclarations(
    await loadDeclarations('config/demo', { variables: environment, production: false }),
    {
      db: stores.db,
      seal: createSeal(config.encryptionKeys, idpSecretPurpose),
      clock,
    },
  );
  await stores.close();
  const broker = await startBroker({ config, logger: pino({ level: 'silent' }), clock });
  const idp = await startDemoIdp({
    port: idpPort,
    name: 'Fournisseur d’identité de démonstration',
    people: demoPeople,
    clients: [
      {
        client_id: 'maillon',
        client_secret: 'maillon-demo-secret-not-for-production-0123456789',
        redirect_uris: [`${issuer}/callback/demo`],
      },
    ],
  });

  const jar = new CookieJar();
  const setCookies: string[] = [];
  return {
    issuer,
    port,
    tools: `http://localhost:${toolsPort}`,
    setCookies,
    async visit(address, options = {}) {
      const url = new URL(address);
      const cookie = await jar.getCookieString(url.href);
      const answer = await send(`http://127.0.0.1:${port}${url.pathname}${url.search}`, {
        ...options,
        headers: {
          host: url.host,
          accept: 'text/html',
          ...(cookie === '' ? {} : { cookie }),
          ...options.headers,
        },
      });
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
        setCookies.push(line);
        // Throws where a browser would drop the cookie: a prefix that is not kept, another host, Secure without TLS.
        await jar.setCookie(line, url.href);
      }
      return answer;
    },
    async close() {
      await idp.close();
      await broker.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
