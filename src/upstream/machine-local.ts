import { BlockList, isIP } from 'node:net';

/** Loopback, unspecified, link-local: among them the metadata services of clouds. */
const addresses = new BlockList();
addresses.addSubnet('127.0.0.0', 8, 'ipv4');
addresses.addSubnet('0.0.0.0', 8, 'ipv4');
addresses.addSubnet('169.254.0.0', 16, 'ipv4');
addresses.addAddress('::1', 'ipv6');
addresses.addAddress('::', 'ipv6');
addresses.addSubnet('fe80::', 10, 'ipv6');

/**
 * Whether a URL names an address that means something only to the machine itself. Names are not resolved: egress rules
 * for those belong to the `fetch` that is passed in, or to the network.
 */
export function isMachineLocal(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const version = isIP(host);
  return version !== 0 && addresses.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
