import { pino } from 'pino';
import { z } from 'zod';

import type { OrganizationSourceConfig } from '../../config/config.ts';
import { parseSiren, parseSiret } from '../../organizations/organizations.ts';
import type { Siren, Siret } from '../../organizations/organizations.ts';
import { createConnectors } from '../connectors.ts';
import type { Connectors } from '../connectors.ts';
import type { Protection } from '../protected-source.ts';
import type { SourceId } from '../source.ts';

export const now = new Date('2026-11-22T23:30:00Z');

export const siretOf = (text: string): Siret => parseSiret(text) ?? fail(text);
export const sirenFor = (text: string): Siren => parseSiren(text) ?? fail(text);

function fail(text: string): never {
  throw new Error(`not an identifier: ${text}`);
}

export function settingsOf(
  id: SourceId,
  url: string,
  rate = { count: 1000, windowMs: 1000 },
): OrganizationSourceConfig {
  switch (id) {
    case 'recherche_entreprises':
      return { id, url, rate };
    case 'api_sirene':
      return { id, url, rate, key: 'key-of-the-tests' };
    case 'api_entreprise':
      return { id, url, rate, token: 'token-of-the-tests', recipient: '13002526500013' };
  }
}

const lineSchema = z.record(z.string(), z.unknown());
export type LogLine = z.infer<typeof lineSchema>;

/** The connectors as the broker makes them; patient, because the machine of a test may be slow. */
export function connected(
  organizationSources: readonly OrganizationSourceConfig[],
  options: {
    readonly clock?: () => Date;
    readonly protection?: Partial<Omit<Protection, 'rate'>>;
    readonly eachMs?: number;
    readonly totalMs?: number;
    readonly log?: LogLine[];
  } = {},
): Connectors {
  const { clock = () => now, eachMs = 5_000, totalMs = 10_000, log = [] } = options;
  return createConnectors({
    config: {
      organizationSources,
      issuer: new URL('https://connexion.example.fr/api/v2'),
      production: false,
      privateNetworks: [],
    },
    clock,
    logger: pino(
      { base: null },
      { write: (line: string) => void log.push(lineSchema.parse(JSON.parse(line))) },
    ),
    patience: { eachMs, totalMs },
    protection: { failures: 3, restMs: 60, atOnce: 8, waiting: 100, fairMs: 50, ...options.protection },
  });
}

/** The first source of these connectors, asked alone. */
export const askFirst = ({ sources: [first] }: Connectors, siret: Siret, ms = 5_000) =>
  first === undefined
    ? Promise.reject(new Error('no source'))
    : first.ask(siret, { signal: AbortSignal.timeout(ms), urgency: 'sign_in' });
