import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { newMigratedDataDir } from '../../../test/support/migrated-data-dir.ts';
import type { AuditActor } from '../../audit/audit.ts';
import { createOneTimeCodes } from '../../codes/codes.ts';
import { openStores } from '../../storage/storage.ts';
import type { Stores } from '../../storage/storage.ts';
import { createDns, createDomains } from '../domains.ts';
import type { DomainAuthor, Domains, OperatorAtWork, ProviderDomains } from '../domains.ts';

/** What the DNS answers: records by name, or the code of an error. */
export type Zone = Map<string, readonly string[] | string>;

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** A resolver of tests: what is not in the zone does not exist. */
export const lookupsOf = (zone: Zone) => ({
  resolveTxt(name: string): Promise<string[][]> {
    const found = zone.get(name) ?? 'ENOTFOUND';
    // In pieces, as the DNS has them.
    return typeof found === 'string'
      ? Promise.reject(failure(found))
      : Promise.resolve(found.map((text) => [text.slice(0, 7), text.slice(7)]));
  },
  resolveMx(name: string): Promise<{ exchange: string; priority: number }[]> {
    const found = zone.get(`mx ${name}`) ?? 'ENOTFOUND';
    return typeof found === 'string'
      ? Promise.reject(failure(found))
      : Promise.resolve(found.map((exchange) => ({ exchange, priority: 10 })));
  },
});

export interface DomainsRoom {
  readonly stores: Stores;
  readonly domains: Domains;
  readonly zone: Zone;
  /** `siren domain` of what was taken away. */
  readonly lost: string[];
  readonly providers: ProviderDomains[];
  pass(days: number): void;
  now(): Date;
  representative(siren: string): DomainAuthor;
  operator(id: string, own?: readonly string[]): OperatorAtWork;
  /** Recipient and subject of what was queued, the oldest first; they are forgotten then. */
  mails(): Promise<
    readonly { readonly recipient: string; readonly subject: string; readonly text: string }[]
  >;
  acts(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const day = 24 * 3600 * 1000;

export async function openDomainsRoom(): Promise<DomainsRoom> {
  let now = Date.parse('2026-11-02T06:00:00Z');
  const clock = () => new Date(now);
  const dataDir = await newMigratedDataDir();
  const stores = await openStores({ dataDir, clock });
  const { db, ephemeral } = stores;
  const zone: Zone = new Map();
  const lost: string[] = [];
  const providers: DomainsRoom['providers'] = [];
  const domains = createDomains({
    db,
    clock,
    logger: {
      info: () => undefined,
      error: (fields: object) => {
        throw new Error(JSON.stringify(fields));
      },
    },
    randomId: randomUUID,
    randomBytes,
    dns: createDns(lookupsOf(zone), 50),
    providers: () => providers,
    isDisposable: (domain) => domain === 'jetable.example',
    representativesOf: (siren) => Promise.resolve([{ email: `presidence@${siren}.example` }]),
    deciders: () => [{ email: 'operateur@operateur.example' }],
    organizationName: (siren) => Promise.resolve(`Association ${siren}`),
    onLost: (siren, domain) => Promise.resolve(lost.push(`${siren} ${domain}`)),
    onCommit: () => undefined,
    issuer: 'https://connexion.example.fr',
    codes: createOneTimeCodes({
      ephemeral,
      clock,
      random: randomBytes,
      pepper: new Uint8Array(32),
      assertTrusted: () => undefined,
    }),
  });
  return {
    stores,
    domains,
    zone,
    lost,
    providers,
    pass: (days) => (now += days * day),
    now: clock,
    representative: (siren) => ({
      kind: 'applicant',
      accountId: `00000000-0000-4000-8000-000${siren}`,
      givenName: 'Maëlle',
      usualName: 'Le Goff',
      email: `presidence@${siren}.example`,
    }),
    operator(id, own = []) {
      const named = {
        id,
        given_name: id,
        usual_name: 'Fictif',
        capacity: 'cheffe de bureau',
        organization: 'Direction fictive',
      };
      const actor: Extract<AuditActor, { kind: 'operator' }> = {
        kind: 'operator',
        id,
        givenName: id,
        usualName: 'Fictif',
        capacity: named.capacity,
        organization: named.organization,
      };
      return {
        actor,
        operator: named,
        isOwn: (siren) => Promise.resolve(own.includes(siren)),
      };
    },
    async mails() {
      const rows = await db
        .selectFrom('mail')
        .select(['recipient', 'subject', 'text'])
        .orderBy('created_at')
        .orderBy('recipient')
        .execute();
      await db.deleteFrom('mail').execute();
      return rows;
    },
    async acts() {
      const rows = await db.selectFrom('audit_entry').select('act').orderBy('seq').execute();
      return rows.map(({ act }) => act);
    },
    async close() {
      await stores.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
