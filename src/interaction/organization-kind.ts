import type { Context } from 'koa';
import { language } from '../http/http.ts';
import type { Language } from '../http/http.ts';
import {
  isOrganizationType,
  organizationCategoryLabel,
  organizationTypeLabel,
} from '../organizations/organizations.ts';
import { kindNotRequested, organizationKindWishes } from '../provider/provider.ts';
import type { Current } from './current.ts';
import { finish } from './finish.ts';
import type { InteractionNeeds } from './needs.ts';
import { serviceName } from './page-parts.ts';
import { refusalModel } from './refusal.ts';
import { sessionAccess, sessionOf } from './session-access.ts';

/**
 * The tool asked for certain kinds of organization (essential `organization_type` or `organization_category`), and the
 * person acts for another: which ones, another organization if they have one, and the way back.
 */
export async function showOtherKind(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const access = await sessionAccess(current, needs);
  const { signIn } = await sessionOf(current, needs);
  if (access === undefined) {
    // Chosen anew meanwhile: the provider checks again and asks what is missing.
    await finish(ctx, current.interaction, { organization_kind: {} });
    return;
  }
  const reference = { code: 'M-OIDC-006', id: needs.http.newReferenceId() } as const;
  needs.logger.info(
    {
      errorId: reference.id,
      code: reference.code,
      client: current.client.client_id,
      account: signIn.accountId,
      siren: access.organization?.siren,
      reason: kindNotRequested,
    },
    'not the kind of organization that the tool asks for',
  );
  const model = await refusalModel(ctx, current, needs, { access, signIn, reference });
  const lang = language(ctx);
  const kinds = wantedKinds(current, lang);
  const service = serviceName(current.service, lang);
  needs.http.renderPage(
    ctx,
    'refusal',
    { ...model, ...(kinds.length === 0 ? {} : { reason: sentence(service, kinds, lang) }) },
    { status: 403 },
  );
}

/** Those that have a name; what a tool invented is not repeated. */
function wantedKinds({ interaction }: Current, lang: Language): readonly string[] {
  const labels = organizationKindWishes(interaction.params).flatMap(({ claim, values }) =>
    values.map((value) =>
      claim === 'organization_category'
        ? organizationCategoryLabel(value, lang)
        : isOrganizationType(value)
          ? organizationTypeLabel(value, lang)
          : undefined,
    ),
  );
  return [...new Set(labels.filter((label) => label !== undefined))];
}

function sentence(service: string, kinds: readonly string[], lang: Language): string {
  const list = new Intl.ListFormat(lang, { type: 'disjunction' }).format(kinds);
  return lang === 'fr'
    ? `Votre connexion a réussi. Cette fois, ${service} attend une organisation de cette sorte : ${list}.`
    : `You are signed in. This time ${service} expects an organization of this kind: ${list}.`;
}
