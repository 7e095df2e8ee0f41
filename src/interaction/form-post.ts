import type { Context } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import { readForm } from '../http/http.ts';
import type { InteractionNeeds } from './needs.ts';

/** What an authorization response may say (RFC 6749 §4.1.2, RFC 9207 §2); the rest is not passed on. */
const known: readonly string[] = ['state', 'code', 'iss', 'error', 'error_description', 'error_uri'];

/** With its cookies, the request line and headers have to stay under the 16 kB that Node reads. */
const longestQuery = 8_000;

/**
 * The answer of an identity provider whose record says `response_mode: form_post` (OAuth 2.0 Form Post Response Mode §2).
 * A form of another site brings no Lax cookie, and the attempt is in one: answered by 303, the browser comes again as it
 * does from all others. Nothing is believed here, nothing is written, and no name is looked up: one that is hidden is
 * answered as one that nobody has.
 *
 * @throws BrokerError M-HTTP-003
 */
export async function formPost(
  ctx: Context,
  idpId: string,
  { issuer }: Pick<InteractionNeeds, 'issuer'>,
): Promise<void> {
  const form = await readForm(ctx);
  const query = new URLSearchParams([...form].filter(([name]) => known.includes(name))).toString();
  if (query.length > longestQuery)
    throw new BrokerError('M-HTTP-003', { detail: 'form too long to become a query' });
  ctx.status = 303;
  ctx.redirect(`${issuer}/callback/${encodeURIComponent(idpId)}?${query}`);
}
