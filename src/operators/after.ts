import { createAssess, startOfParisDay } from '../eligibility/eligibility.ts';
import type { Approval, Decision } from '../eligibility/eligibility.ts';
import { decisionClaims } from '../provider/provider.ts';
import { approvalId, approvalRowOf, refusal, transition } from '../registrations/registrations.ts';
import type { Act, Actor, Opened, RegistrationFile } from '../registrations/registrations.ts';
import type { ConsoleNeeds } from './section.ts';

type Needs = Pick<ConsoleNeeds, 'snapshot' | 'registrations' | 'facts' | 'clock'>;

/**
 * The file that an act would make.
 *
 * @throws BrokerError as the act itself would
 */
export function fileAfter(
  { file, circumstances }: Opened,
  actor: Actor,
  act: Act,
  at: Date,
): RegistrationFile {
  const outcome = transition(file, { actor, act, at }, circumstances);
  if (outcome.kind === 'refused') throw refusal(outcome.because, file.id, act.act);
  return outcome.file;
}

/** What tools will be told of a member of the organization, once the act is done. */
export interface ClaimAfter {
  readonly decision: Decision;
  /** What the tool receives, by the code that writes it. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * The same `decide()` and the same claims as a login, for somebody whose membership is verified and who signed in as
 * strongly as asked, with the approvals as they will be. Undefined while nobody can act for the organization.
 */
export async function claimAfter(
  needs: Needs,
  { organization }: Pick<Opened, 'organization'>,
  after: RegistrationFile,
  service: string,
): Promise<ClaimAfter | undefined> {
  const request = after.requests.find((one) => one.service === service);
  if (organization?.siren === undefined || organization.siret === undefined || request === undefined)
    return undefined;
  const { siren, siret } = organization;
  const held = await needs.registrations.organizationApprovals(siren);
  const row = approvalRowOf(after, request, siren, service);
  const approvals: readonly Approval[] = [
    ...held.filter(({ id }) => id !== approvalId(after.id, service)),
    ...(row === undefined
      ? []
      : [
          {
            id: row.id,
            siren,
            service,
            level: row.level,
            ground: row.ground,
            startsOn: row.starts_on,
            endsOn: row.ends_on,
            status: row.status,
          },
        ]),
  ];
  // A right that begins later is shown as of its first day.
  const now = needs.clock();
  const begins = row?.status === 'active' ? startOfParisDay(row.starts_on) : now;
  const at = begins > now ? begins : now;
  const assess = createAssess({
    organization: needs.facts,
    approvals: () => Promise.resolve(approvals),
    policyFor: (id, when) => needs.snapshot().policyFor(id, when),
    clock: () => at,
  });
  const { decision } = await assess({ service, clientId: service, siret, ...likelyPerson, authTime: at });
  return { decision, claims: decisionClaims({ service, decision, decisionId: 'd_…' }) };
}

/** Somebody of whom nothing else than their organization is in question. */
export const likelyPerson = {
  link: 'official_source',
  emailDomain: '',
  emailVerified: true,
  acr: 'eidas3',
  amr: ['mfa'],
  idp: '',
} as const;
