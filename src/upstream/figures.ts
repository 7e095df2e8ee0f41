import type { IdentityProvider } from '../declarations/declarations.ts';
import type { Metrics } from '../http/http.ts';
import type { IdpStatus } from './status.ts';

/** Counts the end of each exchange of a sign-in, and what it took. */
export function exchangeFigures(
  metrics: Metrics,
): (idp: Pick<IdentityProvider, 'id'>, outcome: string, ms: number) => void {
  const ends = metrics.counter('maillon_idp_exchanges_total', 'Ends of sign-ins, by provider and outcome', [
    'idp',
    'outcome',
  ]);
  const seconds = metrics.duration(
    'maillon_idp_exchange_seconds',
    'What a provider takes from the code to the identity',
    ['idp'],
  );
  return ({ id: idp }, outcome, ms) => {
    ends.inc({ idp, outcome });
    seconds.observe({ idp }, ms / 1000);
  };
}

/** What monitoring reads of each identity provider: docs/identity-providers/README.md. */
export function statusFigures(metrics: Metrics, statuses: () => readonly IdpStatus[]): void {
  const figure = (name: string, help: string, read: (one: IdpStatus) => number | undefined): void =>
    metrics.gauge(`maillon_idp_${name}`, help, ['idp'], () =>
      statuses().flatMap((one) => {
        const value = read(one);
        return value === undefined ? [] : [{ labels: { idp: one.id }, value }];
      }),
    );
  const instant = (date: Date | undefined) => date && Math.floor(date.getTime() / 1000);
  figure('up', '1: people are sent there; 0: they are told that it does not answer', ({ reach, breaker }) =>
    reach === 'away' || breaker === 'open' ? 0 : 1,
  );
  figure('stale', '1: its metadata could not be read again, the former serve', ({ reach }) =>
    reach === 'failing' ? 1 : 0,
  );
  figure('recent_exchanges', 'Of the last 15 minutes', ({ recent }) => recent.asked);
  figure('recent_failures', 'Of the last 15 minutes', ({ recent }) => recent.failed);
  figure('key_changes', 'Since this process started', ({ keyChanges }) => keyChanges);
  figure('metadata_read_timestamp_seconds', 'Last time they were read', (one) => instant(one.metadataReadAt));
  figure('keys_read_timestamp_seconds', 'Last time they were read', (one) => instant(one.keysReadAt));
  figure('last_success_timestamp_seconds', 'Last sign-in', (one) => instant(one.lastSuccess));
  figure('certificate_end_timestamp_seconds', 'End of its TLS certificate', (one) =>
    instant(one.certificateEndsAt),
  );
}
