import { anyMember, policyInForce, simulate } from '../eligibility/eligibility.ts';
import type { Policy, PolicyInForce } from '../eligibility/eligibility.ts';
import { language } from '../http/http.ts';
import type { OperatorPolicyPages } from '../http/http.ts';
import { identify, organizationTypeLabel } from '../organizations/organizations.ts';
import { instantOf } from '../policies/policies.ts';
import type { Draft } from '../policies/policies.ts';
import { decisionShown } from './decision-shown.ts';
import { serviceName } from './file-words.ts';
import { draftPath, readDraft } from './policy-draft.ts';
import { listPage, whereItLies } from './route.ts';
import type { Asked, Route } from './route.ts';

type Model = OperatorPolicyPages['operator-simulation'];

/** `/operateur/simulation?numero=&brouillon=`: one organization at every service, or at one under a draft. */
async function show(asked: Asked): Promise<void> {
  const { ctx, me, needs } = asked;
  const lang = language(ctx);
  const given = new URLSearchParams(ctx.querystring);
  const number = (given.get('numero') ?? '').slice(0, 100);
  const id = given.get('brouillon') ?? '';
  const draft = id === '' || !me.mayAnywhere('policy.read') ? undefined : await needs.policyDrafts.get(id);
  const found = number.trim() === '' ? undefined : await answer(asked, number, draft);
  const problem = typeof found === 'string' ? found : undefined;
  needs.http.renderPage(
    ctx,
    'operator-simulation',
    {
      console: needs.frame(me, 'policies'),
      backHref: `${needs.basePath}${draft === undefined ? '/operateur/services' : draftPath(draft.service, draft.id)}`,
      action: `${needs.basePath}/operateur/simulation`,
      number,
      draft: draft && {
        id: draft.id,
        service: serviceName(needs.snapshot(), draft.service, lang),
        version: draft.base + 1,
      },
      problem,
      ...(typeof found === 'object' ? found : { services: [] }),
    },
    { formsStayHere: true, status: problem === undefined ? 200 : 422 },
  );
}

async function answer(
  { ctx, me, needs }: Asked,
  number: string,
  draft: Draft | undefined,
): Promise<Pick<Model, 'organization' | 'at' | 'services'> | NonNullable<Model['problem']>> {
  const lang = language(ctx);
  const asked = identify(number);
  if (asked.kind !== 'siret' && asked.kind !== 'siren') return 'malformed';
  const page = await needs.organization(asked.siren);
  const siret = asked.kind === 'siret' ? asked.siret : page?.siret;
  // What lies out of the perimeter is answered like what nobody knows.
  if (page === undefined || siret === undefined) return 'unknown';
  if (!me.may('organization.read', await whereItLies(page, needs))) return 'unknown';
  const { organization, staleAt } = await needs.facts(siret);
  if (organization === undefined) return 'unknown';
  const read = draft && readDraft(draft);
  if (read?.kind === 'problems') return 'draft';
  const now = needs.clock();
  const at = read === undefined ? now : instantOf(read.policy, now);
  const subject = {
    ...anyMember(at),
    organization,
    approvals: await needs.registrations.organizationApprovals(organization.siren),
  };
  const decisions = (
    services: readonly string[],
    policyFor: (service: string, instant: Date) => PolicyInForce | undefined,
    side?: 'before' | 'after',
  ): Model['services'] =>
    simulate(services, { policyFor, subject, now: at, circumstances: { factsStaleAt: staleAt } }).map(
      ({ service, decision }) => ({
        name: serviceName(needs.snapshot(), service, lang),
        side,
        decision: decisionShown(decision, lang),
      }),
    );
  const { snapshot } = needs;
  const versions = draft === undefined ? [] : await policiesOf(needs, draft.service);
  return {
    organization: {
      name: organization.name,
      siret: organization.siret,
      type: organizationTypeLabel(organization.type, lang),
      href: `${needs.basePath}/operateur/organisations/${encodeURIComponent(page.id)}`,
    },
    at,
    services:
      read === undefined
        ? decisions([...snapshot().services.keys()], (service, instant) =>
            snapshot().policyFor(service, instant),
          )
        : [
            ...decisions(
              [read.policy.service],
              (_service, instant) => policyInForce(versions, instant),
              'before',
            ),
            ...decisions(
              [read.policy.service],
              (_service, instant) => policyInForce([read.policy], instant),
              'after',
            ),
          ],
  };
}

const policiesOf = async (
  { policyDrafts }: Pick<Asked['needs'], 'policyDrafts'>,
  service: string,
): Promise<readonly Policy[]> => (await policyDrafts.versions(service)).map(({ policy }) => policy);

export const simulationRoutes: readonly Route[] = [
  listPage({ path: '/operateur/simulation', action: 'organization.read', answer: show }),
];
