import type { Interaction } from './current.ts';
import type { Wanted } from './partner-start.ts';

/**
 * What a request wants of the sign-in: what the tool says (`prompt=login`, `max_age`, essential `acr`), and what our own
 * policy asks for when it is the reason of the detour.
 *
 * @param levels those that satisfy both
 * @param anew the policy wants a recent sign-in
 */
export function wantedOf(
  { params, prompt, session }: Pick<Interaction, 'params' | 'prompt' | 'session'>,
  levels: readonly string[],
  anew = false,
): Wanted {
  const requested = typeof params.prompt === 'string' ? params.prompt.split(' ') : [];
  return {
    levels,
    anew: anew || requested.includes('login'),
    maxAge: typeof params.max_age === 'string' ? Number(params.max_age) : undefined,
    another:
      session?.accountId !== undefined &&
      (prompt.name === 'select_account' || prompt.reasons.includes('other_subject')),
  };
}
