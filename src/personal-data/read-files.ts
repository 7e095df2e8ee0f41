import { ofPerson } from '../registrations/registrations.ts';
import type {
  FileSummary,
  Opened,
  RegistrationEvent,
  RequestSummary,
} from '../registrations/registrations.ts';
import type { Item } from './item.ts';
import { namedInLots } from './lots.ts';
import type { PersonalDataNeeds } from './needs.ts';

/*
 * What somebody filed for an organization, as they may see it: without what operators say among themselves, and what only
 * prepares a decision (CRPA art. L311-2; GDPR art. 15(4)).
 */

/** Files one after the other: a person may have many, and each may be long. */
async function* opened(
  { registrations }: PersonalDataNeeds,
  accountId: string,
): AsyncGenerator<{ readonly summary: FileSummary; readonly file: Opened }> {
  for (const summary of await registrations.ofApplicant(accountId)) {
    const file = await registrations.forApplicant(summary.id, accountId);
    if (file !== undefined) yield { summary, file };
  }
}

export async function* readRequests(needs: PersonalDataNeeds, accountId: string): AsyncGenerator<Item> {
  for await (const { summary, file } of opened(needs, accountId)) {
    const states = new Set(summary.requests.map(({ state }) => state));
    const [state = 'draft'] = states;
    yield {
      facts: [
        ['number', summary.id],
        ['organization', summary.organizationName],
        ['state', states.size > 1 ? undefined : { code: state, kind: 'state', words: state }],
        ['createdAt', summary.createdAt],
        ['submittedAt', summary.submittedAt],
      ],
      whole: {
        content: file.content,
        requests: summary.requests.map(asFiled),
        events: file.file.events.map(asTold),
      },
    };
  }
}

/** What it asks for, and what was decided: not what one agent proposes to another (CRPA art. L311-2). */
const asFiled = ({ service, state, endsOn }: RequestSummary) => ({ service, state, endsOn });

/** An agent who deals with a file is named to whoever filed it (CRPA art. L111-2, L212-1); their account is their own. */
function asTold({ seq, at, act, actor }: RegistrationEvent): Readonly<Record<string, unknown>> {
  if (actor.kind !== 'operator') return { seq, at, act, actor };
  const { givenName, usualName, capacity, organization } = actor;
  return { seq, at, act, actor: { kind: 'operator', givenName, usualName, capacity, organization } };
}

export async function* readEvidence(needs: PersonalDataNeeds, accountId: string): AsyncGenerator<Item> {
  for await (const { summary, file } of opened(needs, accountId)) {
    for (const { id, kind, name, size, sha256, uploadedAt, destroyedAt } of file.evidence) {
      yield {
        facts: [
          ['number', summary.id],
          ['document', name],
          ['kind', { code: kind, kind: 'kind', words: kind }],
          ['sentAt', uploadedAt],
          ['sha256', sha256],
        ],
        // The person's own copy is on the page of the file; a hundred megabytes are no line of a list.
        whole: { size, destroyedAt, at: `/demandes/${summary.id}/pieces/${id}` },
      };
    }
  }
}

export async function* readLetters(needs: PersonalDataNeeds, accountId: string): AsyncGenerator<Item> {
  for await (const { summary, file } of opened(needs, accountId)) {
    for (const { document, createdAt, readAt, sha256 } of file.letters) {
      yield {
        facts: [
          ['number', summary.id],
          ['title', document.title],
          ['sentAt', createdAt],
          ['openedAt', readAt],
        ],
        whole: { document, sha256 },
      };
    }
  }
}

/** Others named them as the one to write to. Who did is on no line: the organization is enough to ask (art. 15(4)). */
export async function* readContacts({ db }: PersonalDataNeeds, address: string): AsyncGenerator<Item> {
  for (const { id, organizationName, as } of await ofPerson.namedAsContact(db, address)) {
    yield {
      facts: [
        ['number', id],
        ['organization', organizationName],
        ['role', { code: as, kind: 'role', words: as }],
      ],
    };
  }
  for (const { lot, organizationName } of await namedInLots(db, address)) {
    yield {
      facts: [
        ['lot', lot],
        ['organization', organizationName],
        ['role', { code: 'organization', kind: 'role', words: 'organization' }],
      ],
    };
  }
}
