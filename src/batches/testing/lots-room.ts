/** One demonstration for the tests of lots: two operators, fifty invented associations. */
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { loadTerritories } from '../../organizations/organizations.ts';
import { openRoom, operatorCalled } from '../../registrations/testing/room.ts';
import type { Room } from '../../registrations/testing/room.ts';
import { createBatches } from '../batches.ts';
import type { Batches, BatchesNeeds, Viewer } from '../batches.ts';
import { csvOf, inventAssociations } from './associations.ts';
import type { Association } from './associations.ts';

export const [anne, marc] = [operatorCalled('anne'), operatorCalled('marc')];
/** Departments that an operator is charged with; all of them unless said. */
export const charges = new Map<string, readonly string[] | 'none'>();
const within =
  (departments?: readonly string[]): Viewer['within'] =>
  ({ department }) =>
    departments?.includes(department ?? '') !== false;
export const seeing = (actor: Viewer['actor'], departments?: readonly string[]): Viewer => ({
  actor,
  within: within(departments),
  chargeOf({ id }) {
    const charge = charges.get(id);
    return charge === 'none' ? undefined : within(charge);
  },
  confirmers: () =>
    ['anne', 'marc', 'zoe'].map((id) => ({
      id,
      email: `${id}@operateur.example`,
      within: within(departmentsOf(id)),
    })),
});
const departmentsOf = (id: string): readonly string[] | undefined => {
  const charge = charges.get(id);
  return charge === 'none' ? [] : charge;
};

export let room: Room;
export let associations: readonly Association[];
export let batches: Batches;
export const problems: unknown[] = [];

export const needsWith = (change: Partial<BatchesNeeds['registrations']> = {}): BatchesNeeds => ({
  db: room.stores.db,
  clock: room.needs.clock,
  logger: {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object) => void problems.push(fields),
  },
  randomBytes: room.needs.randomBytes,
  randomId: room.needs.randomId,
  onCommit: () => undefined,
  issuer: 'https://maillon.example',
  territories: () => territories,
  registrations: { ...room.registrations, ...change },
});
const territories = loadTerritories();

beforeAll(async () => {
  room = await openRoom();
  associations = await inventAssociations(room.stores.db, 50);
  batches = createBatches(needsWith());
}, 180_000);
afterAll(() => room.close());

/** A lot that waits for its list. */
export const begin = (change: object = {}) =>
  batches.start(
    {
      services: ['docs'],
      ...room.terms(),
      text: 'Associations départementales de maires, dont tous les membres sont publics.',
      rule: 'Règle publiée le 2 mars 2026',
      ...change,
    },
    anne,
  );
export async function withList(of: readonly Association[], change: object = {}): Promise<string> {
  const id = await begin(change);
  const file = { name: 'liste.csv', bytes: csvOf(of) };
  expect(await batches.saveList({ id, seen: 1, viewer: seeing(anne) }, file)).toBeUndefined();
  return id;
}
/** What somebody sees, and the act that they may ask for. */
export async function seen(id: string, viewer: Viewer) {
  const opened = await batches.open(id, viewer);
  return {
    opened,
    on: { id, seen: opened.batch.seen, viewer },
    digest: opened.run?.digest ?? '',
    verdicts: Object.fromEntries(
      [...Map.groupBy(opened.run?.judged ?? [], ({ verdict, reason }) => reason ?? verdict)].map(
        ([name, of]) => [name, of.length],
      ),
    ),
  };
}
export async function ended(id: string, state: string): Promise<Readonly<Record<string, number>>> {
  const stop = batches.carryingOut.start();
  await vi.waitFor(
    async () => {
      const { db } = room.stores;
      const row = await db.selectFrom('batch').select('state').where('id', '=', id).executeTakeFirst();
      expect(row?.state).toBe(state);
    },
    { timeout: 30_000, interval: 20 },
  );
  await stop();
  const { lines } = await batches.open(id, seeing(anne));
  return Object.fromEntries(
    [...Map.groupBy(lines, ({ outcome }) => outcome ?? 'none')].map(([outcome, of]) => [outcome, of.length]),
  );
}
export const refusal = (code: string) => expect.objectContaining({ code }) as unknown;
export const listed = async (viewer: Viewer, isBounded: boolean) =>
  (await batches.list(viewer, { isBounded })).batches.map(({ batch }) => batch.id);
export const filesOf = (id: string) =>
  room.stores.db.selectFrom('registration').select('id').where('lot', '=', id).orderBy('id').execute();
