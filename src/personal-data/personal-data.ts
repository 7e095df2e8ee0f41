/**
 * personal-data/: what Maillon keeps of a person, shown to them, given to them, erased.
 *
 * What it does: holds the one list of what is kept of people (inventory.ts: table by table, on what basis, what an erasure
 * does to it), which a test compares with every column of the database; reads it for one person (read.ts), for a page or
 * as a file (export.ts); says before an erasure what goes and what has to stay (plan.ts, pure), carries it out in one
 * transaction (erase.ts), and goes on later with what has to stay for a time (later.ts).
 *
 * Flow: account/ (the person, signed in) and operators/ (an administrator: find.ts) ──▶ recordReading(), read() ──▶ page, or
 * export ──▶ plan() ──▶ erase(): sessions and tokens end, tools are told; drafts, identities, grants, mails go; invitations
 * end; the record loses its details (audit/person.ts); what stays is named, here and in a mail. A request that came in writing is prepared by
 * one administrator and confirmed by another (written-requests.ts). purge() erases what had to wait.
 * What is about others stays out (GDPR art. 15(4)): each reader says so where it does.
 *
 * May import: partners, registrations, invitations, appointments, identity, declarations, eligibility, http (mails), audit, mail, storage, config, errors.
 */
import { accountSubject, recordAccess } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit.ts';
import { erase } from './erase.ts';
import type { ErasureAsked } from './erase.ts';
import { exportPerson } from './export.ts';
import type { PersonExportFormat } from './export.ts';
import { erasureFacts } from './facts.ts';
import { findPeople } from './find.ts';
import type { Found } from './find.ts';
import { createErasureLater } from './later.ts';
import type { Person, PersonalDataNeeds } from './needs.ts';
import { erasurePlan } from './plan.ts';
import type { ErasurePlan } from './plan.ts';
import { readParts } from './read.ts';
import type { PartRead } from './read.ts';
import { askErasure, confirmErasure, dropErasure, erasureAskedOf, listErasures } from './written-requests.ts';
import type { Confirming, WrittenRequest, WrittenRequests } from './written-requests.ts';

export { personExportFormats } from './export.ts';
export type { PersonExportFormat } from './export.ts';
export type { Found } from './find.ts';
export type { Person, PersonalDataNeeds, SessionKept } from './needs.ts';
export type { ErasurePlan } from './plan.ts';
export { partShown } from './shown.ts';
export type { WrittenRequest } from './written-requests.ts';

export interface PersonalData {
  /** The first items of each part. */
  read(person: Person): Promise<readonly PartRead[]>;
  /** All of it. The export is recorded before its first line is read. */
  export(person: Person, format: PersonExportFormat, record: Recorded): Promise<AsyncGenerator<string>>;
  /** Somebody other than the person was shown it. */
  recordReading(person: Person, record: Recorded): Promise<void>;
  /** Somebody looked for people by an address, and was shown several of them, or none. */
  recordSearch(address: string, found: readonly string[], record: Recorded): Promise<void>;
  /** Undefined: there is no such account, or nothing leads to it any more. */
  plan(person: Person & { readonly accountId: string }): Promise<ErasurePlan | undefined>;
  erase(asked: ErasureAsked): Promise<ErasurePlan>;
  find(typed: string): Promise<Found | undefined>;
  readonly written: {
    /** It is recorded that somebody was shown them. */
    list(reader: Parameters<typeof listErasures>[1]): Promise<WrittenRequests>;
    of(accountId: string): Promise<WrittenRequest | undefined>;
    ask(request: Parameters<typeof askErasure>[1]): Promise<void>;
    drop(request: Parameters<typeof dropErasure>[1]): Promise<void>;
    confirm(request: Confirming): Promise<ErasurePlan>;
  };
  /** What had to wait, of those who were erased: at most so many people. @returns how many it looked at */
  purge(limit: number): Promise<number>;
}

type Recorded = Pick<AuditEvent, 'actor' | 'reason'>;

/** Nobody reads more on a page; the file has all. */
const mostOnPage = 20;

export function createPersonalData(needs: PersonalDataNeeds): PersonalData {
  const { db, clock } = needs;

  const record = (act: string, person: Person, event: Recorded, after?: object): Promise<void> =>
    recordAccess(db, clock(), {
      act,
      ...(person.accountId === undefined
        ? // An address is never a subject: it stands in what can be erased.
          { subject: 'person', after: { ...after, address: person.address } }
        : { subject: accountSubject(person.accountId), after }),
      ...event,
    });

  return {
    read: (person) => readParts(needs, person, mostOnPage),
    async export(person, format, event) {
      await record('person.export', person, event, { format });
      return exportPerson(needs, person, format);
    },
    recordReading: (person, event) => record('person.read', person, event),
    recordSearch: (address, accounts, event) =>
      record('person.search', { accountId: undefined, address }, event, { accounts }),
    async plan(person) {
      const facts = await erasureFacts(needs, person);
      return facts === undefined ? undefined : erasurePlan(facts);
    },
    erase: (asked) => erase(needs, asked),
    find: (typed) => findPeople(needs, typed),
    written: {
      list: (reader) => listErasures(needs, reader),
      of: (accountId) => erasureAskedOf(needs, accountId),
      ask: (request) => askErasure(needs, request),
      drop: (request) => dropErasure(needs, request),
      confirm: (request) => confirmErasure(needs, request),
    },
    purge: createErasureLater(needs),
  };
}
