import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { TLSSocket } from 'node:tls';
import { z } from 'zod';

/** Published by undici, which `fetch` is, for each connection that it has made. */
const connected = 'undici:client:connected';
const messageSchema = z.object({
  connectParams: z.object({ hostname: z.string() }),
  socket: z.instanceof(TLSSocket),
});

export interface Certificates {
  /** The last day of the certificate that this host showed when we last connected to it. */
  readonly endOf: (hostname: string) => Date | undefined;
  readonly stop: () => void;
}

/** @param isOurs hosts of which to keep it: this process connects to others too */
export function watchCertificates(isOurs: (hostname: string) => boolean): Certificates {
  const ends = new Map<string, Date>();
  const note = (message: unknown): void => {
    const read = messageSchema.safeParse(message);
    if (!read.success) return;
    const { hostname } = read.data.connectParams;
    const end = new Date(read.data.socket.getPeerCertificate().valid_to);
    if (!Number.isNaN(end.getTime()) && isOurs(hostname)) ends.set(hostname, end);
  };
  subscribe(connected, note);
  return {
    endOf: (hostname) => ends.get(hostname),
    stop: () => {
      unsubscribe(connected, note);
    },
  };
}
