import { parisDate, policyInForce, policyWords } from '../eligibility/eligibility.ts';
import type { PolicyLine } from '../eligibility/eligibility.ts';
import { policyVersions } from '../declarations/declarations.ts';
import type { PolicyVersion } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { createPolicyDrafts, diffLines, policyText } from '../policies/policies.ts';
import type { NamedPerson } from '../policies/policies.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

/** Every version of every service: from when, whether it is in force, and who published it. */
export async function policyList(surroundings: Surroundings): Promise<void> {
  const now = surroundings.clock();
  const rows = await withStores(surroundings, configOf(surroundings), async ({ db }) => {
    const drafts = createPolicyDrafts({ db, clock: () => now, randomId: () => '' });
    const services = [...new Set((await policyVersions(db)).map(({ policy }) => policy.service))];
    return Promise.all(
      services.map(async (service) => {
        const versions = await drafts.versions(service);
        const current = policyInForce(
          versions.map(({ policy }) => policy),
          now,
        )?.policy;
        return versions.map(({ policy, origin, author, second }) => [
          `${service}@${policy.version}`,
          policy.valid_from,
          policy === current ? 'in force' : policy.valid_from > parisDate(now) ? 'to come' : 'past',
          origin === 'console'
            ? `console: ${named(author)}, confirmed by ${named(second)}`
            : 'files (maillon apply)',
        ]);
      }),
    );
  });
  surroundings.print(
    rows.length === 0
      ? 'No policy is declared: nobody enters any service.'
      : table([['VERSION', 'FROM', 'STATE', 'PUBLISHED'], ...rows.flat()]),
  );
}

const named = (person: NamedPerson | undefined): string =>
  person === undefined ? '(unknown)' : `${person.givenName} ${person.usualName}, ${person.capacity}`;

/** A version in plain sentences; `--json`: the document itself. */
export async function policyShow(
  surroundings: Surroundings,
  { positionals: [asked = ''], values, flags }: Arguments,
): Promise<void> {
  const language = languageOf(values);
  const { policy } = await withStores(surroundings, configOf(surroundings), ({ db }) =>
    versionNamed(asked, surroundings.clock(), (service) => policyVersions(db, service)),
  );
  if (flags.has('json')) {
    surroundings.print(JSON.stringify(policy, null, 2));
    return;
  }
  const { start, guards, rules, otherwise } = policyWords(policy, language);
  surroundings.print(
    [
      `${policy.service}@${policy.version}`,
      [start],
      guards.length === 0 ? [] : [guards],
      rules.map(({ id, lines }) => [{ depth: 0, text: `[${id}]` }, ...lines]),
      [otherwise],
    ]
      .flat()
      .map((part) => (typeof part === 'string' ? part : indented(part)))
      .join('\n\n'),
  );
}

export const indented = (lines: readonly PolicyLine[]): string =>
  lines.map(({ depth, text }) => `${'  '.repeat(depth)}${text}`).join('\n');

/** What one version changes of another, line by line. */
export async function policyDiff(
  surroundings: Surroundings,
  { positionals: [first = '', second = ''] }: Arguments,
): Promise<void> {
  const [before, after] = await withStores(surroundings, configOf(surroundings), async ({ db }) => {
    const read = (asked: string) =>
      versionNamed(asked, surroundings.clock(), (service) => policyVersions(db, service));
    return [await read(first), await read(second)];
  });
  const lines = diffLines(policyText(before.policy), policyText(after.policy));
  surroundings.print(
    [
      `--- ${before.policy.service}@${before.policy.version}`,
      `+++ ${after.policy.service}@${after.policy.version}`,
      ...lines.map(({ sign, text }) => `${sign} ${text}`),
    ].join('\n'),
  );
}

/** `docs`: the version in force, or else the next to come; `docs@2`: that one. @throws BrokerError M-POLI-001 */
async function versionNamed(
  asked: string,
  now: Date,
  read: (service: string) => Promise<readonly PolicyVersion[]>,
): Promise<PolicyVersion> {
  const [, service = '', number] = /^([a-z0-9][a-z0-9-]{0,63})(?:@([1-9][0-9]{0,8}))?$/.exec(asked) ?? [];
  if (service === '') throw new UsageError(`"${asked}" is not SERVICE or SERVICE@VERSION`);
  const versions = await read(service);
  const inForce = policyInForce(
    versions.map(({ policy }) => policy),
    now,
  )?.policy;
  const found =
    number === undefined
      ? (versions.find(({ policy }) => policy === inForce) ?? versions.at(-1))
      : versions.find(({ policy }) => policy.version === Number(number));
  if (found !== undefined) return found;
  const known = versions.map(({ policy }) => `${service}@${policy.version}`).join(', ');
  throw new BrokerError('M-POLI-001', {
    detail: `"${asked}": ${known === '' ? `the service "${service}" has no policy` : `there are ${known}`}.`,
  });
}

/** @throws UsageError */
export function languageOf(values: Arguments['values']): 'fr' | 'en' {
  const asked = values.get('language') ?? 'en';
  if (asked !== 'fr' && asked !== 'en') throw new UsageError(`--language is fr or en, not "${asked}"`);
  return asked;
}
