import type { Kysely } from 'kysely';
import { plainMail } from '../http/http.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import { queueMail } from '../mail/mail.ts';
import type { Database } from '../storage/storage.ts';
import { liesWithin } from './examine.ts';
import type { Viewer } from './examine.ts';
import type { Place } from './judge.ts';
import type { BatchesNeeds } from './needs.ts';
import type { Batch } from './rows.ts';

interface Proposed {
  readonly batch: Batch;
  readonly viewer: Viewer;
  readonly about: 'lot' | 'undo';
  /** Of the organizations that it is about. */
  readonly places: readonly Place[];
  readonly lines: number;
}

const nameOf = ({ givenName, usualName }: OperatorActor): string => `${givenName} ${usualName}`;
const organizations = (count: number): string =>
  count === 1 ? 'une organisation' : `${count} organisations`;

/**
 * Everybody who may confirm all of it today is told, but whoever proposes it. No organization and no reason stands in the mail:
 * they are in the console.
 */
export async function tellConfirmers(
  trx: Kysely<Database>,
  { clock, randomId, issuer }: Pick<BatchesNeeds, 'clock' | 'randomId' | 'issuer'>,
  { batch, viewer, about, places, lines }: Proposed,
): Promise<void> {
  const { actor } = viewer;
  const link = `${issuer}/operateur/lots/${batch.id}`;
  const asks =
    about === 'lot'
      ? `${nameOf(actor)} propose d’accorder un droit à ${organizations(lines)}, avec le lot ${batch.id}.`
      : `${nameOf(actor)} propose de retirer ce que le lot ${batch.id} a accordé à ${organizations(lines)}.`;
  const mails = viewer
    .confirmers()
    .filter(({ id, within }) => id !== actor.id && liesWithin(batch, { within }, places))
    .map(({ email }) =>
      plainMail({
        to: email,
        subject:
          about === 'lot'
            ? 'Un lot attend votre confirmation'
            : 'Le retrait d’un lot attend votre confirmation',
        sentences: [asks, 'Une deuxième personne doit le confirmer ou le refuser, à cette adresse :', link],
        link,
        about: `batch:${batch.id}`,
      }),
    );
  await queueMail(trx, clock(), mails, randomId);
}
