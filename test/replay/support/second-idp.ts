/**
 * The demonstration with a second identity provider that answers wrongly when told to: `mutating-idp.ts`, declared for
 * `second.example`. Deviations of metadata and keys have a declared identity provider of their own each (same server,
 * other domain), because metadata that were read once are kept.
 */
import { startMutatingIdp } from '../../support/mutating-idp.ts';
import type { MutatingIdp } from '../../support/mutating-idp.ts';
import { startWorld } from '../../support/world.ts';
import type { World, WorldOptions } from '../../support/world.ts';
import { demoAnd } from './declarations.ts';
import type { Extra } from './declarations.ts';

const clientSecret = 'second-secret-of-the-replay-tests-0123456789';
/** Seconds that the broker waits for an answer of it. */
export const idpTimeout = 1;

export const secondPerson = {
  sub: 'agent-second',
  claims: {
    given_name: 'Inès',
    usual_name: 'Marrec',
    email: 'agent@second.example',
    siret: '21440109300015',
  },
};

/** AMD-FICTIF, which the second identity provider may assert too. */
export const approvedSiret = '00000010900009';

/** @param changes of the record of `second` */
export function secondRecord(issuer: string, changes: Readonly<Record<string, unknown>> = {}): object {
  return {
    id: 'second',
    name: 'Second fournisseur',
    issuer,
    client_id: 'maillon',
    client_secret: clientSecret,
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
    scope: 'openid given_name usual_name email siret',
    domains: ['second.example'],
    acr: {
      values: { eidas1: 'eidas1', 'eidas1-mfa': 'eidas1-mfa', eidas3: 'eidas3' },
      maximum: 'eidas1-mfa',
    },
    amr: { values: { pwd: 'pwd', otp: 'otp', mfa: 'mfa' } },
    sirets: [secondPerson.claims.siret, approvedSiret],
    organization_link: { level: 'moderated', method: 'proof_received' },
    support: { name: 'Assistance du second', email: 'aide@second.example' },
    timeout_s: idpTimeout,
    ...changes,
  };
}

export interface TwoIdps {
  readonly world: World;
  readonly second: MutatingIdp;
  /** What is declared beside the demonstration. */
  readonly extra: Extra;
  close(): Promise<void>;
}

/**
 * @param fresh names under which the second one is declared again, for `<name>.example`
 * @param more declared beside it
 */
export async function startTwoIdps(
  fresh: readonly string[],
  {
    more = {},
    ...options
  }: Pick<WorldOptions, 'clock' | 'environment' | 'watching' | 'embedded' | 'databaseUrl' | 'redisUrl'> & {
    readonly more?: Extra;
  } = {},
): Promise<TwoIdps> {
  const second = await startMutatingIdp({ clientId: 'maillon', clientSecret, person: secondPerson });
  const extra = {
    ...more,
    identity_providers: [
      secondRecord(second.issuer),
      ...fresh.map((id) => secondRecord(second.issuer, { id, domains: [`${id}.example`] })),
    ],
  };
  const { dir, remove } = await demoAnd(extra);
  const world = await startWorld({ configDir: dir, ...options });
  await remove();
  return {
    world,
    second,
    extra,
    async close() {
      await world.close();
      await second.close();
    },
  };
}
