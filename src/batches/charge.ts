import type { Kysely } from 'kysely';
import { BrokerError } from '../errors/errors.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { toGrant } from './examine.ts';
import type { DryRun, Viewer } from './examine.ts';
import type { Place } from './judge.ts';
import { carriedPlaces } from './places.ts';
import type { Batch } from './rows.ts';

/*
 * Four eyes are those of two people who are in charge on the day on which something is done: who proposed it and was removed
 * since, or charged with less, stands behind it no more.
 */

function check(
  { id, decision }: Batch,
  author: OperatorActor,
  within: ReturnType<Viewer['chargeOf']>,
  places: readonly Place[],
): void {
  const isCharged = places.every((place) =>
    decision.services.every((service) => within?.(place, service) === true),
  );
  if (within === undefined || !isCharged)
    throw new BrokerError('M-BULK-009', { detail: `${id}: ${author.id} proposed it` });
}

/** @throws BrokerError M-BULK-009 */
export function checkAuthor(batch: Batch, { chargeOf }: Viewer, run: DryRun): void {
  const places = toGrant(run).flatMap(({ place }) => place ?? []);
  check(batch, batch.author, chargeOf(batch.author, 'prepare'), places);
}

/** @throws BrokerError M-BULK-009 */
export async function checkUndoAuthor(
  trx: Kysely<Database>,
  batch: Batch,
  { chargeOf }: Viewer,
): Promise<void> {
  const author = batch.undo?.author ?? batch.author;
  const places = (await carriedPlaces(trx, [batch.id])).get(batch.id) ?? [];
  check(batch, author, chargeOf(author, 'confirm'), places);
}
