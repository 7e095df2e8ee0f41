import type { Context } from 'koa';
import { parisDate, reasonErrorCode, revokedRule } from '../eligibility/eligibility.ts';
import { language } from '../http/http.ts';
import type { RefusalPage } from '../http/http.ts';
import type { SignIn } from '../identity/identity.ts';
import { organizationTypeLabel } from '../organizations/organizations.ts';
import type { Access } from '../provider/provider.ts';
import { examined } from '../registrations/registrations.ts';
import type { Current } from './current.ts';
import { finish } from './finish.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, kindOf, pathOf, serviceName, supportOf } from './page-parts.ts';
import { sessionAccess, sessionOf } from './session-access.ts';
import { showStepUp } from './step-up.ts';
import { ownRequest, waysOut } from './way-out.ts';
import type { Refused } from './way-out.ts';

/**
 * Our own page, instead of the tool: as whom the person came, why not, who decides, what to do, and the way back. It
 * asks again what is decided, so that a right given meanwhile opens the tool.
 */
export async function showRefusal(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const access = await sessionAccess(current, needs);
  if (access === undefined || access.passes) {
    // Nothing stands in the way any more: the provider checks again and goes on.
    await finish(ctx, current.interaction, { eligibility: {} });
    return;
  }
  const { signIn } = await sessionOf(current, needs);
  if (access.decision.decision === 'step_up') {
    await showStepUp(ctx, current, needs, { access, signIn });
    return;
  }
  const reason = access.decision.reason ?? 'not_eligible';
  const reference = { code: reasonErrorCode[reason], id: needs.http.newReferenceId() };
  needs.logger.info(
    {
      errorId: reference.id,
      code: reference.code,
      client: current.client.client_id,
      account: signIn.accountId,
      siren: access.organization?.siren,
      reason,
      policy: access.decision.policy,
      decision: access.decisionId,
    },
    'refused at the gate',
  );
  const model = await refusalModel(ctx, current, needs, { access, signIn, reference });
  needs.http.renderPage(ctx, 'refusal', model, { status: 403 });
}

export async function refusalModel(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  {
    access,
    signIn,
    reference,
  }: { readonly access: Access; readonly signIn: SignIn; readonly reference: RefusalPage['reference'] },
): Promise<RefusalPage> {
  const lang = language(ctx);
  const { service, interaction } = current;
  const { organization } = access;
  // Neither the service nor its operator decided this: the organization did.
  const revoked = access.decision.rule === revokedRule;
  const approvals = organization === undefined ? [] : await needs.approvals(organization.siren);
  const today = parisDate(needs.clock());
  const reason = access.decision.reason ?? 'not_eligible';
  const files = organization === undefined || revoked ? [] : await needs.filesOf(signIn.accountId);
  const idp = needs.snapshot().identityProviders.get(signIn.idp);
  const support = idp && supportOf(idp);
  const refused: Refused = {
    reason,
    service: service.id,
    siren: organization?.siren,
    files,
    support: support && { href: support.supportHref, name: support.supportName },
    retryHref: pathOf(interaction.uid, '', needs),
    basePath: needs.basePath,
  };
  const isAsked = examined.some((state) => state === ownRequest(refused)?.state);
  const services = needs.snapshot().services;
  return {
    service: serviceName(service, lang),
    ...(organization === undefined
      ? {}
      : {
          organization: {
            name: organization.name,
            type: organizationTypeLabel(organization.type, lang),
            kind: kindOf(organization),
            siret: organization.siret,
          },
        }),
    approvals: approvals
      .filter(({ status, startsOn, endsOn }) => status === 'active' && startsOn <= today && today <= endsOn)
      .map((approval) => ({
        service: services.get(approval.service)?.name[lang] ?? approval.service,
        level: approval.level,
        endsOn: approval.endsOn,
      })),
    ...(revoked
      ? { revoked }
      : {
          decidedBy: {
            name: service.decided_by.name[lang],
            contact: service.decided_by.contact,
            delay: service.decided_by.delay?.[lang],
          },
        }),
    ways: revoked ? [] : waysOut(refused),
    ...(reason === 'approval_expired'
      ? {
          endedOn: approvals
            .filter(({ service: of, endsOn }) => of === service.id && endsOn < today)
            .map(({ endsOn }) => endsOn)
            .toSorted()
            .at(-1),
        }
      : {}),
    ...(organization !== undefined && !isAsked && access.decision.nextSteps.includes('request_approval')
      ? { requestHref: requestHref(organization.siren, service.id, needs) }
      : {}),
    ...(signIn.memberships.length > 1
      ? { otherOrganizationHref: pathOf(interaction.uid, '/organization', needs) }
      : {}),
    back: backOf(current, needs),
    reference,
    idp: idp?.name,
    domain: signIn.emailDomain,
  };
}

/** The request of this organization for this service, begun. */
function requestHref(
  siren: string,
  service: string,
  { basePath }: Pick<InteractionNeeds, 'basePath'>,
): string {
  return `${basePath}/demandes?${new URLSearchParams({ organisation: siren, service }).toString()}`;
}
