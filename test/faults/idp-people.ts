/** Identity providers for the fault runs, each on a server of its own, and people who sign in with them. */
import { startMutatingIdp } from '../support/mutating-idp.ts';
import type { MutatingIdp } from '../support/mutating-idp.ts';
import { createBrowser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World, WorldOptions } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { shownCode } from '../replay/support/pages.ts';
import { authorizationRequest, demoTool, toolAnswer, untilTool } from '../replay/support/relying-party.ts';
import { secondRecord } from '../replay/support/second-idp.ts';

const clientSecret = 'second-secret-of-the-replay-tests-0123456789';

export interface FaultyIdps<Name extends string> {
  readonly world: World;
  readonly idp: (name: Name) => MutatingIdp;
  close(): Promise<void>;
}

/** @param names each is an identity provider for `<name>.example` */
export async function startFaultyIdps<Name extends string>(
  names: readonly Name[],
  options: Pick<WorldOptions, 'watching' | 'environment'> & {
    /** Of the record of each. */
    readonly changes?: (name: Name) => Readonly<Record<string, unknown>>;
  } = {},
): Promise<FaultyIdps<Name>> {
  const { changes = () => ({}), ...ofWorld } = options;
  const started = await Promise.all(
    names.map(async (name) => {
      const person = {
        sub: `agent-${name}`,
        claims: {
          given_name: 'Inès',
          usual_name: 'Marrec',
          email: `agent@${name}.example`,
          siret: '21440109300015',
        },
      };
      return [name, await startMutatingIdp({ clientId: 'maillon', clientSecret, person })] as const;
    }),
  );
  const { dir, remove } = await demoAnd({
    identity_providers: started.map(([name, { issuer }]) =>
      secondRecord(issuer, {
        id: name,
        name: `Annuaire ${name}`,
        domains: [`${name}.example`],
        ...changes(name),
      }),
    ),
  });
  const world = await startWorld({ configDir: dir, ...ofWorld });
  await remove();
  const byName = new Map<Name, MutatingIdp>(started);
  return {
    world,
    idp(name) {
      const idp = byName.get(name);
      if (idp === undefined) throw new Error(`no identity provider ${name}`);
      return idp;
    },
    async close() {
      await world.close();
      await Promise.all([...byName.values()].map((idp) => idp.close()));
    },
  };
}

export const sentToNobody = 'sent to a server that is gone';

/** What became of a login, and the milliseconds that it took. */
export interface Login {
  readonly outcome: string;
  readonly ms: number;
}

/** One person, from the tool to the tool, or to the page that says why not. */
export async function login(world: World, name: string): Promise<Login> {
  const docs = demoTool(world, 'docs');
  const browser = createBrowser();
  const startedAt = performance.now();
  try {
    const end = await browser.submitForm(
      await browser.get(authorizationRequest(world.issuer, docs).url),
      { email: `agent@${name}.example` },
      { redirects: untilTool(docs) },
    );
    const outcome =
      end.location === undefined
        ? (shownCode(end) ?? `HTTP ${end.status}`)
        : toolAnswer(end.location).code === undefined
          ? (toolAnswer(end.location).error ?? 'no code')
          : 'ok';
    return { outcome, ms: performance.now() - startedAt };
  } catch (error) {
    // The browser was sent to a server that is not there any more.
    if (!(error instanceof Error)) throw error;
    return { outcome: sentToNobody, ms: performance.now() - startedAt };
  } finally {
    await browser.close();
  }
}
