import type { Source, Statement } from '../organizations/organizations.ts';
import { sameFacts } from './compare-statements.ts';
import { idOf } from './draft.ts';
import type { Draft } from './draft.ts';

/** A statement that came, changed or went; or a row that turned out to be another one. */
export type OrganizationChange =
  | {
      readonly shelf: 'organization';
      readonly subject: string;
      readonly source: Source;
      readonly before: Statement | undefined;
      readonly after: Statement | undefined;
    }
  | {
      readonly shelf: 'identity';
      readonly subject: string;
      readonly before: { readonly id: string };
      readonly after: { readonly id: string };
    };

/**
 * What a draft changes. A statement that only became newer is no change.
 *
 * @param importId of the import that makes the change: the first statement of a row that it adds is known by the row's
 *   `created_import`
 */
export function changesIn(draft: Draft, importId: number | undefined): readonly OrganizationChange[] {
  const { held, joined, joinedInto, separatedFrom, before, statements } = draft;
  const subject = idOf(draft);
  const changes: OrganizationChange[] = [];
  const isAdded = held === undefined && joined.length === 0 && separatedFrom === undefined;
  if (!isAdded || importId === undefined) {
    for (const source of new Set([...before.keys(), ...statements.keys()])) {
      const [was, is] = [before.get(source), statements.get(source)];
      if (was === is || (was !== undefined && is !== undefined && isConfirmation(was, is))) continue;
      changes.push({ shelf: 'organization', subject, source, before: was, after: is });
    }
  }
  if (held !== undefined && joinedInto !== undefined)
    changes.push({ shelf: 'identity', subject, before: { id: subject }, after: { id: idOf(joinedInto) } });
  if (separatedFrom !== undefined)
    changes.push({
      shelf: 'identity',
      subject: idOf(separatedFrom),
      before: { id: idOf(separatedFrom) },
      after: { id: subject },
    });
  return changes;
}

const isConfirmation = (was: Statement, is: Statement): boolean =>
  was.label === is.label &&
  JSON.stringify(was.corrections) === JSON.stringify(is.corrections) &&
  sameFacts(was.facts, is.facts);
