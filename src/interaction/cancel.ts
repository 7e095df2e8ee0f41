import type { Context } from 'koa';
import type { Decision } from '../eligibility/eligibility.ts';
import { catalogue } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import type { Current } from './current.ts';
import { finish } from './finish.ts';
import type { InteractionNeeds } from './needs.ts';
import { sessionAccess } from './session-access.ts';

/** What the tool is told when the person goes back to it without access. ASCII only (RFC 6749 §4.1.2.1). */
interface Refusal {
  readonly error: string;
  readonly error_description: string;
}

/**
 * Back to the tool, which is told why: the refusal in force when the page was one, the failure that the page showed,
 * or that the person turned back. A GET, because a page whose form ends at the tool would need the tool in its CSP;
 * it changes nothing but the login that this browser's own cookie names.
 */
export async function goBack(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const access =
    current.interaction.prompt.name === 'eligibility' ? await sessionAccess(current, needs) : undefined;
  const refused = access?.passes === false ? refusalOf(access.decision) : undefined;
  await finish(ctx, current.interaction, { ...(refusalOfCode(ctx) ?? refused ?? cancelled) });
}

const cancelled: Refusal = { error: 'access_denied', error_description: 'user_cancelled' };

function refusalOf(decision: Decision): Refusal {
  const reason = decision.reason ?? 'not_eligible';
  return {
    error: decision.decision === 'step_up' ? 'unmet_authentication_requirements' : 'access_denied',
    error_description: reason,
  };
}

/** The failure shown on the page that the person leaves: a code of the catalogue or nothing. */
function refusalOfCode(ctx: Context): Refusal | undefined {
  const code = ctx.query['because'];
  if (typeof code !== 'string' || !isErrorCode(code)) return undefined;
  return { error: catalogue[code].oauthError, error_description: code };
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}
