import { personRecord } from '../audit/audit.ts';
import { invitationsOfPerson } from '../invitations/invitations.ts';
import type { InvitationOfPerson } from '../invitations/invitations.ts';
import { mailsTo } from '../mail/mail.ts';
import { partnerIdsOf, partnerSubject } from '../partners/partners.ts';
import { ofPerson } from '../registrations/registrations.ts';
import type { Fact, Item } from './item.ts';
import type { PersonalDataNeeds, Person } from './needs.ts';

/*
 * Invitations, mails, the record of acts, and what somebody is charged with.
 */

async function* invitations(
  { db, clock, snapshot }: PersonalDataNeeds,
  person: Person,
  side: InvitationOfPerson['side'],
  facts: (one: InvitationOfPerson) => readonly Fact[],
): AsyncGenerator<Item> {
  for (const one of await invitationsOfPerson(db, clock(), person)) {
    if (one.side !== side) continue;
    const { service, startsOn, endsOn, revokedAt, reason } = one;
    yield {
      facts: [
        ['service', snapshot().services.get(service)?.name.fr ?? service],
        ...facts(one),
        ['startsOn', startsOn],
        ['endsOn', endsOn],
        ['revokedAt', revokedAt],
        ['reason', reason],
      ],
    };
  }
}

/** The addresses are those that the person gave: what they provided is theirs to take away (GDPR art. 20). */
export const readSent = (needs: PersonalDataNeeds, accountId: string): AsyncGenerator<Item> =>
  invitations(needs, { accountId, address: undefined }, 'sent', ({ address }) => [['email', address]]);

/** Where the data came from is told (GDPR art. 14(2)(f)): who invited, and for whom; not how to reach them. */
export const readReceived = (needs: PersonalDataNeeds, address: string): AsyncGenerator<Item> =>
  invitations(needs, { accountId: undefined, address }, 'received', ({ sponsor }) => [
    ['by', sponsor.name],
    ['organization', sponsor.organization],
  ]);

export async function* readMails({ db, bounces }: PersonalDataNeeds, address: string): AsyncGenerator<Item> {
  for (const { subject, text, createdAt, sentAt } of await mailsTo(db, address)) {
    yield {
      facts: [
        ['title', subject],
        ['createdAt', createdAt],
        ['sentAt', sentAt],
      ],
      whole: { text },
    };
  }
  // That a mail server refused the address, as long as that is known.
  for (const { at, code } of await bounces.of(db, address))
    yield {
      facts: [
        ['at', at],
        ['reason', code],
      ],
    };
}

const kinds = ['operator', 'account', 'command_line', 'clock', 'register'] as const;

/** What an act is called on a page: few words for many acts. */
function kindOfAct(act: string): string {
  if (/\.(?:read|search|find|open|list_erasures)$/u.test(act)) return 'reading';
  if (act.endsWith('.export')) return 'copy';
  if (act === 'person.erase' || act === 'audit.erase') return 'erasure';
  const [thing = ''] = act.split('.');
  return ['registration', 'evidence', 'invitation', 'membership', 'operator'].includes(thing)
    ? thing
    : 'other';
}

/**
 * Of what others did, the act, the day and the reason: who it was is theirs, and what they wrote before and after may be
 * about somebody else (GDPR art. 15(4)).
 */
export async function* readRecord({ db }: PersonalDataNeeds, accountId: string): AsyncGenerator<Item> {
  const files = await ofPerson.files(db, accountId);
  const subjects = files.map(({ id }) => `registration:${id}`);
  const about = (await partnerIdsOf(db, accountId)).map(partnerSubject);
  for await (const entry of personRecord(db, accountId, subjects, about)) {
    const own = entry.actor === `account:${accountId}` || about.includes(entry.actor);
    const { at, act, subject, reason, before, after } = entry;
    const kind = kinds.find((one) => entry.actor.startsWith(one)) ?? 'account';
    yield {
      facts: [
        ['at', at],
        ['act', { code: act, kind: 'act', words: kindOfAct(act) }],
        ['number', subject.startsWith('registration:') ? subject.slice('registration:'.length) : undefined],
        ['by', own ? undefined : { code: kind, kind: 'by', words: kind }],
        ['reason', reason],
      ],
      whole: own ? { subject, before, after } : { subject },
    };
  }
}
