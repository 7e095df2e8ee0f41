/**
 * visitor/: who is signed in, for our own pages (/demandes, /operateur).
 *
 * What it does: our pages sign people in as a tool does, at our own authorization endpoint, with the built-in client; they
 * then read the session of the browser, each time, so that what ended elsewhere has ended here too.
 *
 * Flow: GET /entrer?vers=PATH[&renforce=1][&age=N] (enter.ts) ──▶ /authorize with a sealed `state` ──▶ interaction, identity
 * provider ──▶ GET /entrer/retour (come-back.ts): was it ours? did it reach what was asked? ──▶ PATH.
 * Then `of(ctx)`: the library's session ──▶ the sign-in kept beside it ──▶ is it still vouched for, the account still usable?
 * ──▶ Visitor. The code at the end of the way is left to expire: it leads to nothing.
 *
 * May import: provider, declarations, homerealm, identity, eligibility (order of acr), http, storage (tables), config,
 * errors. It decides about nobody's access.
 */
import Router from '@koa/router';
import type { Context } from 'koa';
import type { Kysely } from 'kysely';
import type Provider from 'oidc-provider';
import type { Clock, Logger, Seal } from '../config/config.ts';
import type { Snapshot } from '../declarations/declarations.ts';
import type { Http } from '../http/http.ts';
import type { DeclaredMemberships, Membership, RevokedMemberships } from '../identity/identity.ts';
import type { SessionIdentities } from '../provider/provider.ts';
import type { Database } from '../storage/storage.ts';
import { comeBack } from './come-back.ts';
import { enter, signInHref } from './enter.ts';
import { hasMfa, isRecent } from './need.ts';
import type { Need } from './need.ts';
import { readVisitor } from './read-visitor.ts';

export type { Need };

export interface Visitor {
  readonly accountId: string;
  readonly sessionUid: string;
  readonly email: string;
  /** Somebody answers for the address: any other may be anybody's, and is for contact only. */
  readonly isEmailVouchedFor: boolean;
  /** It is their mailbox: proven here, or as its identity provider says; one that nobody proved shows no organization. */
  readonly isEmailVerified: boolean;
  /** As the identity provider says; empty when it says nothing. */
  readonly givenName: string;
  readonly usualName: string;
  /** Those for which they may act: none that was revoked. */
  readonly memberships: readonly Membership[];
  /** SIRENs of all that their sign-in named: whoever was revoked there is no stranger to it. */
  readonly signedInFor: readonly string[];
  readonly acr: string;
  readonly amr: readonly string[];
  readonly authTime: Date;
  /** Id of the identity provider. */
  readonly idp: string;
}

export interface Visitors {
  /** Nobody when the session has ended, its identity provider is disabled, or the account is blocked. */
  of(ctx: Context): Promise<Visitor | undefined>;
  /** Address that signs in and comes back to `returnTo`: a path of ours, that of the issuer and the query included. */
  signInHref(returnTo: string, need?: Need): string;
  hasMfa(visitor: Visitor): boolean;
  /** Signed in so long ago at most. */
  isRecent(visitor: Visitor, maxAgeSeconds: number): boolean;
  routes(): Router;
}

export interface VisitorNeeds {
  readonly library: Provider;
  readonly identities: SessionIdentities;
  readonly snapshot: () => Snapshot;
  readonly db: Kysely<Database>;
  readonly revokedMemberships: RevokedMemberships;
  readonly declaredMemberships: Pick<DeclaredMemberships, 'hasEnded'>;
  /** Of its own purpose. */
  readonly seal: Seal;
  readonly random: (bytes: number) => Buffer;
  readonly clock: Clock;
  readonly http: Http;
  readonly logger: Pick<Logger, 'info'>;
  readonly basePath: string;
  /** Without trailing slash. */
  readonly issuer: string;
}

export function createVisitors(needs: VisitorNeeds): Visitors {
  const seen = new WeakMap<Context, Promise<Visitor | undefined>>();
  const visitors: Visitors = {
    of(ctx) {
      const visitor = seen.get(ctx) ?? readVisitor(ctx, needs);
      seen.set(ctx, visitor);
      return visitor;
    },
    signInHref: (returnTo, need) => signInHref(returnTo, need, needs),
    hasMfa,
    isRecent: (visitor, maxAgeSeconds) => isRecent(visitor, maxAgeSeconds, needs.clock()),
    routes() {
      const router = new Router();
      router.get('/entrer', (ctx) => enter(ctx, needs, visitors));
      router.get('/entrer/retour', (ctx) => comeBack(ctx, needs, visitors));
      return router;
    },
  };
  return visitors;
}
