import type { FactName, Origins, Source } from '../organizations/organizations.ts';

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

/** Facts that decide who is let in: whether the copy is still good depends on those, not on a name or a website. */
const deciding = [
  'legalCategory',
  'type',
  'unitState',
  'dissolvedOn',
  'publicService',
] as const satisfies readonly FactName[];

/**
 * When the oldest part of what decides was fetched, ISO date and time; undefined when all of it was imported, declared or
 * corrected. Each fact ages with the statement that is believed for it: what others say of other facts renews nothing.
 */
export function copiedAt(
  origins: Origins,
  establishment: { readonly source: string; readonly fetchedAt: Date | null },
): string | undefined {
  const ofUnit = deciding.map((fact) => origins[fact]?.fetchedAt);
  const ofEstablishment = isConnector(establishment.source)
    ? establishment.fetchedAt?.toISOString()
    : undefined;
  return [...ofUnit, ofEstablishment].filter((time) => time !== undefined).sort()[0];
}

export const staleAt = (fetchedAt: string): Date => new Date(Date.parse(fetchedAt) + usableMs);

/** To be renewed: and if that fails, to be shown with its age. */
export const isStale = (fetchedAt: string | undefined, now: Date): boolean =>
  fetchedAt !== undefined && now.getTime() >= Date.parse(fetchedAt) + freshMs;

export const isUsable = (fetchedAt: string, now: Date): boolean => now < staleAt(fetchedAt);
