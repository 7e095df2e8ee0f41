import { policyInForce } from '../eligibility/eligibility.ts';
import type { Policy, PolicyInForce } from '../eligibility/eligibility.ts';
import type { BuiltIn } from './built-in.ts';
import type { Client } from './client.ts';
import type { HeldDomain } from './held-domain.ts';
import type { IdentityProvider } from './identity-provider.ts';
import type { Operator } from './operator.ts';
import type { ResourceServer } from './resource-server.ts';
import type { Service } from './service.ts';

/** Everything declared, as of one revision. Immutable: a change is another snapshot. */
export interface Snapshot {
  readonly revision: number;
  /** Of the catalogue. */
  readonly services: ReadonlyMap<string, Service>;
  /** Declared ones and those that registered themselves. Ours is not among them: it is no tool. */
  readonly clients: ReadonlyMap<string, Client>;
  /** By resource, the address that clients send. */
  readonly resourceServers: ReadonlyMap<string, ResourceServer>;
  readonly identityProviders: ReadonlyMap<string, IdentityProvider>;
  /** Service → every version of its policy. Which one is in force: `policyFor`. */
  readonly policies: ReadonlyMap<string, readonly Policy[]>;
  /** By id. */
  readonly operators: ReadonlyMap<string, Operator>;
  /** Domain → its identity providers in order of id, disabled ones included: whoever routes says so. */
  readonly idpsByDomain: ReadonlyMap<string, readonly IdentityProvider[]>;
  /** By domain: nobody is believed by an address there, or below. */
  readonly heldDomains: ReadonlyMap<string, HeldDomain>;
  /** Of an authorization request: ours too (built-in.ts). */
  clientOf(clientId: string): Client | undefined;
  /** The service of a client, or ours. */
  serviceOf(client: Client): Service | undefined;
  /** The policy in force at that instant; undefined when none has begun. */
  policyFor(service: string, at: Date): PolicyInForce | undefined;
}

export interface SnapshotContents {
  readonly revision: number;
  readonly services: readonly Service[];
  /** Of two with one id the later one counts. */
  readonly clients: readonly Client[];
  readonly resourceServers: readonly ResourceServer[];
  readonly identityProviders: readonly IdentityProvider[];
  readonly policies: readonly Policy[];
  readonly operators: readonly Operator[];
  readonly heldDomains?: readonly HeldDomain[];
  readonly builtIn?: BuiltIn | undefined;
}

export function buildSnapshot(contents: SnapshotContents): Snapshot {
  const policies = groupBy(contents.policies, ({ service }) => [service]);
  const identityProviders = contents.identityProviders.toSorted((left, right) =>
    left.id < right.id ? -1 : 1,
  );
  const services = new Map(contents.services.map((service) => [service.id, service]));
  const clients = new Map(contents.clients.map((client) => [client.client_id, client]));
  const { builtIn } = contents;
  return Object.freeze({
    revision: contents.revision,
    services,
    clients,
    resourceServers: new Map(contents.resourceServers.map((server) => [server.resource, server])),
    identityProviders: new Map(identityProviders.map((idp) => [idp.id, idp])),
    policies,
    operators: new Map(contents.operators.map((operator) => [operator.id, operator])),
    heldDomains: new Map((contents.heldDomains ?? []).map((held) => [held.domain, held])),
    idpsByDomain: groupBy(identityProviders, ({ domains }) => domains),
    clientOf: (id: string) => (id === builtIn?.client.client_id ? builtIn.client : clients.get(id)),
    serviceOf: (client: Client) =>
      client.client_id === builtIn?.client.client_id ? builtIn.service : services.get(client.service),
    policyFor(service: string, at: Date) {
      return policyInForce(policies.get(service) ?? [], at);
    },
  });
}

function groupBy<T>(
  items: readonly T[],
  keysOf: (item: T) => readonly string[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
