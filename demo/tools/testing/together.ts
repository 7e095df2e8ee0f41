import { expect } from 'vitest';
import { z } from 'zod';
import { createBrowser } from '../../../test/support/browser-session.ts';
import type { Browser, Page } from '../../../test/support/browser-session.ts';
import { startDemoIdp } from '../../identity-provider/identity-provider.ts';
import { listen } from '../../listen.ts';
import { demoPeople } from '../../people.ts';
import { demoToolDefinitions, startDemoTools } from '../tools.ts';

const sessionSchema = z.object({
  client_id: z.string(),
  issuer: z.string(),
  signed_in: z.boolean(),
  id_token: z.record(z.string(), z.unknown()).optional(),
  userinfo: z.record(z.string(), z.unknown()).optional(),
  tokens: z
    .object({
      has_refresh_token: z.boolean(),
      refreshed_by: z.string().optional(),
      id_token_header: z.object({ alg: z.string() }),
      userinfo_format: z.string(),
      expires_at: z.number(),
    })
    .optional(),
  error: z
    .object({ error: z.string(), error_description: z.string().optional(), from: z.string() })
    .optional(),
});

/** A free port: each side has to know the other's address before it starts. */
export const freePort = async (): Promise<number> => {
  const { port, close } = await listen(() => undefined, 'localhost', 0);
  await close();
  return port;
};

/** The tools, with the demo identity provider in the place of the broker: fewer claims, the same protocol. */
export const startTogether = async () => {
  const idpPort = await freePort();
  const tools = await startDemoTools({ port: 0, issuer: `http://localhost:${idpPort}` });
  const idp = await startDemoIdp({
    port: idpPort,
    name: 'Identité d’essai',
    people: demoPeople,
    clients: demoToolDefinitions.map((tool) => ({
      client_id: tool.id,
      client_secret: tool.secret,
      client_name: tool.name,
      redirect_uris: [`${tools.url}/${tool.id}/callback`],
      post_logout_redirect_uris: [`${tools.url}/${tool.id}/logout-callback`],
      refresh_tokens: tool.id === 'tchap',
      ...(tool.id === 'visio' && { userinfo_signed_response_alg: 'ES256' as const }),
    })),
  });
  let browsers: Browser[] = [];
  return {
    tools,
    idp,
    newBrowser: (): Browser => {
      const browser = createBrowser();
      browsers.push(browser);
      return browser;
    },
    signIn: async (browser: Browser, tool: string, person: string, query = ''): Promise<Page> => {
      const list = await browser.get(`${tools.url}/${tool}/login${query}`);
      expect(new URL(list.url).origin).toBe(idp.url);
      return browser.submitForm(list, { person });
    },
    session: async (browser: Browser, tool: string) => {
      const page = await browser.get(`${tools.url}/${tool}/session.json`);
      return { status: page.status, body: sessionSchema.parse(JSON.parse(page.body)), raw: page.body };
    },
    close: async (): Promise<void> => {
      await Promise.all(browsers.map((browser) => browser.close()));
      browsers = [];
      await tools.close();
      await idp.close();
    },
  };
};
