import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import type { Logger } from '../config/config.ts';

/** `error_detail` and `cause` hold the private reason («client secret mismatch»): for the log, never for an answer. */
const errorSchema = z.object({
  message: z.string(),
  error: z.string().optional(),
  error_detail: z.string().optional(),
});

/**
 * Writes what the library does to the log. Its listeners run inside the request: one that throws makes a 500, one that
 * rejects ends the process. Ours are wrapped and do neither.
 */
export function logEvents(provider: Provider, logger: Logger): void {
  const safely = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      logger.error({ err: error }, 'an event listener failed');
    }
  };
  const subject = (ctx: KoaContextWithOIDC) => ({
    route: ctx.oidc.route,
    client: ctx.oidc.client?.clientId,
    account: ctx.oidc.account?.accountId,
  });
  const refused = (event: string) => (ctx: KoaContextWithOIDC, error: Error) => {
    safely(() => {
      const { message, ...reason } = errorSchema.parse(error);
      logger.info({ event, ...subject(ctx), ...reason }, message);
    });
  };
  provider.on('authorization.error', refused('authorization.error'));
  provider.on('grant.error', refused('grant.error'));
  provider.on('userinfo.error', refused('userinfo.error'));
  provider.on('end_session.error', refused('end_session.error'));
  provider.on('end_session_confirm.error', refused('end_session_confirm.error'));
  provider.on('introspection.error', refused('introspection.error'));
  provider.on('revocation.error', refused('revocation.error'));
  provider.on('pushed_authorization_request.error', refused('pushed_authorization_request.error'));
  provider.on(
    'backchannel.error',
    (ctx: KoaContextWithOIDC, error: Error, client: { readonly clientId: string }) => {
      safely(() => {
        const said = { event: 'backchannel.lost', ...subject(ctx), client: client.clientId };
        logger.error({ ...said, err: error }, 'a tool will not be told of a logout');
      });
    },
  );
  provider.on('server_error', (ctx: KoaContextWithOIDC, error: Error) => {
    safely(() => {
      logger.error({ event: 'server_error', ...subject(ctx), err: error }, error.message);
    });
  });
  provider.on('authorization.success', (ctx: KoaContextWithOIDC) => {
    safely(() => {
      logger.info({ event: 'authorization.success', ...subject(ctx) }, 'code issued');
    });
  });
  provider.on('grant.revoked', (ctx: KoaContextWithOIDC) => {
    safely(() => {
      logger.warn({ event: 'grant.revoked', ...subject(ctx) }, 'family of tokens revoked');
    });
  });
}
