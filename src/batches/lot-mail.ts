import type { Kysely } from 'kysely';
import { nameInMail, plainMail } from '../http/http.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import { queueMail } from '../mail/mail.ts';
import type { Mail } from '../mail/mail.ts';
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

export interface LotMailFacts {
  readonly to: string;
  readonly id: string;
  readonly author: Pick<OperatorActor, 'givenName' | 'usualName'>;
  /** Organizations. */
  readonly lines: number;
  readonly issuer: string;
}

const organizations = (count: number): string =>
  count === 1 ? 'une organisation' : `${count} organisations`;

/** To one person who may confirm. No organization and no reason stands in the mail: they are in the console. */
export function lotMail(about: Proposed['about'], { to, id, author, lines, issuer }: LotMailFacts): Mail {
  const link = `${issuer}/operateur/lots/${id}`;
  const name = nameInMail(`${author.givenName} ${author.usualName}`);
  const { subject, asks } = {
    lot: {
      subject: 'Un lot attend votre confirmation',
      asks: `${name} propose d’accorder un droit à ${organizations(lines)}, avec le lot ${id}.`,
    },
    undo: {
      subject: 'Le retrait d’un lot attend votre confirmation',
      asks: `${name} propose de retirer ce que le lot ${id} a accordé à ${organizations(lines)}.`,
    },
  }[about];
  return plainMail({
    to,
    subject,
    sentences: [asks, 'Une deuxième personne doit le confirmer ou le refuser, à cette adresse :', link],
    link,
    about: `batch:${id}`,
  });
}

/** Everybody who may confirm all of it today is told, but whoever proposes it. */
export async function tellConfirmers(
  trx: Kysely<Database>,
  { clock, randomId, issuer }: Pick<BatchesNeeds, 'clock' | 'randomId' | 'issuer'>,
  { batch, viewer, about, places, lines }: Proposed,
): Promise<void> {
  const { actor: author } = viewer;
  const mails = viewer
    .confirmers()
    .filter(({ id, within }) => id !== author.id && liesWithin(batch, { within }, places))
    .map(({ email: to }) => lotMail(about, { to, id: batch.id, author, lines, issuer }));
  await queueMail(trx, clock(), mails, randomId);
}
