import type { IncomingMessage } from 'node:http';
import { inNetworks } from './special-addresses.ts';

interface DeclaredHeaders {
  readonly header: string;
  readonly verifiedHeader: string | undefined;
  /** Networks (CIDR) of the proxies that write them. */
  readonly proxies: readonly string[];
}

/** RFC 9440 §2, and what proxies are often told to write. Nothing reads them; neither shall what comes after us. */
const certificateHeaders = [
  'client-cert',
  'client-cert-chain',
  'ssl-client-cert',
  'ssl-client-verify',
  'x-client-cert',
  'x-client-verify',
  'x-forwarded-client-cert',
  'x-ssl-cert',
  'x-ssl-client-cert',
  'x-ssl-client-verify',
];

/**
 * Koa believes X-Forwarded-* once `app.proxy` is set, and it has to be set behind TLS. So the headers are rewritten
 * before it reads them: scheme and host come from the issuer alone; the client's address only from proxies that were
 * declared, which append to the list (whatever stands further left, the client may have sent).
 * The certificate of the client comes from the one header that was declared, when one of our proxies wrote it: whoever
 * reaches the port beside them can write it too, and certificates are public. Usual ones that were not declared are dropped.
 */
export function trustOnlyOurProxies(
  request: Pick<IncomingMessage, 'headers'> & {
    readonly socket?: Pick<IncomingMessage['socket'], 'remoteAddress'>;
  },
  {
    issuer,
    trustedProxies,
    clientCertificate,
  }: {
    readonly issuer: URL;
    readonly trustedProxies: number;
    readonly clientCertificate?: DeclaredHeaders | undefined;
  },
): void {
  const { headers } = request;
  const declared = [clientCertificate?.header, clientCertificate?.verifiedHeader];
  const byOurs = clientCertificate !== undefined && isOneOf(clientCertificate.proxies, request.socket);
  for (const name of [...certificateHeaders, ...declared]) {
    if (name !== undefined && !(byOurs && declared.includes(name))) Reflect.deleteProperty(headers, name);
  }
  const forwarded = headers['x-forwarded-for'];
  delete headers['x-forwarded-host'];
  delete headers['x-forwarded-for'];
  delete headers.forwarded;
  headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
  if (trustedProxies === 0 || typeof forwarded !== 'string') return;
  const client = forwarded.split(',').at(-trustedProxies)?.trim();
  if (client !== undefined) headers['x-forwarded-for'] = client;
}

/** A socket that listens on both families writes an IPv4 peer as `::ffff:10.0.0.7` (RFC 4291 §2.5.5.2). */
function isOneOf(
  networks: readonly string[],
  socket: Pick<IncomingMessage['socket'], 'remoteAddress'> | undefined,
): boolean {
  return inNetworks(networks)((socket?.remoteAddress ?? '').replace(/^::ffff:(?=[\d.]+$)/i, ''));
}
