import { parisDate } from '../eligibility/eligibility.ts';
import type { OperatorReview, Said } from '../http/http.ts';
import {
  dataQualityLabel,
  isDataQualityFlag,
  isOrganizationType,
  organizationTypeLabel,
} from '../organizations/organizations.ts';
import type { Opened, SeenFinding } from '../registrations/registrations.ts';
import { actorName } from './file-words.ts';

type Lang = 'fr' | 'en';

/**
 * Why a file is to be looked at again: what has moved in the register since its rights were decided (`maillon registry
 * check`). Facts of the register, none a judgement; the same one for several services is said once. What nobody has seen
 * comes first.
 */
export function reviewFacts(
  { file, findings }: Pick<Opened, 'file' | 'findings'>,
  lang: Lang,
): readonly OperatorReview[] {
  const alike = Map.groupBy(findings, ({ reason, detail, seen }) => JSON.stringify([seen, reason, detail]));
  return [...alike.values()]
    .flatMap(([first]) => first ?? [])
    .toSorted(
      (one, other) =>
        Number(one.seen) - Number(other.seen) || one.foundAt.getTime() - other.foundAt.getTime(),
    )
    .map((finding) => ({
      words: finding.reason,
      since: parisDate(finding.foundAt),
      detail: findingSaid(finding, lang),
      seen: finding.seen ? seenBy(file, finding) : undefined,
    }));
}

/** Whoever said so last of this reason: with fewer doubts than were seen, it is seen all the same. */
function seenBy({ events }: Opened['file'], { service, reason }: SeenFinding): OperatorReview['seen'] {
  const last = events.findLast(
    ({ act }) =>
      act.act === 'see_changes' &&
      act.findings.some((one) => one.service === service && one.reason === reason),
  );
  return last && { at: last.at, by: actorName(last.actor) };
}

/** For the history: what was looked at, each once. */
export function findingsSaid(findings: readonly SeenFinding[], lang: Lang): readonly Said[] {
  const alike = new Map(findings.map((one) => [JSON.stringify([one.reason, one.detail]), one]));
  return [...alike.values()].flatMap((finding) => {
    const detail = findingSaid(finding, lang);
    return [{ t: `op.review.${finding.reason}` }, ...(detail === undefined ? [] : [detail])];
  });
}

/** What was and what is, of a finding whose reason alone does not say it. */
function findingSaid(
  { reason, detail }: Pick<SeenFinding, 'reason' | 'detail'>,
  lang: Lang,
): Said | undefined {
  switch (reason) {
    // Of each source that has another name.
    case 'renamed':
      return detail;
    case 'rna_changed':
    case 'legal_category_changed':
    case 'head_office_moved':
      return changeSaid(detail, (value) => value);
    case 'type_changed':
      return changeSaid(detail, (value) =>
        isOrganizationType(value) ? organizationTypeLabel(value, lang) : value,
      );
    case 'public_service_changed':
      return { t: `op.review.detail.${detail.startsWith('public') ? 'publicLost' : 'publicGained'}` };
    case 'sources_disagree':
      return detail
        .split(', ')
        .map((flag) => (isDataQualityFlag(flag) ? dataQualityLabel(flag, lang) : flag))
        .join(' ; ');
    case 'merged': {
      const [, successor] = /^replaced by (.+)$/u.exec(detail) ?? [];
      return successor === undefined ? undefined : { t: 'op.review.detail.successor', after: successor };
    }
    case 'dissolved':
      return onDay('dissolved', detail);
    case 'facts_outdated':
      return onDay('newest', detail);
    case 'not_in_register':
    case 'unit_closed':
    case 'every_establishment_closed':
    case 'head_office_closed':
      return undefined;
  }
}

function changeSaid(detail: string, worded: (value: string) => string): Said {
  const [before = '', after = ''] = detail.split(' → ');
  return after === 'none' || after === ''
    ? { t: 'op.review.detail.gone', after: worded(before) }
    : `${worded(before)} → ${worded(after)}`;
}

function onDay(words: 'dissolved' | 'newest', detail: string): Said | undefined {
  const [date] = /\d{4}-\d{2}-\d{2}$/u.exec(detail) ?? [];
  return date === undefined ? undefined : { t: `op.review.detail.${words}`, date };
}
