import type { Context } from 'koa';
import { isPartnerProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { language, readForm } from '../http/http.ts';
import type { Answer } from '../http/http.ts';
import type { Membership, SignIn } from '../identity/identity.ts';
import { organizationTypeLabel } from '../organizations/organizations.ts';
import { chosenMembership, idpHint, siretHint } from '../provider/provider.ts';
import type { Access } from '../provider/provider.ts';
import type { Current } from './current.ts';
import { finish } from './finish.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, errorPageOptions, pathOf, serviceName } from './page-parts.ts';
import { rememberOrganization, rememberedOrganization } from './remembered-organization.ts';
import { sessionOf } from './session-access.ts';
import { emailPage } from './sign-in-pages.ts';

/** As whom does the person act in this tool? Each organization is shown with what it opens there. */
export async function showOrganizations(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
): Promise<void> {
  const { signIn } = await sessionOf(current, needs);
  if (signIn.memberships.length > 0) await organizationsPage(ctx, current, needs, false);
  // What was gained since they signed in is read by the next sign-in, here and now.
  else if (await needs.accounts.actsForSome(signIn))
    await emailPage(ctx, current, needs, { email: signIn.email, gained: true });
  else nobodyToActFor(ctx, current, needs, signIn);
}

/** Somebody whom nothing ties to an organization: neither their identity provider nor an operator says for whom they act. */
function nobodyToActFor(ctx: Context, current: Current, needs: InteractionNeeds, signIn: SignIn): void {
  const idp = needs.snapshot().identityProviders.get(signIn.idp);
  const code = isPartnerProvider(idp) ? 'M-PART-023' : 'M-UPST-030';
  const error = new BrokerError(code, { detail: `${signIn.idp}: account ${signIn.accountId}` });
  needs.http.errorPage(ctx, error, {
    ...errorPageOptions(ctx, current, needs, error, idp),
    // A tool that named the identity provider takes nobody from another one.
    ...(idpHint(current.interaction.params) === undefined
      ? { otherAccountHref: pathOf(current.interaction.uid, '/other-account', needs) }
      : {}),
  });
}

export async function chooseOrganization(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
): Promise<void> {
  const record = await sessionOf(current, needs);
  const form = await readForm(ctx);
  const chosen = record.signIn.memberships.find(({ siret }) => siret === form.get('siret'));
  if (chosen === undefined) {
    await organizationsPage(ctx, current, needs, true);
    return;
  }
  const choice = { accountId: record.signIn.accountId, clientId: current.client.client_id };
  await rememberOrganization(ctx, choice, chosen.siret, needs);
  await finish(ctx, current.interaction, { select_organization: { siret: chosen.siret } });
}

async function organizationsPage(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  missing: boolean,
): Promise<void> {
  const record = await sessionOf(current, needs);
  const { client, interaction, service } = current;
  const lang = language(ctx);
  const choice = { accountId: record.signIn.accountId, clientId: client.client_id };
  const before = await rememberedOrganization(ctx, choice, needs);
  const options = await Promise.all(
    record.signIn.memberships.map(async (membership: Membership) => {
      const access = await needs.accessOf(undefined, { client, signIn: record.signIn, membership });
      const { organization } = access;
      return {
        siret: membership.siret,
        name: organization?.name ?? membership.siret,
        type: organizationTypeLabel(organization?.type ?? 'unknown', lang),
        commune: organization?.territory.communeName,
        opens: answerOf(access),
      };
    }),
  );
  needs.http.renderPage(
    ctx,
    'choose-organization',
    {
      service: serviceName(service, lang),
      back: backOf(current, needs),
      action: pathOf(interaction.uid, '/organization', needs),
      organizations: options,
      selected:
        options.find(({ siret }) => siret === siretHint(interaction.params))?.siret ??
        chosenMembership(record, client.client_id)?.siret ??
        options.find(({ siret }) => siret === before)?.siret ??
        options.find(({ opens }) => opens === 'yes')?.siret,
      error: missing ? 'missing' : undefined,
    },
    {
      status: missing ? 422 : 200,
      languageHref: `${pathOf(interaction.uid, '/organization', needs)}?lang=${lang === 'fr' ? 'en' : 'fr'}`,
    },
  );
}

export function answerOf({ decision }: Pick<Access, 'decision'>): Answer {
  if (decision.decision === 'deny') return 'no';
  return decision.level === 'guest' ? 'guest' : 'yes';
}
