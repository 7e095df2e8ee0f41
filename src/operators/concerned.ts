import type { ConcernedShown } from '../http/http.ts';
import type { WhoLoses } from '../policies/policies.ts';
import type { Impact } from '../registrations/registrations.ts';

/** Whom a decision concerns of those who have something open now. */
export function concernedShown(found: WhoLoses | Impact): ConcernedShown {
  const { people, sessions, grants, clients: tools } = found;
  if ('more' in found) return { people, sessions, grants, tools, lookedAt: found.more ? grants : undefined };
  const { organizations, lookedAt } = found;
  return { people, sessions, grants, tools, organizations, lookedAt };
}
