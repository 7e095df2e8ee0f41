import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { canonicalJson } from '../config/config.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { beginsOn } from './decision.ts';
import { judge } from './judge.ts';
import type { Judged, Place } from './judge.ts';
import { knownOf } from './known.ts';
import type { BatchesNeeds } from './needs.ts';
import { carriedPlaces } from './places.ts';
import { readLines } from './rows.ts';
import type { Batch, KeptLine, LineDecided } from './rows.ts';
import { isSamePerson } from './rules.ts';

/** Who looks at a lot, and how far they see. */
export interface Viewer {
  readonly actor: OperatorActor;
  readonly within: (place: Place, service: string) => boolean;
  /** How far somebody else may prepare lots, or confirm them, today; undefined: not at all. */
  readonly chargeOf: (
    person: OperatorActor,
    to: 'prepare' | 'confirm',
  ) => ((place: Place, service: string) => boolean) | undefined;
  /** Everybody who may confirm lots today, and how far. */
  readonly confirmers: () => readonly Confirmer[];
}

export interface Confirmer {
  readonly id: string;
  readonly email: string;
  readonly within: Viewer['within'];
}

/** What a lot would do if it were decided now, as this person may see it. */
export interface DryRun {
  /** Of the whole list of a draft; of what was proposed afterwards. */
  readonly judged: readonly Judged[];
  /** What was left out when it was proposed: nothing brings it back. */
  readonly leftOut: readonly KeptLine[];
  /** Of everything above: what is confirmed is what was shown. */
  readonly digest: string;
}

/** Lines that the lot would carry out. */
export const toGrant = ({ judged }: Pick<DryRun, 'judged'>): readonly Judged[] =>
  judged.filter(({ changes }) => changes.length > 0);

/** Of these, lines that bring an organization to the register. */
export const toEnter = (run: Pick<DryRun, 'judged'>): readonly Judged[] =>
  toGrant(run).filter(({ newcomer }) => newcomer !== undefined);

/** Judged again at each reading, from the registers and the files as they are. */
export async function dryRun(
  db: Kysely<Database>,
  { clock, territories }: Pick<BatchesNeeds, 'clock' | 'territories'>,
  batch: Batch,
  viewer: Viewer,
): Promise<DryRun> {
  const lines = await readLines(db, batch.id);
  const live = lines.filter(({ outcome }) => outcome !== 'left_out');
  const leftOut = lines.filter(({ outcome }) => outcome === 'left_out');
  const today = parisDate(clock());
  const people = [batch.author, viewer.actor];
  const { decision } = batch;
  const known = await knownOf(db, live, {
    territories: territories(),
    services: decision.services,
    people,
    today,
  });
  const judged = judge(live, known, { decision, today, people, within: viewer.within });
  return { judged, leftOut, digest: digestOf(batch, judged, leftOut, today) };
}

function digestOf(
  { id, decision }: Batch,
  judged: readonly Judged[],
  leftOut: readonly KeptLine[],
  today: string,
): string {
  const said = {
    id,
    decision: { ...decision, startsOn: beginsOn(decision, today) },
    lines: judged.map(({ line, verdict, reason, about, organization, changes, email, newcomer, differs }) => [
      line,
      verdict,
      reason ?? null,
      about ?? null,
      organization?.id ?? null,
      organization?.name ?? null,
      changes.map(({ service, before, after }) => [
        service,
        before === undefined ? null : [before.id, before.level, before.ground, before.endsOn],
        after.endsOn,
      ]),
      email ?? null,
      newcomer?.cells ?? null,
      differs.map(({ column, typed, held }) => [column, typed, held ?? null]),
    ]),
    leftOut: leftOut.map(({ line, reason }) => [line, reason ?? null]),
  };
  return createHash('sha256').update(canonicalJson(said)).digest('hex');
}

/** What is written of each line when the lot goes on. */
export const settled = ({ judged }: Pick<DryRun, 'judged'>): readonly LineDecided[] =>
  judged.map(({ line, verdict, reason, about, organization, department, changes, newcomer, stood }) => ({
    line,
    outcome: changes.length > 0 ? 'asked' : 'left_out',
    organization: organization?.id,
    department,
    name: organization?.name,
    services: changes.map(({ service }) => service),
    reason: verdict === 'same' ? 'same' : reason,
    about,
    entry: newcomer !== undefined && changes.length > 0 ? 'asked' : undefined,
    stood,
  }));

/**
 * A lot is there for its author, and for those within whose perimeter all of it lies: each of its services, each
 * organization that its lines name. What names nothing lies nowhere, and is never carried out.
 */
export async function isVisible(
  db: Kysely<Database>,
  batch: Batch,
  viewer: Viewer,
  run: DryRun | undefined,
): Promise<boolean> {
  if (isSamePerson(batch.author, viewer.actor)) return true;
  const { services } = batch.decision;
  if (run !== undefined) {
    if (run.judged.some(({ outside }) => outside)) return false;
    // A list that names nobody yet lies where its services do.
    const nowhere = { department: undefined, organizations: [] };
    return run.judged.some(({ organization }) => organization !== undefined)
      ? true
      : services.every((service) => viewer.within(nowhere, service));
  }
  return liesWithin(batch, viewer, (await carriedPlaces(db, [batch.id])).get(batch.id) ?? []);
}

/** @param places where the organizations of a decided lot lie */
export const liesWithin = (
  { decision: { services } }: Batch,
  { within }: Pick<Viewer, 'within'>,
  places: readonly Place[],
): boolean =>
  places.length > 0 && places.every((place) => services.every((service) => within(place, service)));
