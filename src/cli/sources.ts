import { createLogger } from '../config/config.ts';
import type { OrganizationSourceConfig } from '../config/config.ts';
import { createConnectors, SourceUnavailable } from '../connectors/connectors.ts';
import type { ProtectedSource } from '../connectors/connectors.ts';
import { parseSiret, sourceLabel } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { Answer } from '../register/register.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';

/** As long as a person at a terminal waits for one source. */
const probeMs = 10_000;

/** The registers that this broker asks over the network, in order; with `--probe SIRET`, what each answers now. */
export async function registrySources(surroundings: Surroundings, { values }: Arguments): Promise<void> {
  const config = configOf(surroundings);
  const asked = probed(values.get('probe'));
  if (config.organizationSources.length === 0) {
    surroundings.print('No source is configured (ORGANIZATION_SOURCES): nobody is asked over the network.');
    return;
  }
  const { sources } = createConnectors({
    config,
    clock: surroundings.clock,
    // What the breaker says is of no use to one request.
    logger: createLogger({ level: 'silent' }),
    patience: { eachMs: probeMs, totalMs: probeMs },
  });
  const answers =
    asked === undefined ? undefined : await Promise.all(sources.map((source) => answerOf(source, asked)));
  surroundings.print(
    table([
      ['SOURCE', 'NAME', 'ADDRESS', 'AT MOST', ...(answers === undefined ? [] : ['ANSWER'])],
      ...config.organizationSources.map((source, index) => [
        source.id,
        sourceLabel(source.id),
        source.url,
        rateText(source),
        ...(answers === undefined ? [] : [answers[index] ?? '']),
      ]),
    ]),
  );
}

function probed(text: string | undefined): Siret | undefined {
  if (text === undefined) return undefined;
  const siret = parseSiret(text);
  if (siret === undefined) throw new UsageError(`--probe: "${text}" is not a SIRET`);
  return siret;
}

const rateText = ({ rate }: OrganizationSourceConfig): string =>
  `${rate.count}/${rate.windowMs === 1_000 ? 's' : 'min'}`;

async function answerOf(source: ProtectedSource, siret: Siret): Promise<string> {
  const began = performance.now();
  const answer = await source
    .ask(siret, { signal: AbortSignal.timeout(probeMs), urgency: 'sign_in' })
    .then(answerText, (error: unknown) => {
      if (error instanceof SourceUnavailable) return `no answer: ${error.message}`;
      throw error;
    });
  return `${answer} (${Math.round(performance.now() - began)} ms)`;
}

function answerText(answer: Answer): string {
  switch (answer.kind) {
    case 'not_found':
      return 'there is none';
    case 'not_diffusible':
      return 'exists, not diffusible';
    case 'moved':
      return `duplicate of ${answer.successor}`;
    case 'found': {
      const { name = 'name not kept', legalCategory = 'unknown', unitState } = answer.organization.facts;
      const state = unitState === 'A' && answer.establishment.state === 'A' ? 'active' : 'closed';
      return `${name}, category ${legalCategory}, ${state}`;
    }
  }
}
