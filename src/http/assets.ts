import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Middleware } from 'koa';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface Asset {
  readonly body: Buffer;
  readonly type: string;
}

export interface Assets {
  /** Where `maillon.css` is: `/assets/maillon.1a2b3c4d5e.css` under the issuer's path. Throws on an unknown name. */
  readonly href: (name: string) => string;
  readonly middleware: Middleware;
}

/**
 * Files of `folder`, read once, each under a name that holds its hash: a browser keeps them for ever.
 *
 * @param others files that live elsewhere, by the name that pages know them by
 */
export const createAssets = (
  folder: string,
  basePath: string,
  others: Readonly<Record<string, string>> = {},
): Assets => {
  const hrefs = new Map<string, string>();
  const served = new Map<string, Asset>();
  const own = readdirSync(folder).map((file) => [file, join(folder, file)] as const);
  for (const [file, path] of [...own, ...Object.entries(others)]) {
    const extension = extname(file);
    const type = types[extension];
    if (type === undefined) continue;
    const body = readFileSync(path);
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 10);
    const href = `${basePath}/assets/${file.slice(0, -extension.length)}.${hash}${extension}`;
    hrefs.set(file, href);
    served.set(href, { body, type });
  }
  return {
    href(name) {
      const href = hrefs.get(name);
      if (href === undefined) throw new Error(`No asset named ${name} in ${folder}`);
      return href;
    },
    async middleware(ctx, next) {
      const asset = ctx.method === 'GET' || ctx.method === 'HEAD' ? served.get(ctx.path) : undefined;
      if (asset === undefined) {
        await next();
        return;
      }
      ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
      ctx.set('Content-Type', asset.type);
      ctx.body = asset.body;
    },
  };
};
