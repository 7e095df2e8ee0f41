import { BrokerError } from '../errors/errors.ts';
import { codeMail } from '../codes/codes.ts';
import type { Checked, CodeHolder, Issued } from '../codes/codes.ts';
import { queueMail } from '../mail/mail.ts';
import { begun, closedWay, consider, lastDayOf, own } from './ask.ts';
import { joinRoute, joinVersion, nothingPending, takesCodeOf } from './join-route.ts';
import type { JoiningNeeds, JoiningPerson } from './needs.ts';
import type { Joined } from './rows.ts';
import { openOf } from './rows.ts';
import { lockedOpen, step, unknownJoined } from './step.ts';

/** Of this account, for this establishment, read at this mailbox: no other code serves. */
const holderOf = (accountId: string, { siret, contact }: { siret: string; contact: string }): CodeHolder => ({
  purpose: 'official_contact',
  holder: `${accountId} ${siret}`,
  address: contact,
});

/**
 * Sends a code to an official mailbox that the registers know, and to nowhere else. While another one has to be waited for,
 * nothing is written: what was given up is not begun again.
 *
 * @param permit called when a code is due and nothing else stands against it; what it throws is thrown, and none is sent
 * @returns `joined` as it stands; undefined when nothing is open and no code was sent
 * @throws BrokerError M-JOIN-004 when the rules do not send one, M-JOIN-005 for a mailbox that is not on the list
 */
export async function sendOfficialCode(
  needs: JoiningNeeds,
  person: JoiningPerson,
  { typed, contact }: { readonly typed: string; readonly contact: string },
  permit?: () => Promise<void>,
): Promise<{ readonly joined: Joined | undefined; readonly issued: Issued }> {
  const { facts, answer } = await consider(needs, person, typed);
  const pending = facts.standing.pending === 'awaiting_code';
  const judged = pending ? joinRoute(nothingPending(facts)) : answer;
  if (facts.asked.found !== 'one' || judged.name !== 'official_code') throw closedWay(judged);
  if (!facts.contacts.includes(contact)) throw notListed(contact);
  const { siren, siret } = facts.asked.organization;
  // Begun for one establishment, it goes on for that one: another is asked for once this is given up.
  const begunFor = await openOf(needs.db, { accountId: person.accountId, siren });
  if (begunFor?.state === 'awaiting_code' && begunFor.siret !== siret) throw closedWay(answer);
  const issued = await needs.codes.issue(holderOf(person.accountId, { siret, contact }), permit);
  if (issued.outcome === 'wait') return { joined: begunFor, issued };
  const name = (await needs.organization(siren))?.name ?? siren;
  const joined = await needs.db.transaction().execute(async (trx) => {
    const from = await begun(trx, needs, person, { siren, siret, answer, facts });
    const sent = await step(trx, needs, from, {
      ...own(person, judged),
      act: { act: 'send_code' },
      change: { siret, contact },
    });
    const mail = codeMail({ to: contact, code: issued.code, service: name, purpose: 'official_contact' });
    await queueMail(trx, needs.clock(), [mail], needs.randomId);
    return sent;
  });
  needs.onCommit?.();
  return { joined, issued };
}

const notListed = (contact: string) =>
  new BrokerError('M-JOIN-005', { detail: `not a contact: ${contact.length} signs` });

/** What was read at the official mailbox: a member, or still none. */
export async function tryOfficialCode(
  needs: JoiningNeeds,
  person: JoiningPerson,
  { siren, typed }: { readonly siren: string; readonly typed: string },
): Promise<{ readonly checked: Checked; readonly joined: Joined }> {
  const { accountId } = person;
  const held = await openOf(needs.db, { accountId, siren });
  if (held?.state !== 'awaiting_code' || held.contact === undefined) throw unknownJoined(siren);
  const { contact, siret } = held;
  const checked = await needs.codes.check(holderOf(accountId, { siret, contact }), typed);
  if (checked !== 'right') return { checked, joined: held };
  // Whatever has changed since the code was sent: closed, refused, revoked.
  const { facts, answer } = await consider(needs, person, siret);
  if (answer.name !== 'request_pending' || !takesCodeOf(facts, contact))
    throw closedWay(joinRoute(nothingPending(facts)));
  const method = 'official_contact_code';
  const joined = await needs.db.transaction().execute(async (trx) => {
    const now = await lockedOpen(trx, { accountId, siren });
    if (now === undefined) throw unknownJoined(siren);
    return step(trx, needs, now, {
      ...own(person, { rule: `${joinVersion}/official_code`, reasons: [] }),
      act: { act: 'prove', method, until: lastDayOf(method, needs.clock()) },
    });
  });
  needs.onCommit?.();
  return { checked, joined };
}
