import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { anyMember, createApprovals, explain, simulate } from '../eligibility/eligibility.ts';
import type { Decision, KnownOrganization, Simulated } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { identify, parseSiren } from '../organizations/organizations.ts';
import {
  instantOf,
  longestDocument,
  previewPolicy,
  readPolicyDocument,
  totalOf,
} from '../policies/policies.ts';
import type { Counts, Listed, Preview, Side } from '../policies/policies.ts';
import { organizationRecord } from '../register/register.ts';
import type { Arguments } from './commands.ts';
import { languageOf } from './policy.ts';
import { assertService, withPolicyKnowledge } from './policy-knowledge.ts';
import type { PolicyKnowledge } from './policy-knowledge.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';

/** One organization at every service, or at one: the decision, and each predicate that was looked at. */
export async function policySimulate(
  surroundings: Surroundings,
  { positionals: [asked = ''], values, flags }: Arguments,
): Promise<void> {
  const language = languageOf(values);
  const now = surroundings.clock();
  const { organization, simulated } = await withPolicyKnowledge(surroundings, async (knowledge) => {
    const { db, snapshot } = knowledge;
    const service = values.get('service');
    if (service !== undefined) assertService(snapshot, service);
    const known = await organizationOf(asked, knowledge);
    const { siren } = known.organization;
    const approvals = await createApprovals({ db, clock: () => now }).forSiren(siren);
    return {
      organization: known.organization,
      simulated: simulate(service === undefined ? [...snapshot.services.keys()] : [service], {
        policyFor: (id, at) => snapshot.policyFor(id, at),
        subject: { ...anyMember(now), organization: known.organization, approvals },
        now,
        circumstances: { factsStaleAt: known.staleAt },
      }),
    };
  });
  if (flags.has('json')) {
    surroundings.print(
      JSON.stringify({ siret: organization.siret, name: organization.name, simulated }, null, 2),
    );
    return;
  }
  surroundings.print(
    [
      `${organization.name} (SIRET ${organization.siret}), for a member who signed in as strongly as can be and has no invitation.`,
      ...simulated.map((one) => section(one, language)),
    ].join('\n\n'),
  );
}

async function organizationOf(asked: string, { db, registry }: PolicyKnowledge) {
  const found = identify(asked);
  let known: KnownOrganization | undefined;
  if (found.kind === 'siret') known = await registry.held(found.siret);
  else {
    const record = await organizationRecord(db, asked);
    const siren = record && parseSiren(record.id);
    const office = siren && (await registry.bySiren(siren));
    known = office && (await registry.held(office.siret));
  }
  const { organization, staleAt } = known ?? {};
  if (organization !== undefined) return { organization, staleAt };
  throw new BrokerError('M-REGI-002', { detail: `${asked}: nobody can sign in for it.` });
}

const partWords = { guard: '', rule: 'rule ', grace: 'after its approval, rule ' } as const;

function section({ service, decision }: Simulated, language: 'fr' | 'en'): string {
  const { summary, todo } = explain(decision, language);
  const rows = decision.trace.flatMap(({ part, id, truth, tests }) =>
    tests.map((test) => [
      `${partWords[part]}${id} (${String(truth)})`,
      test.name,
      shown(test.expected),
      shown(test.value),
      String(test.truth),
      test.source,
      test.asOf,
    ]),
  );
  return [
    `${service}: ${outcome(decision)} [${decision.policy}]`,
    summary,
    ...todo.map((step) => `- ${step}`),
    ...(rows.length === 0
      ? []
      : [table([['OF', 'PREDICATE', 'EXPECTED', 'VALUE', 'HOLDS', 'SOURCE', 'AS OF'], ...rows])]),
  ].join('\n');
}

function outcome({ decision, level, rule, reason, basis, grace }: Decision | Side): string {
  const after = grace === undefined ? '' : `, ended on ${grace.endedOn}, open until ${grace.lastDay}`;
  if (decision === 'allow')
    return `allowed as ${level ?? '?'} by rule ${rule ?? '?'}, ${basis ?? '?'}${after}`;
  const because = reason ?? '?';
  return decision === 'deny' ? `refused: ${because}` : `to sign in again: ${because}`;
}

const shown = (value: unknown): string =>
  value === undefined ? '(unknown)' : value === null ? '(none)' : JSON.stringify(value);

