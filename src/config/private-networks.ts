import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** RFC 1918, RFC 6598 and RFC 4193: what an organization numbers by itself. Never this machine, never link-local. */
const parents = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['fc00::', 7],
] as const;

/** `10.20.0.0/16,fd12:3456::/32` → the networks. Whole families of addresses are not given away: each lies in one above. */
export const privateNetworks = z
  .string()
  .default('')
  .transform(listed)
  .refine((networks) => networks.every(isPrivateNetwork), {
    error:
      'must hold networks in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 or fc00::/7, separated by commas. Example: 10.20.0.0/16.',
  });

/** Networks of proxies, any; this machine when nothing is said. */
export const proxyNetworks = z
  .string()
  .default('127.0.0.0/8,::1/128')
  .transform(listed)
  .refine((networks) => networks.length > 0 && networks.every((network) => parse(network) !== undefined), {
    error: 'must hold networks of your proxies, separated by commas. Example: 10.0.0.7/32.',
  });

function listed(text: string): readonly string[] {
  return text
    .split(',')
    .map((network) => network.trim())
    .filter((network) => network !== '');
}

function parse(
  network: string,
): { readonly address: string; readonly length: number; readonly version: 4 | 6 } | undefined {
  const [, address = '', digits = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(network) ?? [];
  const version = isIP(address);
  if (version !== 4 && version !== 6) return undefined;
  const length = Number(digits);
  return length > (version === 4 ? 32 : 128) ? undefined : { address, length, version };
}

function isPrivateNetwork(network: string): boolean {
  const read = parse(network);
  if (read === undefined) return false;
  const family = read.version === 4 ? 'ipv4' : 'ipv6';
  return parents.some(([parent, length]) => {
    if (isIP(parent) !== read.version || read.length < length) return false;
    const list = new BlockList();
    list.addSubnet(parent, length, family);
    return list.check(read.address, family);
  });
}
