import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { language } from '../http/http.ts';
import type { SignIn } from '../identity/identity.ts';
import type { Access } from '../provider/provider.ts';
import type { Current } from './current.ts';
import { finish } from './finish.ts';
import type { InteractionNeeds } from './needs.ts';
import { backOf, pathOf, serviceName } from './page-parts.ts';
import { sessionAccess, sessionOf } from './session-access.ts';
import { startUpstream } from './start-upstream.ts';

/** The organization may come in; the person has to authenticate more strongly, or again. */
export function showStepUp(
  ctx: Context,
  current: Current,
  needs: InteractionNeeds,
  { access, signIn }: { access: Access; signIn: SignIn },
): void {
  const reference = { code: 'M-ELIG-022', id: needs.http.newReferenceId() } as const;
  const idp = needs.snapshot().identityProviders.get(signIn.idp);
  needs.logger.info(
    { errorId: reference.id, code: reference.code, client: current.client.client_id, wanted: access.decision.requiredAcr },
    'a stronger authentication is needed',
  );
  needs.http.renderPage(
    ctx,
    'step-up',
    {
      service: serviceName(current.service, language(ctx)),
      idp: idp?.name ?? signIn.idp,
      action: pathOf(current.interaction.uid, '/step-up', needs),
      tried: current.interaction.lastSubmission?.['step_up'] !== undefined,
      back: backOf(current, needs),
      reference,
    },
    { status: 403 },
  );
}

/** Asks the same identity provider again, for a level that the policy accepts. */
export async function stepUp(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const access = await sessionAccess(current, needs);
  if (access?.decision.decision !== 'step_up') {
    await finish(ctx, current.interaction, { eligibility: {} });
    return;
  }
  const { signIn } = await sessionOf(current, needs);
  const idp = needs.snapshot().identityProviders.get(signIn.idp);
  if (idp === undefined) throw new BrokerError('M-UPST-014', { detail: signIn.idp });
  await startUpstream(ctx, needs, {
    interaction: current.interaction,
    idp,
    email: signIn.email,
    requiredAcr: access.decision.requiredAcr ?? [],
  });
}