/** What a file would change for every organization that the register holds, and for every approval. */
export async function policyPreview(
  surroundings: Surroundings,
  { positionals: [file = ''], flags }: Arguments,
): Promise<void> {
  const after = await policyIn(surroundings, file);
  const preview = await withPolicyKnowledge(
    surroundings,
    async ({ db, snapshot, territories, exceptions }) => {
      assertService(snapshot, after.service);
      const now = surroundings.clock();
      const before = snapshot.policyFor(after.service, instantOf(after, now))?.policy;
      try {
        return await previewPolicy(
          { before, after },
          {
            db,
            territories,
            exceptions,
            now,
            onProgress: (done) => surroundings.rewriteLine?.(`${done} organizations`),
          },
        );
      } finally {
        surroundings.rewriteLine?.('');
      }
    },
  );
  surroundings.print(flags.has('json') ? JSON.stringify(preview, null, 2) : written(preview));
}

/** @throws BrokerError M-POLI-006, a line for each fault */
async function policyIn({ cwd }: Surroundings, file: string) {
  let text: string;
  try {
    text = await readFile(resolve(cwd, file), 'utf8');
  } catch {
    throw new UsageError(`The file ${file} cannot be read.`);
  }
  const read = readPolicyDocument(text.slice(0, longestDocument + 1));
  if (read.kind === 'policy') return read.policy;
  const faults = read.problems.map(({ line, reason }) => `${file}:${line}: ${reason}`);
  throw new BrokerError('M-POLI-006', { detail: `\n${faults.join('\n')}` });
}

const counted = (counts: Counts): readonly string[] =>
  [counts.gains, counts.loses, counts.changes, counts.unchanged].map(String);

function written(preview: Preview): string {
  const { before, after, at, byCategory, organizations, approvals, withoutEstablishment, listed } = preview;
  return [
    `${before ?? 'no policy'} → ${after}, as of ${at}, for members who signed in as strongly as can be.`,
    table([
      ['CATEGORY', 'GAIN', 'LOSE', 'CHANGE', 'SAME'],
      ...byCategory.map(({ category, counts }) => [category, ...counted(counts)]),
      ['all', ...counted(organizations)],
      [`approvals for ${preview.service}`, ...counted(approvals)],
    ]),
    `${totalOf(organizations)} organizations. Nobody can sign in for ${withoutEstablishment} more (no establishment), nor with ${approvals.absent} approvals (organization not held).`,
    ...(['loses', 'gains', 'changes'] as const).map((verdict) =>
      list(verdict, listed[verdict], organizations[verdict]),
    ),
    ...afterwardsWritten(preview),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const afterwardsTitles = { stops: 'STOP', goes_on: 'GO ON', changes: 'GO ON OTHERWISE' } as const;

/** On the day after the last one of each approval, where a version lets a right go on. */
function afterwardsWritten({ afterwards }: Preview): readonly string[] {
  if (afterwards === undefined) return [];
  const { counts, listed } = afterwards;
  return [
    `After the last day of their approvals, with the draft: ${counts.stops} stop that go on now, ${counts.goes_on} go on that stop now, ${counts.changes} go on otherwise.`,
    ...(['stops', 'goes_on', 'changes'] as const)
      .filter((verdict) => listed[verdict].length > 0)
      .map((verdict) =>
        [
          `${afterwardsTitles[verdict]} AFTER THEIR APPROVAL (${listed[verdict].length < counts[verdict] ? `first ${listed[verdict].length} of ${counts[verdict]}` : counts[verdict]})`,
          table([
            ['SIREN', 'NAME', 'DEPT', 'APPROVAL', 'LAST DAY', 'BEFORE', 'AFTER'],
            ...listed[verdict].map(({ siren, name, department, approval, endsOn, before, after }) => [
              siren,
              name,
              department ?? '',
              approval,
              endsOn,
              outcome(before),
              outcome(after),
            ]),
          ]),
        ].join('\n'),
      ),
  ];
}

const titles = { gains: 'GAIN', loses: 'LOSE', changes: 'CHANGE' } as const;

function list(verdict: keyof typeof titles, listed: readonly Listed[], of: number): string {
  if (listed.length === 0) return '';
  return [
    `${titles[verdict]} (${listed.length < of ? `first ${listed.length} of ${of}` : of})`,
    table([
      ['SIREN', 'NAME', 'DEPT', 'BEFORE', 'AFTER', 'BECAUSE'],
      ...listed.map(({ siren, name, department, before, after }) => [
        siren,
        name,
        department ?? '',
        outcome(before),
        outcome(after),
        because(verdict === 'loses' && after.why.length === 0 ? before : after),
      ]),
    ]),
  ].join('\n');
}

const because = ({ why }: Side): string =>
  why.map(({ name, value, source, asOf }) => `${name} is ${shown(value)} (${source}, ${asOf})`).join('; ');
