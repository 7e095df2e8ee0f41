import { randomUUID } from 'node:crypto';
import { createInviting } from '../../invitations/invitations.ts';
import type { GuestConcerned, Inviting } from '../../invitations/invitations.ts';
import type { ApplicantActor } from '../../registrations/registrations.ts';
import { association, openRoom, operatorCalled } from '../../registrations/testing/room.ts';
import type { Room } from '../../registrations/testing/room.ts';
import { createMembers } from '../members.ts';
import type { Members } from '../members.ts';

type Person = ApplicantActor;

/** An association whose people act for it, on a database of their own. */
export interface MembersRoom {
  readonly room: Room;
  /** Accounts whose end was announced, oldest first. */
  readonly ended: string[];
  readonly guestsEnded: GuestConcerned[];
  readonly inviting: Inviting;
  /** Another process. */
  readonly another: () => Members;
  /** Somebody signs in for a legal unit. @returns the id of the membership */
  readonly seen: (person: Person, siren?: string) => Promise<string>;
  /** An operator approves the file of somebody: they represent the association. */
  readonly represents: (person: Person, service: string) => Promise<void>;
}

export async function openMembersRoom(people: readonly Person[]): Promise<MembersRoom> {
  const room = await openRoom();
  const { db } = room.stores;
  const { clock, snapshot } = room.needs;
  const ended: string[] = [];
  const guestsEnded: GuestConcerned[] = [];
  const logger = {
    info: () => undefined,
    error: (fields: object) => {
      throw new Error(JSON.stringify(fields));
    },
  };
  const effects = { db, clock, logger, randomId: randomUUID, snapshot };
  const inviting = createInviting({
    ...effects,
    onChanged: () => undefined,
    onEnded: (guest) => Promise.resolve(guestsEnded.push(guest)),
  });
  const alice = operatorCalled('alice');
  const accounts = people.map(({ accountId: id }) => ({ id, created_at: clock(), blocked_at: null }));
  await db.insertInto('account').values(accounts).execute();
  return {
    room,
    ended,
    guestsEnded,
    inviting,
    another: () =>
      createMembers({
        ...effects,
        organizationName: () => Promise.resolve('Association fictive'),
        inviting,
        onChanged: () => undefined,
        onRevoked: (accountId) => Promise.resolve(ended.push(accountId)),
      }),
    async seen({ accountId, givenName, email }, siren = association) {
      const at = clock();
      const { id } = await db
        .insertInto('membership')
        .values({
          account_id: accountId,
          siren,
          siret: `${siren}00000`,
          idp_id: 'demo',
          origin: 'idp',
          level: 'moderated',
          method: 'proof_received',
          given_name: givenName,
          usual_name: 'Fictive',
          email,
          first_seen_at: at,
          last_seen_at: at,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    async represents(person, service) {
      const file = await room.draft(person, [service]);
      await room.submit(file, person);
      await room.act(file, alice, { act: 'take' });
      await room.act(file, alice, {
        act: 'approve',
        service,
        terms: room.terms(),
        text: 'Mandat vérifié.',
      });
    },
  };
}
