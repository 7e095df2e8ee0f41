import { daysBetween, parisDate } from '../eligibility/eligibility.ts';
import type { OperatorQueueRow } from '../http/http.ts';
import {
  departmentByCode,
  isOrganizationType,
  organizationCategory,
  organizationTypeLabel,
} from '../organizations/organizations.ts';
import type { FileSummary, QueuePage } from '../registrations/registrations.ts';
import { fileHref } from './addresses.ts';
import { ageOf, isExamined, operatorName, toneOf } from './file-words.ts';
import type { SignedOperator } from './gate.ts';
import { expectedOf } from './queue-details.ts';
import type { QueueDetail } from './queue-details.ts';
import type { ConsoleNeeds } from './section.ts';

/** Where the line stands, and who reads it. */
interface Around {
  readonly me: SignedOperator;
  readonly needs: ConsoleNeeds;
  readonly query: string;
  readonly queue: QueuePage;
  readonly current: boolean;
  readonly lang: 'fr' | 'en';
}

/** One file in the queue: how long it has waited, what is asked, who has it in hand. */
export function rowOf(
  file: FileSummary,
  detail: QueueDetail | undefined,
  { me, needs, query, queue, current, lang }: Around,
): OperatorQueueRow {
  const { basePath, snapshot } = needs;
  const type =
    file.organizationType !== undefined && isOrganizationType(file.organizationType)
      ? file.organizationType
      : undefined;
  const expected = expectedOf({ hasRna: detail?.hasRna ?? false });
  const wait = file.dueOn === undefined ? undefined : daysBetween(queue.today, file.dueOn);
  const states = new Set(
    file.requests.map(({ state, proposed, contested }) => `${state} ${proposed} ${contested === true}`),
  );
  const shown = states.size === 1 ? file.requests.slice(0, 1) : file.requests;
  const name = (id: string) => snapshot().services.get(id)?.name[lang] ?? id;
  return {
    id: file.id,
    href: fileHref(basePath, file.id, query),
    current,
    dueOn: file.dueOn,
    late: wait !== undefined && wait < 0 ? -wait : undefined,
    soon: wait !== undefined && wait >= 0 && wait <= 7 ? wait : undefined,
    age:
      file.submittedAt !== undefined && isExamined(file)
        ? ageOf(parisDate(file.submittedAt), queue.today, queue.targetDays)
        : undefined,
    name: file.organizationName ?? file.organization ?? file.id,
    about: [
      ...(type === undefined ? [] : [organizationTypeLabel(type, lang)]),
      ...(file.department === undefined ? [] : [departmentByCode(file.department)?.name ?? file.department]),
      file.id,
    ],
    services: file.requests.map(({ service }) => name(service)),
    evidence:
      // Nobody asks for pieces of what is not examined.
      type !== undefined && organizationCategory(type) === 'association' && isExamined(file)
        ? {
            held: expected.filter((kind) => detail?.kinds.includes(kind)).length,
            expected: expected.length,
          }
        : { held: detail?.kinds.length ?? 0 },
    members: detail?.members,
    takenBy: file.takenBy === undefined ? undefined : operatorName(snapshot(), file.takenBy),
    mine: file.takenBy === me.operator.id,
    takeAction:
      file.takenBy === undefined && file.stage !== 'ended' && me.mayAnywhere('file.examine')
        ? `${basePath}/operateur/dossiers/${file.id}/actes/prendre`
        : undefined,
    seen: file.version,
    states: shown.map(({ service, state, proposed, contested }) => ({
      ...(shown.length > 1 ? { service: name(service) } : {}),
      state,
      tone: toneOf(state),
      proposed,
      appealed: contested === true && state !== 'appealed',
    })),
    review: detail?.review ?? false,
    toPost: detail?.toPost ?? false,
    transferred: detail?.transferred === true && isExamined(file),
  };
}
