/**
 * A person in front of a browser of their own, who goes through tools, broker and identity provider as people do: types
 * an address, picks themselves at the demo identity provider, reads pages. Stops wherever a choice has to be made.
 */
import { expect } from 'vitest';
import { z } from 'zod';
import { demoPeople } from '../../demo/people.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page, VisitOptions } from '../support/browser-session.ts';
import type {
  Attempt,
  DemoToolId,
  Parameters,
  ToolAnswer,
  ToolClient,
  Tokens,
} from '../support/tool-client.ts';
import type { World } from '../support/world.ts';

/** Addresses of the demonstration, by the names that the journeys use. */
export const people = {
  state: 'agent@etat.example',
  commune: 'agent@commune.example',
  elected: 'elu@commune.example',
  approved: 'membre@amd-fictif.example',
  association: 'membre@asso.example',
  operator: 'operateur@operateur.example',
} as const;
export type Email = (typeof people)[keyof typeof people];

const aString: unknown = expect.any(String);
/** Equal to the answer that lets somebody in. */
export const aCode = { code: aString };

/** What a demo tool says of this browser, at `session.json`. */
const sessionSchema = z.object({
  signed_in: z.boolean(),
  id_token: z.record(z.string(), z.unknown()).optional(),
  userinfo: z.record(z.string(), z.unknown()).optional(),
  tokens: z.looseObject({ userinfo_format: z.enum(['json', 'jwt']) }).optional(),
  error: z.looseObject({ error: z.string(), error_description: z.string().optional() }).optional(),
});
export type ToolSession = z.output<typeof sessionSchema>;

export interface Visitor {
  readonly browser: Browser;
  /** Opens a demo tool by its « Se connecter »; no page of the way is answered. */
  open(tool: DemoToolId, wishes?: Parameters): Promise<Page>;
  /** Types the address and picks the person, for as long as these are what is asked. */
  identify(page: Page, email: Email, options?: VisitOptions): Promise<Page>;
  /** Both. */
  signIn(tool: DemoToolId, email: Email, wishes?: Parameters): Promise<Page>;
  /** On the page « as whom? ». */
  choose(page: Page, siret: string, options?: VisitOptions): Promise<Page>;
  session(tool: DemoToolId): Promise<ToolSession>;
  /** Follows a request of a tool client to its end, or to the page that stops it. */
  follow(tool: ToolClient, attempt: Attempt): Promise<Page>;
  /** The answer to a request for which nothing is asked. */
  ask(tool: ToolClient, parameters?: Parameters): Promise<ToolAnswer>;
  /** The tokens of a sign-in, with the chosen organization when there is a choice. */
  enter(tool: ToolClient, email: Email, parameters?: Parameters, siret?: string): Promise<Tokens>;
}

export function createVisitor(world: Pick<World, 'issuer' | 'tools' | 'idp'>): Visitor {
  const browser = createBrowser();
  const { issuer, tools, idp } = world;

  const visitor: Visitor = {
    browser,
    open: (tool, wishes = {}) => {
      const url = new URL(`${tools}/${tool}/login`);
      for (const [name, value] of Object.entries(wishes))
        if (value !== undefined) url.searchParams.set(name, value);
      return browser.get(url.href);
    },
    identify: async (page, email, options = {}) => {
      const { sub } = demoPeople.find((person) => person.email === email) ?? {};
      let current = page;
      if (isEmailPage(current, issuer)) current = await browser.submitForm(current, { email }, options);
      if (current.location === undefined && current.url.startsWith(`${idp}/interaction/`))
        current = await browser.submitForm(current, { person: sub ?? '' }, options);
      return current;
    },
    signIn: async (tool, email, wishes) => visitor.identify(await visitor.open(tool, wishes), email),
    choose: (page, siret, options = {}) => browser.submitForm(page, { siret }, options),
    session: async (tool) =>
      sessionSchema.parse(JSON.parse((await browser.get(`${tools}/${tool}/session.json`)).body)),
    follow: (tool, { url }) => browser.get(url, { redirects: tool.isCallback }),
    ask: async (tool, parameters) => {
      const attempt = tool.attempt(parameters);
      return tool.answer(attempt, await visitor.follow(tool, attempt));
    },
    enter: async (tool, email, parameters, siret) => {
      const attempt = tool.attempt(parameters);
      const options = { redirects: tool.isCallback };
      const page = await visitor.identify(await visitor.follow(tool, attempt), email, options);
      const end = siret === undefined ? page : await visitor.choose(page, siret, options);
      return tool.tokens(attempt, tool.answer(attempt, end));
    },
  };
  return visitor;
}

const isEmailPage = ({ url, location, body }: Page, issuer: string): boolean =>
  location === undefined && url.startsWith(`${issuer}/interaction/`) && body.includes('name="email"');
