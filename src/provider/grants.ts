import { randomBytes } from 'node:crypto';
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import { isBuiltIn } from '../declarations/declarations.ts';
import type { Client } from '../declarations/declarations.ts';
import { membershipSchema, signInSchema } from '../identity/identity.ts';
import type { Authentication } from '../identity/identity.ts';
import type { AccessOf } from './access.ts';
import { requestAccess } from './requests/prompts.ts';
import type { SessionIdentities } from './session-identity.ts';

/** Who a grant was given to, as whom: written once with the grant, never changed, whatever happens in the browser later. */
export const snapshotSchema = z.object({
  signIn: signInSchema,
  membership: membershipSchema,
  /** Uid of the browser session in which it was given: the session forgets a grant when a newer one replaces it. */
  session: z.string().optional(),
});
export type GrantSnapshot = z.output<typeof snapshotSchema>;

export interface SnapshotStore {
  /** Makes the next write of this grant carry its snapshot, in one statement. */
  prepare(grantId: string, json: string): void;
  read(grantId: string): Promise<string | undefined>;
}

export async function readSnapshot(
  store: SnapshotStore,
  grantId: string,
): Promise<GrantSnapshot | undefined> {
  const json = await store.read(grantId);
  if (json === undefined) return undefined;
  const parsed = snapshotSchema.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : undefined;
}

/**
 * The grant of this session, this tool, this sign-in and this organization: reused and only ever widened, scopes of
 * APIs included (narrowing it would take claims away from tokens already issued). Another sign-in or another organization starts a new one, so
 * that the snapshot of the former stays what it was. Tools of the suite are first parties: nobody is asked to consent.
 *
 * Returns undefined while a prompt has to come first; the library then grants nothing.
 */
export function createLoadGrant(needs: {
  readonly identities: SessionIdentities;
  readonly clientOf: (ctx: KoaContextWithOIDC) => Client | undefined;
  readonly accessOf: AccessOf;
  readonly snapshots: SnapshotStore;
  readonly ttlSeconds: number;
  readonly clock: Clock;
  /** Told on what it was decided, before the library compares it and writes it into a code. */
  readonly decidedOn: Pick<WeakMap<KoaContextWithOIDC, Authentication>, 'set'>;
}): (ctx: KoaContextWithOIDC) => Promise<Grant | undefined> {
  const { identities, snapshots, ttlSeconds } = needs;
  return async (ctx) => {
    await identities.keep(ctx);
    const identity = await identities.ofRequest(ctx);
    if (isBuiltIn(needs.clientOf(ctx))) {
      return identity && grantOfOurPages(ctx, identity.signIn.accountId, needs);
    }
    const access = await requestAccess(ctx, needs);
    if (access !== undefined) needs.decidedOn.set(ctx, access);
    const { session, client, provider } = ctx.oidc;
    if (identity?.membership === undefined || session === undefined || client === undefined) return undefined;
    if (access?.passes !== true) return undefined;

    const snapshot: GrantSnapshot = {
      signIn: identity.signIn,
      membership: identity.membership,
      session: session.uid,
    };
    const scopes = [...ctx.oidc.requestParamOIDCScopes];
    const claims = [...ctx.oidc.requestParamClaims];

    const id = session.grantIdFor(client.clientId);
    const held = id === undefined ? undefined : await provider.Grant.find(id);
    const mine =
      held !== undefined &&
      held.accountId === snapshot.signIn.accountId &&
      held.clientId === client.clientId &&
      sameIdentity(await readSnapshot(snapshots, held.jti), snapshot);
    const grant = mine
      ? held
      : new provider.Grant({ accountId: snapshot.signIn.accountId, clientId: client.clientId });

    const granted = new Set(grant.getOIDCScope().split(' '));
    const grantedClaims = new Set(grant.getOIDCClaims());
    const ofApis = requestedScopesOfApis(ctx);
    const complete =
      mine &&
      scopes.every((scope) => granted.has(scope)) &&
      claims.every((claim) => grantedClaims.has(claim)) &&
      ofApis.every(([resource, wanted]) => {
        const held = new Set(grant.getResourceScope(resource).split(' '));
        return wanted.every((scope) => held.has(scope));
      });
    if (complete) return grant;

    grant.addOIDCScope(scopes.join(' '));
    grant.addOIDCClaims(claims);
    for (const [resource, wanted] of ofApis) grant.addResourceScope(resource, wanted);
    grant.exp = Math.floor(needs.clock().getTime() / 1000) + ttlSeconds;
    if (!mine) {
      // The library names a grant when it saves it; its snapshot has to know the name before.
      grant.jti = randomBytes(32).toString('base64url');
      snapshots.prepare(grant.jti, JSON.stringify(snapshot));
    }
    await grant.save();
    return grant;
  };
}

/**
 * Our own pages read the session: nobody redeems the code that ends the sign-in. The grant behind it has no snapshot, so
 * that no token can be made of it either (`createAccounts` finds nobody).
 */
async function grantOfOurPages(
  { oidc }: KoaContextWithOIDC,
  accountId: string,
  { ttlSeconds, clock }: { readonly ttlSeconds: number; readonly clock: Clock },
): Promise<Grant | undefined> {
  const { session, client, provider } = oidc;
  if (client === undefined) return undefined;
  const id = session?.grantIdFor(client.clientId);
  const held = id === undefined ? undefined : await provider.Grant.find(id);
  if (held?.accountId === accountId && held.clientId === client.clientId) return held;
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  grant.addOIDCScope('openid');
  grant.exp = Math.floor(clock().getTime() / 1000) + ttlSeconds;
  await grant.save();
  return grant;
}

/** Of each API that the request names as `resource` (RFC 8707 §2.1), those of the requested scopes that it knows. */
function requestedScopesOfApis({ oidc }: KoaContextWithOIDC): readonly (readonly [string, string[]])[] {
  return Object.values(oidc.resourceServers ?? {}).flatMap((server) => {
    const wanted = [...oidc.requestParamScopes].filter((scope) => server.scopes.has(scope));
    return wanted.length === 0 ? [] : [[server.identifier(), wanted] as const];
  });
}

function sameIdentity(one: GrantSnapshot | undefined, other: GrantSnapshot): boolean {
  return one?.signIn.id === other.signIn.id && one.membership.siret === other.membership.siret;
}
