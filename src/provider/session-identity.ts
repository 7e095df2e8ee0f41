import { createHash } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import { partnerProviderId } from '../declarations/declarations.ts';
import { deviceOf, deviceSchema } from '../http/http.ts';
import { signInSchema, withEmailCode } from '../identity/identity.ts';
import type { Membership, SignIn } from '../identity/identity.ts';
import { flush, whileSessionLasts, write } from '../storage/storage.ts';
import type { EphemeralStore } from '../storage/storage.ts';
import { createLoggedOutMarks } from './logged-out-marks.ts';
import type { Named } from './logged-out-marks.ts';

/**
 * What a browser session knows: one sign-in, and for each tool the organization chosen there. It lives beside the
 * library's session, under the session's `uid` (which survives the rotation of its cookie).
 */
const recordSchema = z.object({
  signIn: signInSchema,
  choices: z.record(z.string(), z.string()),
  /** Seconds since the epoch: when this sign-in happened here, whatever the IdP says of its own. */
  startedAt: z.number().int().optional(),
  /** Which browser this is, in words that its owner will recognize: shown at `/compte`. */
  device: deviceSchema.optional(),
  /** Sealed by `upstream/`: what it needs to sign the person out at the IdP. */
  signOutHint: z.string().optional(),
});

export type SessionRecord = z.output<typeof recordSchema>;

/** What the interaction leaves in the library's `result`: `broker` at sign-in, `select_organization` at the choice. */
const resultSchema = z.object({
  broker: signInSchema.optional(),
  /** The sign-in of this session, with one more factor: all else of the session stays. */
  strengthened: signInSchema.optional(),
  sign_out_hint: z.string().optional(),
  idp_session: z.string().optional(),
  /** Absent: the version before began it. */
  idp_sign_in: z.object({ subject: z.string(), begun_at: z.number() }).optional(),
  select_organization: z.object({ siret: z.string() }).optional(),
});

export interface RequestIdentity {
  readonly signIn: SignIn;
  /** The organization as which the person acts for this client; undefined when a choice has to be made. */
  readonly membership: Membership | undefined;
}

export interface SessionIdentities {
  /** Of the request at hand (memoized), at `/authorize` and at its resumption. */
  ofRequest(ctx: KoaContextWithOIDC): Promise<RequestIdentity | undefined>;
  /** Of a session seen from the interaction pages. */
  ofSession(sessionUid: string): Promise<SessionRecord | undefined>;
  /** Keeps what the request brought (a sign-in, a choice); nothing when it brought nothing. */
  keep(ctx: KoaContextWithOIDC): Promise<void>;
  /** Uids of the sessions in which this account signed in lately; some may have ended. */
  uidsOf(accountId: string): Promise<readonly string[]>;
  /** Uids of the sessions that began in this one of the identity provider's; some may have ended, or be of another sign-in since. */
  uidsOfIdpSession(idp: string, sid: string): Promise<readonly string[]>;
  /** Somebody signed out at the identity provider: what was begun there before becomes no session any more. */
  loggedOut(idp: string, named: Named): Promise<void>;
  /** Forgets a session that has ended; with what else this request wrote, at once. */
  forget(sessionUid: string): Promise<void>;
}

/** Whether it was opened, or its person proved here who they are, at that time or before. Not known: it was. */
export function wasOpenedBy({ startedAt, signIn }: SessionRecord, at: Date): boolean {
  const proven = signIn.idp === partnerProviderId ? signIn.authTime : undefined;
  return Math.min(startedAt ?? 0, proven ?? Infinity) * 1000 <= at.getTime();
}

/** What is kept beside the sessions that an account has lately opened, and that have not ended. */
export async function sessionRecordsOf(
  { uidsOf, ofSession }: Pick<SessionIdentities, 'uidsOf' | 'ofSession'>,
  accountId: string,
): Promise<readonly SessionRecord[]> {
  const records = await Promise.all((await uidsOf(accountId)).slice(-50).map((uid) => ofSession(uid)));
  return records
    .filter((record) => record?.signIn.accountId === accountId)
    .filter((one) => one !== undefined);
}

export function chosenMembership(record: SessionRecord, clientId: string): Membership | undefined {
  const { memberships } = record.signIn;
  const chosen = memberships.find(({ siret }) => siret === record.choices[clientId]);
  return chosen ?? (memberships.length === 1 ? memberships[0] : undefined);
}

/** Of another sign-in than the one that was asked for more: nothing. */
const withFactor = (record: SessionRecord | undefined, strengthened: SignIn | undefined) =>
  record === undefined || strengthened?.id !== withEmailCode(record.signIn).id
    ? record
    : { ...record, signIn: strengthened };

