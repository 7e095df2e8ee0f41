import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { z } from 'zod';
import type { InteractionNeeds } from './needs.ts';

type Needs = Pick<InteractionNeeds, 'rememberedIdpSeal' | 'basePath' | 'secureCookies'>;

/** Six months without coming back, and it is forgotten; as for the other choices (CNIL, deliberation 2020-091). */
const keptSeconds = 180 * 24 * 3600;
/** A device that meets more domains than this is shared: the oldest goes. Keeps the cookie under a kilobyte. */
const keptDomains = 8;

const remembered = z.array(z.tuple([z.string(), z.string()])).max(keptDomains);

/**
 * Which sign-in page somebody chose for a domain, on this device, because they ticked the box: sealed, for our pages alone.
 * It preselects and decides nothing. Of the address it holds a fingerprint of the domain, and no name.
 */
export async function rememberedIdp(ctx: Context, domain: string, needs: Needs): Promise<string | undefined> {
  const found = (await read(ctx, needs)).find(([key]) => key === fingerprint(domain));
  return found?.[1];
}

/** @param idp undefined: forget what was chosen for this domain */
export async function rememberIdp(
  ctx: Context,
  domain: string,
  idp: string | undefined,
  needs: Needs,
): Promise<void> {
  const before = await read(ctx, needs);
  const others = before.filter(([key]) => key !== fingerprint(domain));
  if (idp === undefined && others.length === before.length) return;
  const after = idp === undefined ? others : [...others, [fingerprint(domain), idp]].slice(-keptDomains);
  const value = after.length === 0 ? null : await needs.rememberedIdpSeal.seal(after, keptSeconds);
  ctx.cookies.set(cookieName(needs), value, {
    path: `${needs.basePath}/interaction`,
    httpOnly: true,
    sameSite: 'lax',
    secure: needs.secureCookies,
    signed: false,
    overwrite: true,
    maxAge: keptSeconds * 1000,
  });
}

async function read(ctx: Context, needs: Needs): Promise<z.output<typeof remembered>> {
  const cookie = ctx.cookies.get(cookieName(needs), { signed: false });
  const opened = cookie === undefined ? undefined : await needs.rememberedIdpSeal.open(cookie);
  const found = remembered.safeParse(opened);
  return found.success ? found.data : [];
}

const cookieName = ({ secureCookies }: Needs): string =>
  secureCookies ? '__Secure-maillon-idp' : 'maillon-idp';

const fingerprint = (domain: string): string =>
  createHash('sha256').update(domain).digest('base64url').slice(0, 16);
