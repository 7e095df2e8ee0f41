import type { Context } from 'koa';
import { catalogue } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { inWordsOf, kindNotRequested, refusalOf } from '../provider/provider.ts';
import type { Refusal } from '../provider/provider.ts';
import type { Current } from './current.ts';
import { finish } from './finish.ts';
import type { InteractionNeeds } from './needs.ts';
import { sessionAccess } from './session-access.ts';

/**
 * Back to the tool, which is told why: the refusal in force when the page was one, the failure that the page showed,
 * or that the person turned back. A GET, because a page whose form ends at the tool would need the tool in its CSP;
 * it changes nothing but the login that this browser's own cookie names.
 */
export async function goBack(ctx: Context, current: Current, needs: InteractionNeeds): Promise<void> {
  const refusal = refusalOfCode(ctx) ?? (await refusalInForce(current, needs)) ?? cancelled;
  await finish(ctx, current.interaction, { ...inWordsOf(current.client, refusal) });
}

const cancelled: Refusal = { error: 'access_denied', error_description: 'user_cancelled' };

async function refusalInForce(current: Current, needs: InteractionNeeds): Promise<Refusal | undefined> {
  switch (current.interaction.prompt.name) {
    case 'organization_kind':
      return { error: 'access_denied', error_description: kindNotRequested };
    case 'eligibility': {
      const access = await sessionAccess(current, needs);
      return access?.passes === false ? refusalOf(access.decision) : undefined;
    }
    default:
      return undefined;
  }
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