export function createSessionIdentities(needs: {
  readonly ephemeral: EphemeralStore;
  readonly ttlSeconds: number;
  readonly clock: Clock;
  /** Whether nobody may use the account. */
  readonly isBlocked: (accountId: string) => Promise<boolean>;
  /** Whether this identity provider says here who signed out there. */
  readonly tellsLogouts: (idp: string) => boolean;
}): SessionIdentities {
  const { ephemeral, ttlSeconds, clock } = needs;
  const loggedOut = createLoggedOutMarks(needs);
  const key = (sessionUid: string) => `signin:${sessionUid}`;
  const indexOf = (accountId: string) => `signins:${accountId}`;
  const indexOfIdpSession = (idp: string, sid: string) =>
    `idp-session:${idp}:${createHash('sha256').update(sid).digest('base64url')}`;
  const seen = new WeakMap<KoaContextWithOIDC, Promise<SessionRecord | undefined>>();

  async function ofSession(sessionUid: string): Promise<SessionRecord | undefined> {
    const stored = await ephemeral.get(key(sessionUid));
    if (stored === undefined) return undefined;
    const parsed = recordSchema.safeParse(JSON.parse(stored));
    return parsed.success ? parsed.data : undefined;
  }

  async function read(ctx: KoaContextWithOIDC): Promise<SessionRecord | undefined> {
    const { session, client } = ctx.oidc;
    if (session?.accountId === undefined || client === undefined) return undefined;
    const brought = resultSchema.parse(ctx.oidc.result ?? {});
    // Nobody is signed in, then: it is asked for again.
    if (await hasEnded(brought)) return undefined;
    const known =
      brought.broker === undefined
        ? await ofSession(session.uid)
        : begun(ctx, brought.broker, brought.sign_out_hint);
    const record = withFactor(known, brought.strengthened);
    if (record?.signIn.accountId !== session.accountId) return undefined;
    const choice = brought.select_organization?.siret;
    if (choice === undefined) return record;
    return { ...record, choices: { ...record.choices, [client.clientId]: choice } };
  }

  async function hasEnded(brought: z.output<typeof resultSchema>): Promise<boolean> {
    const { broker, idp_session: sid, idp_sign_in: signIn } = brought;
    // A sign-in that was under way when the account was blocked becomes no session, to come alive when it is given back.
    if (broker !== undefined && (await needs.isBlocked(broker.accountId))) return true;
    if (broker === undefined || signIn === undefined || !needs.tellsLogouts(broker.idp)) return false;
    return loggedOut.end(broker.idp, { subject: signIn.subject, sid }, signIn.begun_at);
  }

  function begun(ctx: KoaContextWithOIDC, signIn: SignIn, signOutHint: string | undefined): SessionRecord {
    return {
      signIn,
      choices: {},
      startedAt: Math.floor(clock().getTime() / 1000),
      device: deviceOf(ctx.get('user-agent')),
      ...(signOutHint === undefined ? {} : { signOutHint }),
    };
  }

  function recordOf(ctx: KoaContextWithOIDC): Promise<SessionRecord | undefined> {
    let record = seen.get(ctx);
    if (record === undefined) {
      record = read(ctx);
      seen.set(ctx, record);
    }
    return record;
  }

  return {
    ofSession,
    async ofRequest(ctx) {
      const record = await recordOf(ctx);
      if (record === undefined || ctx.oidc.client === undefined) return undefined;
      return { signIn: record.signIn, membership: chosenMembership(record, ctx.oidc.client.clientId) };
    },
    async keep(ctx) {
      const brought = resultSchema.parse(ctx.oidc.result ?? {});
      const { broker, strengthened, select_organization: choice } = brought;
      if (broker === undefined && strengthened === undefined && choice === undefined) return;
      const record = await recordOf(ctx);
      const { session } = ctx.oidc;
      if (record !== undefined && session !== undefined) {
        const { uid } = session;
        // Without an expiry it was never stored: it begins with this request. Else nothing is kept of one that has ended.
        const provided = 'exp' in session ? { provided: whileSessionLasts(uid) } : {};
        await write(
          ephemeral,
          { kind: 'set', key: key(uid), value: JSON.stringify(record), ttl: ttlSeconds, ...provided },
          { kind: 'index', key: indexOf(record.signIn.accountId), member: uid, ttl: ttlSeconds },
          ...(brought.broker === undefined || brought.idp_session === undefined
            ? []
            : [
                {
                  kind: 'index' as const,
                  key: indexOfIdpSession(brought.broker.idp, brought.idp_session),
                  member: uid,
                  ttl: ttlSeconds,
                },
              ]),
        );
      }
    },
    uidsOf: (accountId) => ephemeral.members(indexOf(accountId)),
    uidsOfIdpSession: (idp, sid) => ephemeral.members(indexOfIdpSession(idp, sid)),
    loggedOut: loggedOut.leave,
    async forget(sessionUid) {
      await write(ephemeral, { kind: 'delete', key: key(sessionUid) });
      await flush(ephemeral);
    },
  };
}
