import type { Context } from 'koa';
import type { InteractionResults } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { SessionEnding } from '../provider/provider.ts';
import type { Interaction } from './current.ts';

/**
 * Writes the result of a step and sends the browser back to the authorization endpoint, where every check runs again.
 * Results of earlier steps of the same login are kept beside the new one; an error replaces them all.
 */
export async function finish(
  ctx: Context,
  interaction: Interaction,
  result: InteractionResults,
): Promise<void> {
  interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result };
  await interaction.save(Math.max(1, interaction.exp - Math.floor(Date.now() / 1000)));
  ctx.status = 303;
  ctx.redirect(interaction.returnTo);
}

/**
 * When somebody else signs in in the same browser, the former session ends first: two people never share one. (Left
 * alone the library would insert a page of its own that posts a form by script.) Its tools are told. The session is the one of the browser
 * now, which another tab may have begun, or ended, since this login began; the login goes on in it.
 */
export async function endOtherSession(
  ctx: Context,
  { library, sessionEnding }: { readonly library: Provider; readonly sessionEnding: SessionEnding },
  interaction: Interaction,
  accountId: string,
): Promise<void> {
  const session = await library.Session.get(ctx);
  const other = session.accountId !== undefined && session.accountId !== accountId;
  if (other) await sessionEnding.end(session.uid, 'session_ended');
  if (other || interaction.session?.uid !== session.uid) delete interaction.session;
}
