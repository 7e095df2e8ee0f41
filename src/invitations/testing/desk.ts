import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { newMigratedDataDir } from '../../../test/support/migrated-data-dir.ts';
import { declaredWith } from '../../declarations/testing/database.ts';
import { aService } from '../../declarations/testing/samples.ts';
import { migrate, openStores } from '../../storage/storage.ts';
import type { Stores } from '../../storage/storage.ts';
import { createInvitations, createInviting } from '../invitations.ts';
import type { GuestConcerned, Inviting, MayInvite, Proposal, Sponsor } from '../invitations.ts';

export const services: readonly MayInvite[] = [
  { service: 'tchap', siret: '13002526500013', organization: 'Direction inventée' },
];
export const proposal: Proposal = {
  address: 'Membre@asso.example',
  service: 'tchap',
  reason: 'Préparer les réunions. https://elsewhere.example/',
  endsOn: '2027-01-31',
};
const siren = '130025265';
const beginning = new Date('2026-11-22T10:00:00Z').getTime();

/** Agents who invite, on a database of their own. */
export interface Desk {
  readonly stores: Stores;
  readonly clock: () => Date;
  /** Whose end was announced, oldest first. */
  readonly ended: GuestConcerned[];
  /** Another process. */
  another(): Inviting;
  newSponsor(givenName: string): Promise<Sponsor>;
  /** The organization of the sponsors, replaced. */
  organization(change: object): Promise<void>;
  /** Somebody acts for a legal unit; until when. */
  membership(who: Sponsor, siren: string, revokedAt: Date | null): Promise<void>;
  /** Id of the invitation, or the words of what is wrong. */
  invite(by: Sponsor, change?: Partial<Proposal>): Promise<string>;
  /** What `decide()` is told, now. */
  held(email?: string): Promise<readonly string[]>;
  pass(seconds: number): void;
  goTo(instant: string): void;
  /** Nothing is left, and it is 22 November 2026 again. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openDesk(databaseUrl: string | undefined): Promise<Desk> {
  let now = beginning;
  const clock = () => new Date(now);
  const dataDir = await newMigratedDataDir();
  const stores = await openStores({ databaseUrl, dataDir, clock });
  await migrate(stores, 'migrations');
  const { db } = stores;
  const { services: declared } = declaredWith({ services: [aService, { ...aService, id: 'tchap' }] });
  const snapshot = {
    revision: 1,
    services: new Map(declared.map((service) => [service.id, service])),
    clients: new Map(),
    resourceServers: new Map(),
    identityProviders: new Map(),
    policies: new Map(),
    operators: new Map(),
    heldDomains: new Map(),
    idpsByDomain: new Map(),
    clientOf: () => undefined,
    serviceOf: () => undefined,
    policyFor: () => undefined,
  };
  const ended: GuestConcerned[] = [];

  const desk: Desk = {
    stores,
    clock,
    ended,
    another: () =>
      createInviting({
        db,
        clock,
        logger: {
          info: () => undefined,
          error: (fields: object) => {
            throw new Error(JSON.stringify(fields));
          },
        },
        randomId: randomUUID,
        snapshot: () => snapshot,
        onChanged: () => undefined,
        onEnded: async (guest) => void ended.push(guest),
      }),
    async newSponsor(givenName) {
      const accountId = randomUUID();
      await db
        .insertInto('account')
        .values({ id: accountId, created_at: clock(), blocked_at: null })
        .execute();
      return { accountId, givenName, usualName: 'Renaud', email: `${givenName}@etat.example`.toLowerCase() };
    },
    async organization(change) {
      await db.deleteFrom('organization').where('siren', '=', siren).execute();
      await db
        .insertInto('organization')
        .values({
          siren,
          name: 'X',
          legal_category: '7120',
          unit_state: 'A',
          rna: null,
          created_on: null,
          declared_population: null,
          qualifications: '[]',
          suspended_at: null,
          source: 'test',
          source_date: '2026-01-01',
          updated_at: clock(),
          ...change,
        })
        .execute();
    },
    async membership(who, siren, revokedAt) {
      const at = clock();
      const seen = { first_seen_at: at, last_seen_at: at };
      const proof = { origin: 'idp', level: 'moderated', method: 'proof_received', idp_id: 'demo' } as const;
      const revoked = { revoked_at: revokedAt, revoked_by: revokedAt && 'operator:anne' };
      await db
        .insertInto('membership')
        .values({ account_id: who.accountId, siren, siret: `${siren}00013`, ...proof, ...seen, ...revoked })
        .onConflict((conflict) => conflict.columns(['account_id', 'siren']).doUpdateSet(revoked))
        .execute();
    },
    async invite(by, change = {}) {
      const invited = await desk.another().invite(by, { ...proposal, ...change }, services);
      if (invited.kind === 'problems') return invited.problems.map(({ words }) => words).join(' ');
      return invited.id;
    },
    async held(email = 'membre@asso.example') {
      const found = await createInvitations({ db, clock }).forEmail(email);
      return found.map(({ service, status, endsOn }) => `${service} ${status} ${endsOn}`);
    },
    pass(seconds) {
      now += seconds * 1000;
    },
    goTo(instant) {
      now = new Date(instant).getTime();
    },
    async clear() {
      now = beginning;
      ended.length = 0;
      await db.deleteFrom('invitation').execute();
      await db.deleteFrom('mail').execute();
      await desk.organization({});
    },
    async close() {
      await stores.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return desk;
}
