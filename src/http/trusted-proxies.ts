import type { IncomingMessage } from 'node:http';

/**
 * Koa believes X-Forwarded-* once `app.proxy` is set, and it has to be set behind TLS. So the headers are rewritten
 * before it reads them: scheme and host come from the issuer alone; the client's address only from proxies that were
 * declared, which append to the list (whatever stands further left, the client may have sent).
 */
export function trustOnlyOurProxies(
  request: Pick<IncomingMessage, 'headers'>,
  { issuer, trustedProxies }: { readonly issuer: URL; readonly trustedProxies: number },
): void {
  const { headers } = request;
  const forwarded = headers['x-forwarded-for'];
  delete headers['x-forwarded-host'];
  delete headers['x-forwarded-for'];
  delete headers.forwarded;
  headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
  if (trustedProxies === 0 || typeof forwarded !== 'string') return;
  const client = forwarded.split(',').at(-trustedProxies)?.trim();
  if (client !== undefined) headers['x-forwarded-for'] = client;
}
