/** Hosts for which http is no risk: the traffic never leaves the machine (RFC 8252 §8.3). */
export const isLoopback = (hostname: string): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
