import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { z } from 'zod';
import { policySchema } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { approvalSchema } from './approval.ts';
import { declaredClientSchema } from './client.ts';
import type { DeclaredSet } from './declared-set.ts';
import { declaredIdentityProviderSchema } from './identity-provider.ts';
import { membershipSchema } from './membership.ts';
import { operatorSchema } from './operator.ts';
import { organizationSchema } from './organization.ts';
import { referenceProblems } from './references.ts';
import { resourceServerSchema } from './resource-server.ts';
import { readSection, sectionNames } from './section.ts';
import type { Located } from './section.ts';
import { serviceSchema } from './service.ts';
import { readYamlFile } from './yaml-file.ts';
import type { Problem, Variables, YamlFile } from './yaml-file.ts';

export interface LoadOptions {
  /** What `${NAME}` stands for in the files. */
  readonly variables: Variables;
  /** Refuses the secrets of the demonstration. */
  readonly production: boolean;
}

export interface SourceText {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads every *.yaml of a folder and of its sub-folders.
 * @throws BrokerError M-CONF-002; its detail holds every problem, one a line: `file:line: reason`.
 */
export async function loadDeclarations(folder: string, options: LoadOptions): Promise<DeclaredSet> {
  const names = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new BrokerError('M-CONF-002', { detail: `${folder}: this folder cannot be read`, cause });
  });
  const hidden = (name: string): boolean => name.split(sep).some((part) => part.startsWith('.'));
  const files = names.filter((name) => /\.ya?ml$/.test(name) && !hidden(name)).sort();
  // Applying removes what is not declared: an empty folder is a mistyped name, not an order to remove everything.
  if (files.length === 0)
    throw new BrokerError('M-CONF-002', { detail: `${folder}: no *.yaml file in this folder` });
  const sources = await Promise.all(
    files.map(async (name) => ({
      name: join(folder, name),
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
  return readDeclarations(sources, options);
}

/** The same, from texts. @throws BrokerError M-CONF-002 */
export function readDeclarations(sources: readonly SourceText[], options: LoadOptions): DeclaredSet {
  const files = sources.map(({ name, text }) => readYamlFile(name, text, options.variables));
  const problems: Problem[] = files.flatMap((file) => [...file.problems, ...shapeProblems(file)]);
  const section = <T>(
    name: (typeof sectionNames)[number],
    kind: string,
    schema: z.ZodType<T>,
    idOf: (value: T) => string,
  ) => {
    const read = readSection(files, { name, kind, schema, idOf });
    problems.push(...read.problems);
    return read.entries;
  };

  const entries = {
    services: section('services', 'service', serviceSchema, ({ id }) => id),
    clients: section('clients', 'client', declaredClientSchema, ({ client_id: id }) => id),
    resourceServers: section('resource_servers', 'resource server', resourceServerSchema, ({ id }) => id),
    identityProviders: section(
      'identity_providers',
      'identity provider',
      declaredIdentityProviderSchema,
      ({ id }) => id,
    ),
    policies: section('policies', 'policy', policySchema, ({ service, version }) => `${service}@${version}`),
    operators: section('operators', 'operator', operatorSchema, ({ id }) => id),
    approvals: section('approvals', 'approval', approvalSchema, ({ id }) => id),
    memberships: section(
      'memberships',
      'membership',
      membershipSchema,
      (one) => `${one.idp}/${one.subject}/${one.siret}`,
    ),
    organizations: section('organizations', 'organization', organizationSchema, ({ siret }) => siret),
  };
  problems.push(...referenceProblems(files, entries, options));
  if (problems.length > 0) throw refusal(problems);

  const values = <T>(located: readonly Located<T>[]): readonly T[] => located.map(({ value }) => value);
  return {
    services: values(entries.services),
    clients: values(entries.clients),
    resourceServers: values(entries.resourceServers),
    identityProviders: values(entries.identityProviders),
    policies: values(entries.policies),
    operators: values(entries.operators),
    approvals: values(entries.approvals),
    memberships: values(entries.memberships),
    organizations: values(entries.organizations),
  };
}

function shapeProblems(file: YamlFile): readonly Problem[] {
  if (file.value === undefined || file.value === null) return [];
  const sections: readonly string[] = sectionNames;
  const expected = `expected ${sectionNames.join(', ')}`;
  const top = z.record(z.string(), z.unknown()).safeParse(file.value);
  if (!top.success) return [{ file: file.name, line: 1, reason: `is not a block of keys: ${expected}` }];
  return Object.keys(top.data)
    .filter((key) => !sections.includes(key))
    .map((key) => ({
      file: file.name,
      line: file.lineOf([], key),
      reason: `unknown key "${key}": ${expected}`,
    }));
}

function refusal(problems: readonly Problem[]): BrokerError {
  const ordered = problems.toSorted((left, right) =>
    left.file === right.file ? left.line - right.line : left.file < right.file ? -1 : 1,
  );
  const lines = ordered.map(({ file, line, reason }) => `${file}:${line}: ${reason}`);
  return new BrokerError('M-CONF-002', { detail: [...new Set(lines)].join('\n') });
}
