import type { Service } from '../declarations/declarations.ts';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { examined } from '../registrations/registrations.ts';
import type { ApprovalHeld, FileSummary, Opened } from '../registrations/registrations.ts';
import type { ApplicantNeeds } from './needs.ts';

export interface ServiceChoices {
  /** What this file may ask for. */
  readonly free: readonly Service[];
  /** Open already, or asked for in another file that nobody has decided yet. */
  readonly others: readonly {
    readonly service: Service;
    readonly words: 'open' | 'asked';
    readonly endsOn?: string | undefined;
  }[];
}

/** Days before its end from which a right may be asked for again (domain reference §5.5). */
const renewableDays = 90;

/** Pure. @param renews whether the file renews a right: it asks for what is open */
export function choose(
  services: readonly Service[],
  about: {
    readonly approvals: readonly Pick<
      ApprovalHeld,
      'service' | 'status' | 'startsOn' | 'endsOn' | 'origin'
    >[];
    readonly files: readonly Pick<FileSummary, 'id' | 'requests'>[];
    readonly file: string;
    readonly renews: boolean;
    readonly today: string;
  },
): ServiceChoices {
  const { approvals, files, file, renews, today } = about;
  const asked = new Set(
    files
      .filter(({ id }) => id !== file)
      .flatMap(({ requests }) => requests)
      .filter(({ state }) => examined.some((one) => one === state))
      .map(({ service }) => service),
  );
  const others = services.flatMap((service): ServiceChoices['others'] => {
    if (asked.has(service.id)) return [{ service, words: 'asked' }];
    const open = approvals.find(
      (one) =>
        one.service === service.id &&
        one.status === 'active' &&
        one.startsOn <= today &&
        // What a file obtained, a file renews.
        one.endsOn >= (one.origin === 'registration' ? today : addDays(today, renewableDays + 1)),
    );
    return open === undefined || renews ? [] : [{ service, words: 'open', endsOn: open.endsOn }];
  });
  return {
    free: services.filter((service) => !others.some((other) => other.service.id === service.id)),
    others,
  };
}

export async function choicesOf(
  { file, organization, renews }: Opened,
  { registrations, snapshot, clock }: ApplicantNeeds,
): Promise<ServiceChoices> {
  const [approvals, files] =
    organization === undefined
      ? [[], []]
      : await Promise.all([
          registrations.organizationApprovals(organization.siren),
          registrations.organizationFiles(organization.id, {}),
        ]);
  return choose([...snapshot().services.values()], {
    approvals,
    // What other people ask for is theirs to know.
    files: files.filter(({ accountId }) => accountId === file.accountId),
    file: file.id,
    renews: renews !== undefined,
    today: parisDate(clock()),
  });
}
