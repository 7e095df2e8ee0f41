import { z } from 'zod';
import type { Client, Snapshot } from '../declarations/declarations.ts';
import type { Http } from '../http/http.ts';
import { language, preferLocales } from '../http/http.ts';
import type { ProviderPages } from '../provider/provider.ts';

const logoutStateSchema = z.object({ secret: z.string() });

/** The pages that the library asks for: errors that cannot go back to a tool, and the two of logout. */
export function createProviderPages(needs: {
  readonly http: Http;
  readonly snapshot: () => Snapshot;
  readonly issuer: string;
}): ProviderPages {
  const { http, snapshot, issuer } = needs;
  const serviceOf = (clientId: string | undefined) => {
    const client = clientId === undefined ? undefined : snapshot().clientOf(clientId);
    const service = client === undefined ? undefined : snapshot().serviceOf(client);
    return service === undefined ? undefined : { service, client };
  };
  return {
    async error(ctx, _out, error) {
      heedLocales(ctx);
      const tool = serviceOf(ctx.oidc.client?.clientId);
      const ending = ctx.path.startsWith('/session/end');
      http.errorPage(ctx, error, {
        fallback: ending ? 'M-OIDC-005' : 'M-OIDC-003',
        ...(tool === undefined
          ? {}
          : {
              service: tool.service.name[language(ctx)],
              backHref: tool.client?.home_url ?? tool.service.url,
            }),
      });
    },
    async logout(ctx, asked) {
      heedLocales(ctx);
      const { secret } = logoutStateSchema.parse(ctx.oidc.session?.state);
      http.renderPage(ctx, 'logout', {
        service: serviceOf(ctx.oidc.client?.clientId)?.service.name[language(ctx)],
        action: `${issuer}/session/end/confirm`,
        xsrf: secret,
        autoSubmit: asked,
      });
    },
    formPost(ctx, { action, fields }) {
      heedLocales(ctx);
      const tool = serviceOf(ctx.oidc.client?.clientId);
      http.renderPage(
        ctx,
        'form-post',
        { service: tool?.service.name[language(ctx)], action, hidden: fields, autoSubmit: true },
        // It holds a code: it cannot be asked for again in another language.
        { status: ctx.status, formsGoTo: originsOf(action, tool?.client), languageHref: '' },
      );
    },
    async loggedOut(ctx) {
      const tool = serviceOf(ctx.oidc.client?.clientId);
      http.renderPage(ctx, 'logged-out', {
        service: tool?.service.name[language(ctx)],
        serviceHref: tool?.service.url,
      });
    },
  };
}

/**
 * Where the form of an answer may lead: Chrome holds a page to its `form-action` along all redirects that follow, and a
 * tool that receives the answer at one address often goes on to another of its own.
 */
function originsOf(action: string, client: Client | undefined): readonly string[] {
  const { redirect_uris: uris = [], home_url: home } = client ?? {};
  const declared = [action, ...uris, ...(home === undefined ? [] : [home])].map(
    (address) => new URL(address),
  );
  return [...new Set(declared.map(({ origin, protocol }) => (origin === 'null' ? protocol : origin)))];
}

/** The languages that the tool asked for, in a request that did not become an interaction. */
function heedLocales(ctx: Parameters<ProviderPages['error']>[0]): void {
  const { ui_locales: locales } = ctx.oidc.params ?? {};
  preferLocales(ctx, typeof locales === 'string' ? locales : undefined);
}
