import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '../eligibility/eligibility.ts';
import { isSamePerson, issuersOf } from './appointed-operators.ts';
import type { IssuerOf } from './appointed-operators.ts';
import type { DeclaredApproval } from './approval.ts';
import { builtInId } from './built-in.ts';
import { partnerProviderId } from './built-in-provider.ts';
import type { Client } from './client.ts';
import type { DeclaredIdentityProvider } from './identity-provider.ts';
import type { DeclaredMembership } from './membership.ts';
import { rolesApart } from './operator.ts';
import type { Operator } from './operator.ts';
import { sirenOfSiret, unitFields } from './organization.ts';
import type { DeclaredOrganization } from './organization.ts';
import type { ResourceServer } from './resource-server.ts';
import { member, namedIds } from './section.ts';
import type { Located } from './section.ts';
import type { Service } from './service.ts';
import type { Problem, YamlFile } from './yaml-file.ts';

interface Entries {
  readonly services: readonly Located<Service>[];
  readonly identityProviders: readonly Located<DeclaredIdentityProvider>[];
  readonly clients: readonly Located<Client>[];
  readonly resourceServers: readonly Located<ResourceServer>[];
  readonly policies: readonly Located<Policy>[];
  readonly operators: readonly Located<Operator>[];
  readonly approvals: readonly Located<DeclaredApproval>[];
  readonly memberships: readonly Located<DeclaredMembership>[];
  readonly organizations: readonly Located<DeclaredOrganization>[];
}

/** What no object can know alone: that what it names exists, and that two do not contradict each other. */
export function referenceProblems(
  files: readonly YamlFile[],
  entries: Entries,
  options: { readonly production: boolean },
): readonly Problem[] {
  const services = namedIds(files, 'services', 'id');
  const idps = namedIds(files, 'identity_providers', 'id');
  const ofUnknown = (located: Located<{ readonly service: string }>): readonly Problem[] =>
    services.has(located.value.service)
      ? []
      : [at(located, 'service', `unknown service "${located.value.service}"`)];
  const clients = namedIds(files, 'clients', 'client_id');
  const unknownClients = (located: Located<unknown>, field: string, ids: readonly string[]) =>
    ids.filter((id) => !clients.has(id)).map((id) => at(located, field, `unknown client "${id}"`));
  return [
    ...reserved(entries),
    ...entries.clients.flatMap(ofUnknown),
    ...entries.clients.flatMap((one) => unknownClients(one, 'introspects', one.value.introspects)),
    ...entries.resourceServers.flatMap((one) => [
      ...unknownClients(one, 'clients', one.value.clients),
      ...unknownClients(one, 'introspected_by', one.value.introspected_by),
    ]),
    ...sameResource(entries.resourceServers),
    ...entries.policies.flatMap(ofUnknown),
    ...entries.approvals.flatMap(ofUnknown),
    ...entries.memberships.flatMap((located) =>
      idps.has(located.value.idp)
        ? []
        : [at(located, 'idp', `unknown identity provider "${located.value.idp}"`)],
    ),
    ...operatorProblems(entries.operators, {
      services,
      idps,
      issuerOf: issuersOf(entries.identityProviders.map(({ value }) => value)),
    }),
    ...unitProblems(entries.organizations),
    ...(options.production ? [...entries.clients, ...entries.identityProviders].flatMap(demoSecret) : []),
  ];
}

/** Our own pages go by this name (built-in.ts). */
function reserved({ services, clients, identityProviders }: Entries): readonly Problem[] {
  const problem = (located: Located<unknown>, field: string): Problem =>
    at(located, field, `"${builtInId}" is the name of our own pages: choose another one`);
  return [
    ...services.filter(({ value }) => value.id === builtInId).map((one) => problem(one, 'id')),
    ...clients.filter(({ value }) => value.client_id === builtInId).map((one) => problem(one, 'client_id')),
    ...identityProviders
      .filter(({ value }) => value.id === partnerProviderId)
      .map((one) =>
        at(one, 'id', `"${partnerProviderId}" is the name of accounts kept here: choose another one`),
      ),
  ];
}

/** An identity is one operator: with two, nobody could say by virtue of which one an act was done. */
function operatorProblems(
  operators: readonly Located<Operator>[],
  known: {
    readonly services: ReadonlySet<unknown>;
    readonly idps: ReadonlySet<unknown>;
    readonly issuerOf: IssuerOf;
  },
): readonly Problem[] {
  return operators.flatMap((located, index) => {
    const { idp, perimeter, roles } = located.value;
    const pair = rolesApart(roles);
    const same = operators
      .slice(0, index)
      .find(({ value }) => isSamePerson(value, located.value, known.issuerOf));
    return [
      ...(known.idps.has(idp) || idp === partnerProviderId
        ? []
        : [at(located, 'idp', `unknown identity provider "${idp}"`)]),
      ...(perimeter?.services ?? [])
        .filter((service) => !known.services.has(service))
        .map((service) => at(located, 'perimeter', `unknown service "${service}"`)),
      ...(same === undefined
        ? []
        : [at(located, 'subject', `this identity is that of ${same.label} already`)]),
      ...(pair === undefined
        ? []
        : [at(located, 'roles', `"${pair[0]}" and "${pair[1]}" cannot be held by one person`)]),
    ];
  });
}

/** Two APIs cannot answer to one address: nobody would know whose token it is. */
function sameResource(servers: readonly Located<ResourceServer>[]): readonly Problem[] {
  return servers
    .filter(({ value }, index) =>
      servers.slice(0, index).some((other) => other.value.resource === value.resource),
    )
    .map((located) => at(located, 'resource', `"${located.value.resource}" is another server's already`));
}

/** Establishments of one legal unit describe it alike, or nobody knows which one to believe. */
function unitProblems(organizations: readonly Located<DeclaredOrganization>[]): readonly Problem[] {
  const units = new Map<string, Located<DeclaredOrganization>>();
  return organizations.flatMap((located) => {
    const siren = sirenOfSiret(located.value.siret);
    const first = units.get(siren);
    if (first === undefined) {
      units.set(siren, located);
      return [];
    }
    return unitFields
      .filter((field) => !isDeepStrictEqual(first.value[field], located.value[field]))
      .map((field) =>
        at(located, field, `"${field}" differs from that of ${first.label}, which has the same SIREN`),
      );
  });
}

/** The secrets of the demonstration are public: they say so themselves. */
function demoSecret(located: Located<unknown>): readonly Problem[] {
  const written = located.path.reduce<unknown>(member, located.file.value);
  return ['client_secret', 'former_client_secret'].flatMap((field) => {
    const secret = member(written, field);
    return typeof secret === 'string' && secret.includes('not-for-production')
      ? [at(located, field, 'the secret of the demonstration cannot serve in production')]
      : [];
  });
}

function at(located: Located<unknown>, field: string, reason: string): Problem {
  const { file, path, label } = located;
  return { file: file.name, line: file.lineOf([...path, field]), reason: `${label}: ${reason}` };
}
