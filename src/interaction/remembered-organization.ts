import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { z } from 'zod';
import type { InteractionNeeds } from './needs.ts';

type Needs = Pick<InteractionNeeds, 'rememberedIdpSeal' | 'basePath' | 'secureCookies'>;

/** As whom somebody acts, in which tool. */
interface Choice {
  readonly accountId: string;
  readonly clientId: string;
}

/** Six months without coming back, and it is forgotten; as for the other choices (CNIL, deliberation 2020-091). */
const keptSeconds = 180 * 24 * 3600;
/** The oldest goes: keeps the cookie under a kilobyte. */
const keptChoices = 12;

/** Another shape than that of the other cookie under this seal: neither is read as the other. */
const remembered = z.object({
  organizations: z.array(z.tuple([z.string(), z.string()])).max(keptChoices),
});

/**
 * As whom this person acted last in this tool, on this device: sealed, for our pages alone. It is ticked beforehand on the page
 * that asks, and decides nothing: the page offers only what the sign-in holds. Of person and tool it keeps a fingerprint, so
 * that two people at one computer are never offered the choice of the other.
 */
export async function rememberedOrganization(
  ctx: Context,
  choice: Choice,
  needs: Needs,
): Promise<string | undefined> {
  return (await read(ctx, needs)).find(([key]) => key === fingerprint(choice))?.[1];
}

export async function rememberOrganization(
  ctx: Context,
  choice: Choice,
  siret: string,
  needs: Needs,
): Promise<void> {
  const key = fingerprint(choice);
  const others = (await read(ctx, needs)).filter(([each]) => each !== key);
  const organizations = [...others, [key, siret]].slice(-keptChoices);
  ctx.cookies.set(cookieName(needs), await needs.rememberedIdpSeal.seal({ organizations }, keptSeconds), {
    path: `${needs.basePath}/interaction`,
    httpOnly: true,
    sameSite: 'lax',
    secure: needs.secureCookies,
    signed: false,
    overwrite: true,
    maxAge: keptSeconds * 1000,
  });
}

async function read(ctx: Context, needs: Needs): Promise<z.output<typeof remembered>['organizations']> {
  const cookie = ctx.cookies.get(cookieName(needs), { signed: false });
  const opened = cookie === undefined ? undefined : await needs.rememberedIdpSeal.open(cookie);
  const found = remembered.safeParse(opened);
  return found.success ? found.data.organizations : [];
}

const cookieName = ({ secureCookies }: Needs): string =>
  secureCookies ? '__Secure-maillon-organization' : 'maillon-organization';

const fingerprint = ({ accountId, clientId }: Choice): string =>
  createHash('sha256').update(`${accountId}\u0000${clientId}`).digest('base64url').slice(0, 16);
