import type { ReasonCode } from '../eligibility/eligibility.ts';
import type { RefusalWay } from '../http/http.ts';
import { examined, suspended } from '../registrations/registrations.ts';
import type { FileSummary, RequestState } from '../registrations/registrations.ts';

/** What is known when somebody is refused. */
export interface Refused {
  readonly reason: ReasonCode;
  readonly service: string;
  readonly siren: string | undefined;
  /** Files that this very person sent, the newest first. */
  readonly files: readonly FileSummary[];
  /** Help desk of the identity provider. */
  readonly support: { readonly href: string; readonly name: string } | undefined;
  /** The same page again, which asks again. */
  readonly retryHref: string;
  readonly basePath: string;
}

/** What passes by itself, or once a register answers. */
const passing: readonly ReasonCode[] = [
  'registry_unavailable_stale',
  'organization_not_found_in_registry',
  'approval_pending',
];
/** What the identity provider says of the person, or what it is. */
const ofProvider: readonly ReasonCode[] = [
  'organization_unknown',
  'organization_closed',
  'organization_not_found_in_registry',
  'membership_not_verified',
  'idp_not_allowed',
  'acr_insufficient',
];
/** Another address would do; the session that stands would sign the same person in again. */
const ofAddress: readonly ReasonCode[] = [
  'membership_not_verified',
  'email_domain_not_allowed',
  'idp_not_allowed',
  'guest_not_invited',
];

const against: readonly RequestState[] = [
  'refused',
  'implicitly_refused',
  'abrogated',
  'withdrawn_by_authority',
  'upheld',
  'implicitly_upheld',
];

/** The right stands, or the person gave the request up: neither is in the way, nor a way out. */
const beside: readonly RequestState[] = ['approved', 'implicitly_accepted', 'withdrawn', 'renounced'];

/** What the person finds in their file. */
function fileWords(state: RequestState): RefusalWay['words'] {
  const among = (states: readonly RequestState[]): boolean => states.includes(state);
  if (among([...examined, 'appealed'])) return 'follow';
  if (among([...suspended, 'suspension_notified'])) return 'answer';
  if (among(against)) return 'contest';
  return among(['expired', 'renewal_due']) ? 'renew' : 'open';
}

/** A request of this person for this service and this organization: they need no other one, and what was decided is there. */
export function ownRequest({ files, siren, service }: Pick<Refused, 'files' | 'siren' | 'service'>) {
  const ofOrganization = files.filter((file) => file.stage !== 'draft' && file.siren === siren);
  const found = ofOrganization.flatMap(({ id, requests }) =>
    requests.filter((one) => one.service === service).map(({ state }) => ({ id, state })),
  );
  // A later request that was withdrawn, or a right that was given up, hides none that still says something.
  const over: readonly RequestState[] = ['withdrawn', 'renounced'];
  return siren === undefined ? undefined : (found.find(({ state }) => !over.includes(state)) ?? found[0]);
}

/** Links to what can be done now, beside the sentences of the catalogue; the most useful first. */
export function waysOut(refused: Refused): readonly RefusalWay[] {
  const { reason, support, retryHref, basePath } = refused;
  const own = ownRequest(refused);
  return [
    ...(own === undefined || beside.includes(own.state)
      ? []
      : [{ words: fileWords(own.state), href: `${basePath}/demandes/${own.id}`, name: own.id }]),
    ...(passing.includes(reason) ? [{ words: 'retry' as const, href: retryHref }] : []),
    ...(ofAddress.includes(reason) ? [{ words: 'other' as const, href: `${basePath}/compte` }] : []),
    ...(support !== undefined && ofProvider.includes(reason)
      ? [{ words: 'support' as const, href: support.href, name: support.name }]
      : []),
  ];
}
