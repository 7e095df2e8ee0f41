import type { Context } from 'koa';
import { language, readForm } from '../http/http.ts';
import { idpHint } from '../provider/provider.ts';
import type { SessionRecord } from '../provider/provider.ts';
import type { Current } from './current.ts';
import { finish } from './finish.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, pathOf, serviceName } from './page-parts.ts';
import { sessionOf } from './session-access.ts';
import { showEmail, showSignIn } from './sign-in.ts';

/**
 * `prompt=select_account` (OpenID Connect Core §3.1.2.1): go on as the person of this browser, or as somebody else. With
 * nobody signed in there is nothing to choose from: the sign-in itself is the choice.
 */
export async function showAccounts(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const uid = current.interaction.session?.uid;
  const record = uid === undefined ? undefined : await needs.identities.ofSession(uid);
  if (record === undefined) {
    await showSignIn(ctx, current, needs);
    return;
  }
  accountsPage(ctx, current, needs, record);
}

/** A button each. Another person has to prove who they are: their identity provider is told to ask. */
export async function chooseAccount(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const record = await sessionOf(current, needs);
  const chosen = (await readForm(ctx)).get('account');
  if (chosen === 'same') {
    await finish(ctx, current.interaction, { select_account: {} });
  } else if (chosen === 'other') {
    if (idpHint(current.interaction.params) === undefined) await showEmail(ctx, current, needs);
    else await showSignIn(ctx, current, needs);
  } else {
    accountsPage(ctx, current, needs, record, 422);
  }
}

function accountsPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { signIn }: SessionRecord,
  status = 200,
): void {
  const names = [signIn.claims['given_name'], signIn.claims['usual_name']];
  needs.http.renderPage(
    ctx,
    'select-account',
    {
      service: serviceName(current.service, language(ctx)),
      back: backOf(current, needs),
      action: pathOf(current.interaction.uid, '/account', needs),
      name: names.filter((name) => typeof name === 'string').join(' '),
      email: signIn.email,
    },
    {
      status,
      languageHref: `${pathOf(current.interaction.uid, '', needs)}?lang=${language(ctx) === 'fr' ? 'en' : 'fr'}`,
    },
  );
}
