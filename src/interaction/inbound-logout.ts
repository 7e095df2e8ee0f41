import type { Context } from 'koa';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { isHidden } from '../homerealm/homerealm.ts';
import { readForm } from '../http/http.ts';
import type { LoggedOut } from '../upstream/upstream.ts';
import { providerElsewhere } from './current.ts';
import type { InteractionNeeds } from './needs.ts';

type Needs = Pick<
  InteractionNeeds,
  'snapshot' | 'upstream' | 'accounts' | 'identities' | 'sessionEnding' | 'logger'
>;

/**
 * An identity provider says who signed out there (OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8): the sessions that
 * they began with it end here, with what was given in them, and the tools are told. The answer is the same whether somebody
 * was signed in or not. One that is hidden is there for a token of its own only; one that is disabled is there, since ending
 * is always safe. Sign-ins that are under way end with the sessions.
 *
 * @throws BrokerError M-HTTP-002 when this identity provider has nothing to say here, M-HTTP-003, M-UPST-042 to M-UPST-045
 */
export async function inboundLogout(ctx: Context, idpId: string, needs: Needs): Promise<void> {
  const idp = providerElsewhere(needs.snapshot(), idpId);
  if (idp?.back_channel_logout !== true) throw new BrokerError('M-HTTP-002');
  const loggedOut = await posted(ctx, idp, needs).catch((error: unknown) => {
    if (!isHidden(idp) || !(error instanceof BrokerError)) throw error;
    throw new BrokerError('M-HTTP-002', { cause: error });
  });
  // First: what becomes a session meanwhile is found below.
  await needs.identities.loggedOut(idp.id, loggedOut);
  const sessions = await endSessions(idp, loggedOut, needs);
  needs.logger.info({ event: 'upstream.logged_out', idp: idp.id, sessions }, 'sessions ended');
  ctx.status = 200;
  ctx.body = '';
}

async function posted(ctx: Context, idp: IdentityProvider, { upstream }: Needs): Promise<LoggedOut> {
  // What else the form holds is ignored (§2.5).
  const [token, ...others] = (await readForm(ctx)).getAll('logout_token');
  if (token === undefined || others.length > 0)
    throw new BrokerError('M-HTTP-003', { detail: 'not one logout_token' });
  return upstream.loggedOut.read(idp, token);
}

/** One after the other: a person has few, and somebody who has many ends them once. */
async function endSessions(idp: IdentityProvider, loggedOut: LoggedOut, needs: Needs): Promise<number> {
  let ended = 0;
  for (const uid of await candidates(idp, loggedOut, needs))
    if ((await isMeant(uid, idp, loggedOut, needs)) && (await needs.sessionEnding.end(uid, 'session_ended')))
      ended += 1;
  return ended;
}

async function candidates(
  idp: IdentityProvider,
  { subject, sid }: LoggedOut,
  { accounts, identities }: Needs,
): Promise<readonly string[]> {
  if (subject === undefined) return sid === undefined ? [] : identities.uidsOfIdpSession(idp.id, sid);
  const account = await accounts.find({ issuer: idp.issuer, subject });
  return account === undefined ? [] : identities.uidsOf(account);
}

/**
 * Begun with this identity provider, by this person, in this session of theirs: as its own ID token said, which is kept
 * sealed with the session. A session of which that is not known ends when the person is named, never for a `sid`.
 */
async function isMeant(
  uid: string,
  idp: IdentityProvider,
  { subject, sid }: LoggedOut,
  { identities, upstream, accounts }: Needs,
): Promise<boolean> {
  const record = await identities.ofSession(uid);
  if (record?.signIn.idp !== idp.id) return false;
  const { signOutHint, signIn } = record;
  const there = signOutHint === undefined ? undefined : await upstream.signOut.whose(signOutHint);
  if (there === undefined)
    return (
      sid === undefined &&
      subject !== undefined &&
      (await accounts.find({ issuer: idp.issuer, subject })) === signIn.accountId
    );
  return (
    there.issuer === idp.issuer &&
    (subject === undefined || there.subject === subject) &&
    (sid === undefined || there.sid === sid)
  );
}
