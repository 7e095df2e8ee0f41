import type { Clock } from '../config/config.ts';
import type { KnownOrganization } from '../eligibility/eligibility.ts';
import type { OrganizationFacts, Siret } from '../organizations/organizations.ts';
import { isStale, isUsable, staleAt } from './copies.ts';
import { RegistersUnavailable } from './elsewhere.ts';
import type { Elsewhere, Found, Moved, Urgency } from './elsewhere.ts';

export type LookUp = (siret: Siret) => Promise<KnownOrganization>;

/**
 * Milliseconds that a login gives to the renewal of a copy that would do. Long enough for a source that is well (it
 * answers in a fifth of that), so that a fact of three weeks ago is not believed when today's is at hand; short enough
 * that nobody notices one that is not. Once its breaker is open the copy is given at once.
 */
const renewalPatienceMs = 600;
/** What the sources said of a SIRET that the register does not hold: milliseconds during which they are not asked again. */
const remembered = {
  not_found: 3_600_000,
  not_diffusible: 24 * 3_600_000,
  /** Long enough that one person who tries again asks nobody twice; their page says "try later". */
  unavailable: 10_000,
  /** The answer could not be written: it serves from here, with what is known of the organization at each moment. */
  unwritten: 30_000,
} as const;
const mostRemembered = 10_000;

type Outcome =
  | { readonly is: 'not_found' | 'not_diffusible' | 'unavailable' }
  | { readonly is: 'written' | 'unwritten'; readonly facts: Kept['facts'] };

/** An answer of the sources, once the register was told. */
export interface Kept {
  /** False when it could not be written in time. */
  readonly isWritten: boolean;
  /** What the register says now, or would say: a suspension that was decided since counts. */
  readonly facts: () => Promise<OrganizationFacts>;
}

interface LookUpNeeds {
  /** The register's own row. */
  readonly read: (siret: Siret) => Promise<OrganizationFacts | undefined>;
  readonly keep: (siret: Siret, answer: Found | Moved) => Promise<Kept>;
  readonly elsewhere: Elsewhere | undefined;
  readonly clock: Clock;
  readonly onProblem: (error: unknown) => void;
}

/**
 * What is known of an organization at this moment, for `decide()`:
 *
 * - imported, declared, or fetched less than 24 hours ago: the row;
 * - fetched earlier: the row after one attempt to renew it, marked `stale` when that fails;
 * - fetched more than 30 days ago and nobody to renew it: the row, too old (`staleAt` is past): the decision then says
 *   that the register does not answer, never that the organization is not public;
 * - unknown: what the configured registers say, kept from then on; "there is none" only if one of them said so.
 *
 * @throws only what the database throws
 */
export function createLookUp(needs: LookUpNeeds): LookUp {
  const { read, elsewhere, clock } = needs;
  const underway = new Map<Siret, Promise<Outcome>>();
  const memory = new Map<Siret, { readonly outcome: Outcome; readonly until: number }>();

  function remember(siret: Siret, outcome: Outcome): void {
    memory.delete(siret);
    if (outcome.is === 'written') return;
    memory.set(siret, { outcome, until: clock().getTime() + remembered[outcome.is] });
    for (const oldest of memory.keys()) {
      if (memory.size <= mostRemembered) break;
      memory.delete(oldest);
    }
  }

  async function ask(ofElsewhere: Elsewhere, siret: Siret, urgency: Urgency): Promise<Outcome> {
    const answer = await ofElsewhere(siret, urgency).catch((error: unknown) => {
      if (!(error instanceof RegistersUnavailable)) needs.onProblem(error);
      return { kind: 'unavailable' } as const;
    });
    if (answer.kind !== 'found' && answer.kind !== 'moved') return { is: answer.kind };
    const { facts, isWritten } = await needs.keep(siret, answer);
    return { is: isWritten ? 'written' : 'unwritten', facts };
  }

  /** One request for all who want the same; those who come after a refusal get the same one for a while. */
  function renew(ofElsewhere: Elsewhere, siret: Siret, urgency: Urgency): Promise<Outcome> {
    const known = memory.get(siret);
    if (known !== undefined && clock().getTime() < known.until) return Promise.resolve(known.outcome);
    const pending = underway.get(siret);
    if (pending !== undefined) return pending;
    const asked = ask(ofElsewhere, siret, urgency)
      .then((outcome) => {
        remember(siret, outcome);
        return outcome;
      })
      .finally(() => underway.delete(siret));
    underway.set(siret, asked);
    return asked;
  }

  return async (siret) => {
    const held = await read(siret);
    const now = clock();
    if (held !== undefined && !isStale(held.fetchedAt, now)) return known(held);
    if (elsewhere === undefined) return asHeld(held);
    const isSpare = held?.fetchedAt !== undefined && isUsable(held.fetchedAt, now);
    const asked = renew(elsewhere, siret, isSpare ? 'renewal' : 'sign_in');
    const outcome = isSpare ? await inTime(asked, needs.onProblem) : await asked;
    if ('facts' in outcome) return known(await outcome.facts());
    // A copy that is young enough outlives even "there is none": a source that errs takes nobody's access away at once.
    if (held !== undefined && (isSpare || outcome.is === 'unavailable')) return known(held);
    return absent(outcome.is);
  };
}

const known = (organization: OrganizationFacts): KnownOrganization => ({
  organization,
  staleAt: organization.fetchedAt === undefined ? undefined : staleAt(organization.fetchedAt),
});

/** The same of the register's own row alone: nobody is asked, whatever its age. */
export const asHeld = (held: OrganizationFacts | undefined): KnownOrganization =>
  held === undefined ? absent('not_found') : known(held);

const absences = {
  not_found: 'not_in_registry',
  not_diffusible: 'not_diffusible',
  unavailable: 'registry_unavailable',
} as const;

const absent = (outcome: keyof typeof absences): KnownOrganization => ({
  organization: undefined,
  absence: absences[outcome],
});

/** The renewal goes on when nobody waits for it any more: the next login finds what it brought. */
async function inTime(asked: Promise<Outcome>, onProblem: (error: unknown) => void): Promise<Outcome> {
  const { promise: patience, resolve } = Promise.withResolvers<Outcome>();
  const timer = setTimeout(() => {
    resolve({ is: 'unavailable' });
  }, renewalPatienceMs);
  try {
    return await Promise.race([asked, patience]);
  } finally {
    clearTimeout(timer);
    asked.catch(onProblem);
  }
}
