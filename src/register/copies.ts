import type { Source, Statements } from '../organizations/organizations.ts';

/** Milliseconds during which what a connector fetched is believed without asking again. */
export const freshMs = 24 * 3_600_000;
/** Milliseconds after which it is not believed at all, however long the source stays away. */
export const usableMs = 30 * 24 * 3_600_000;

const connectors = [
  'api_sirene',
  'api_entreprise',
  'recherche_entreprises',
] as const satisfies readonly Source[];
const isConnector = (source: string): boolean => connectors.some((one) => one === source);

/** Who tells us of a change by themselves: an import, a configuration. What they say of a unit does not age here. */
const standing = ['configuration', 'organizations', 'sirene'] as const satisfies readonly Source[];

/**
 * When the oldest part of what is known was fetched, ISO date and time; undefined for what was imported or declared. An
 * operator's correction of one fact makes nobody renew the others: it does not count.
 */
export function copiedAt(
  statements: Statements,
  establishment: { readonly source: string; readonly fetchedAt: Date | null },
): string | undefined {
  const ofUnit = standing.some((source) => statements[source] !== undefined)
    ? undefined
    : connectors
        .flatMap((source) => statements[source]?.fetchedAt ?? [])
        .sort()
        .at(-1);
  const ofEstablishment = isConnector(establishment.source)
    ? establishment.fetchedAt?.toISOString()
    : undefined;
  return [ofUnit, ofEstablishment].filter((time) => time !== undefined).sort()[0];
}

export const staleAt = (fetchedAt: string): Date => new Date(Date.parse(fetchedAt) + usableMs);

/** To be renewed: and if that fails, to be shown with its age. */
export const isStale = (fetchedAt: string | undefined, now: Date): boolean =>
  fetchedAt !== undefined && now.getTime() >= Date.parse(fetchedAt) + freshMs;

export const isUsable = (fetchedAt: string, now: Date): boolean => now < staleAt(fetchedAt);
