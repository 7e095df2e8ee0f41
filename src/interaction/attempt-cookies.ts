import type { Context } from 'koa';
import type { UpstreamStart } from '../upstream/upstream.ts';
import type { InteractionNeeds } from './needs.ts';

/**
 * Each attempt at an IdP has a cookie of its own, of some 400 characters, and all those of one IdP come back together at
 * its callback: forty abandoned attempts would be more than the 16 kB of headers that Node reads. A browser keeps the
 * last ones; whoever comes back from an older one is told that it is no longer valid.
 */
const kept = 12;

/** Path and name of an attempt's cookie. They come back from the browser: nothing else may be deleted by them. */
const entry = /^((?:\/[\w.~-]+)*\/callback\/[a-z0-9-]+)\/((?:__Secure-)?maillon-up-[0-9a-f]{16})$/;

/** Remembers a new attempt in a small cookie that only our pages see, and deletes the oldest beyond the last ones. */
export function forgetOldAttempts(
  ctx: Context,
  { name, path, maxAgeSeconds }: UpstreamStart['cookie'],
  { basePath, secureCookies }: Pick<InteractionNeeds, 'basePath' | 'secureCookies'>,
): void {
  const list = secureCookies ? '__Secure-maillon-attempts' : 'maillon-attempts';
  const options = { httpOnly: true, sameSite: 'lax', secure: secureCookies, signed: false } as const;
  const before = (ctx.cookies.get(list, { signed: false }) ?? '')
    .split('|')
    .filter((each) => entry.test(each));
  const attempts = [...before, `${path}/${name}`];
  for (const old of attempts.slice(0, -kept)) {
    const [, oldPath, oldName] = entry.exec(old) ?? [];
    if (oldName !== undefined) ctx.cookies.set(oldName, null, { ...options, path: oldPath });
  }
  ctx.cookies.set(list, attempts.slice(-kept).join('|'), {
    ...options,
    path: `${basePath}/interaction`,
    maxAge: maxAgeSeconds * 1000,
    overwrite: true,
  });
}
