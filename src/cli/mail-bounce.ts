import { appendAudit } from '../audit/audit.ts';
import { createFingerprints } from '../config/config.ts';
import { bouncePurpose, createBounces, noteDeliveryFailure, readDeliveryStatus } from '../mail/mail.ts';
import { commandLineActor } from './command-line-actor.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { withStores } from './with-stores.ts';

/**
 * `maillon mail bounce`: a report of the deployer's mail server, from standard input. What is no such report, and reports of mails
 * that are not ours, or known already, are left alone: nobody is answered, and the mail server has nothing to try again.
 */
export async function mailBounce(surroundings: Surroundings): Promise<void> {
  const { clock, print } = surroundings;
  const failures = readDeliveryStatus(await surroundings.readInput());
  if (failures.length === 0) {
    print('Not a report of a failed delivery: left alone.');
    return;
  }
  const config = configOf(surroundings);
  const bounces = createBounces(createFingerprints(config.encryptionKeys, bouncePurpose));
  const actor = commandLineActor(surroundings);
  const noted = await withStores(surroundings, config, ({ db }) =>
    db.transaction().execute(async (trx) => {
      const at = clock();
      const found = [];
      for (const failure of failures) {
        const mail = await noteDeliveryFailure(trx, at, failure, bounces);
        if (mail !== undefined) found.push({ ...mail, code: failure.code ?? null });
      }
      await appendAudit(
        trx,
        at,
        found.map(({ id, about, code }) => ({
          act: 'mail.bounce',
          subject: `mail:${id}`,
          actor,
          after: { about, code },
        })),
      );
      return found;
    }),
  );
  for (const { id, about, code } of noted)
    print(`mail ${id} (${about}) was not delivered: ${code ?? 'not in time'}.`);
  if (noted.length < failures.length)
    print('A mail that is not ours, or whose failure is known: left alone.');
}
