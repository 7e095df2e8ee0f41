import { form as readForm } from 'co-body';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { InteractionResults } from 'oidc-provider';
import { z } from 'zod';
import type { DemoPerson } from '../people.ts';
import { methodsOf, reachedAcr, wantedAssurance } from './assurance.ts';
import { showIdpPage } from './idp-page.ts';
import { signInPage } from './sign-in-page.ts';

const choiceSchema = z.union([z.object({ cancel: z.literal('yes') }), z.object({ person: z.string() })]);

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

interface SignIn {
  readonly provider: Provider;
  readonly people: readonly DemoPerson[];
  readonly name: string;
}

const now = (): number => Math.floor(Date.now() / 1000);

const show = async (ctx: Context, interaction: Interaction, signIn: SignIn): Promise<void> => {
  const hint = interaction.params['login_hint'];
  const client = await signIn.provider.Client.find(String(interaction.params['client_id']));
  const main = signInPage({
    clientName: client?.clientName ?? 'Le service',
    people: signIn.people,
    loginHint: typeof hint === 'string' && hint !== '' ? hint : undefined,
    signedIn: signIn.people.find((person) => person.sub === interaction.session?.accountId),
    wanted: wantedAssurance(interaction.params),
  });
  showIdpPage(ctx, 200, signIn.name, 'Qui êtes-vous ?', main);
};

/**
 * Another person takes the browser: the first session ends here. The library would answer with a form that submits
 * itself by script.
 */
const endSessionOfSomebodyElse = async (
  ctx: Context,
  interaction: Interaction,
  chosen: DemoPerson,
  provider: Provider,
) => {
  const session = await provider.Session.get(ctx);
  if (session.accountId === undefined || session.accountId === chosen.sub) return;
  await session.destroy();
  interaction.session = undefined;
};

const resultOf = (person: DemoPerson, interaction: Interaction): InteractionResults => {
  const acr = reachedAcr(person, wantedAssurance(interaction.params));
  return { login: { accountId: person.sub, acr, amr: methodsOf(acr), ts: now() }, consent: {} };
};

const answer = async (ctx: Context, interaction: Interaction, signIn: SignIn): Promise<void> => {
  const choice = choiceSchema.safeParse(await readForm(ctx.req, { limit: '4kb' }));
  if (!choice.success) return show(ctx, interaction, signIn);
  if ('cancel' in choice.data) {
    interaction.result = { error: 'access_denied', error_description: 'the person cancelled' };
  } else {
    const { person: sub } = choice.data;
    const chosen = signIn.people.find((person) => person.sub === sub);
    if (chosen === undefined) return show(ctx, interaction, signIn);
    await endSessionOfSomebodyElse(ctx, interaction, chosen, signIn.provider);
    interaction.result = resultOf(chosen, interaction);
  }
  await interaction.save(interaction.exp - now());
  ctx.status = 303;
  ctx.redirect(interaction.returnTo);
};

/** The one page of a sign-in: GET shows the people, POST takes the choice and goes back to the authorization request. */
export const handleSignIn = async (ctx: Context, signIn: SignIn): Promise<void> => {
  const interaction = await signIn.provider.interactionDetails(ctx.req, ctx.res);
  await (ctx.method === 'POST' ? answer(ctx, interaction, signIn) : show(ctx, interaction, signIn));
};
