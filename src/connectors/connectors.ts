/**
 * connectors/: the public registers that are asked over the network, for organizations that ours does not hold.
 *
 * What it does: asks API Recherche d'entreprises, API Sirene and API Entreprise for one SIRET, in the configured order,
 * and tells "there is none" from "nobody could say". Each source has a quota, a breaker and a bulkhead of its own, and a
 * bounded time; nobody is asked unless ORGANIZATION_SOURCES names them, and readiness never depends on them.
 *
 * Flow: register/ misses a SIRET or holds an old copy → chain.ts → protected-source.ts (may we ask?) → api-sirene.ts,
 * api-entreprise.ts or recherche-entreprises.ts (URL, statuses, zod) → ask.ts (one GET) → an `Answer` in our records,
 * without personal data, that register/ keeps.
 *
 * May import: register, eligibility (dates), organizations, http (fetch), config, errors.
 */
import type { Clock, Config, Logger, OrganizationSourceConfig } from '../config/config.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { createGuardedFetch, reachOf } from '../http/http.ts';
import type { GuardedFetch } from '../http/http.ts';
import { isSiret } from '../organizations/organizations.ts';
import type { Elsewhere } from '../register/register.ts';
import { createApiEntreprise } from './api-entreprise.ts';
import { createApiSirene } from './api-sirene.ts';
import { answerLimit, createAsk } from './ask.ts';
import { createChain, usualPatience } from './chain.ts';
import type { Patience } from './chain.ts';
import { createProtectedSource, usualProtection } from './protected-source.ts';
import type { ProtectedSource, Protection, SourceStatus } from './protected-source.ts';
import { createRechercheEntreprises } from './recherche-entreprises.ts';
import type { OrganizationSource } from './source.ts';

export { SourceUnavailable } from './source.ts';
export type { ProtectedSource, SourceStatus } from './protected-source.ts';

export interface Connectors {
  /** Undefined when no source is configured: then nobody is ever asked. */
  readonly elsewhere: Elsewhere | undefined;
  /** In the order in which they are asked. */
  readonly sources: readonly ProtectedSource[];
  status(): readonly SourceStatus[];
}

/** @throws BrokerError M-CONF-001 when the recipient of API Entreprise is no SIRET */
export function createConnectors(needs: {
  readonly config: Pick<Config, 'organizationSources' | 'issuer' | 'production' | 'privateNetworks'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly patience?: Patience;
  readonly protection?: Omit<Protection, 'rate'>;
}): Connectors {
  const { config, clock, logger, patience = usualPatience, protection = usualProtection } = needs;
  const fetch = createGuardedFetch({
    ...reachOf(config),
    timeoutMs: patience.eachMs,
    maxBytes: answerLimit,
    redirectsAnswer: true,
  });
  const sources = config.organizationSources.map((settings) =>
    createProtectedSource(
      sourceOf(settings, { fetch, clock, userAgent: `Maillon (${config.issuer.host})` }),
      {
        protection: { ...protection, rate: settings.rate },
        clock,
        logger,
      },
    ),
  );
  return {
    elsewhere:
      sources.length === 0
        ? undefined
        : createChain({
            sources,
            patience,
            onProblem: (error) => logger.error({ err: error }, 'an answer of a register could not be read'),
          }),
    sources,
    status: () => sources.map((source) => source.status()),
  };
}

function sourceOf(
  settings: OrganizationSourceConfig,
  needs: { readonly fetch: GuardedFetch; readonly clock: Clock; readonly userAgent: string },
): OrganizationSource {
  const { fetch, clock } = needs;
  const today = () => parisDate(clock());
  const base = settings.url;
  const ask = (headers: Readonly<Record<string, string>> = {}) =>
    createAsk({ source: settings.id, fetch, clock, headers: { 'user-agent': needs.userAgent, ...headers } });
  switch (settings.id) {
    case 'recherche_entreprises':
      return createRechercheEntreprises({ base, today, ask: ask() });
    case 'api_sirene':
      return createApiSirene({ base, today, ask: ask({ 'x-insee-api-key-integration': settings.key }) });
    case 'api_entreprise': {
      const { recipient, token } = settings;
      if (!isSiret(recipient))
        throw new BrokerError('M-CONF-001', {
          detail: 'API_ENTREPRISE_RECIPIENT must be a SIRET that exists.',
        });
      return createApiEntreprise({ base, today, recipient, ask: ask({ authorization: `Bearer ${token}` }) });
    }
  }
}
