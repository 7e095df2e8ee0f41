import { BlockList, isIP } from 'node:net';

/**
 * Addresses that are not of the public Internet (IANA special-purpose registries, RFC 6890): this machine, private
 * networks, link-local with the metadata services of clouds, multicast, documentation, benchmarks.
 */
const special = new BlockList();
for (const [prefix, length] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  special.addSubnet(prefix, length, 'ipv4');
}
/** Within global unicast: what tunnels to an IPv4 address or is reserved. */
for (const [prefix, length] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const) {
  special.addSubnet(prefix, length, 'ipv6');
}

/** RFC 4291 §2.4: whatever is not in here is unassigned, local, mapped or translated (`64:ff9b::/96`). */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/** Where clouds tell their machines their secrets: also at addresses that are of private use, or public. */
const cloudMetadata = new BlockList();
for (const address of ['169.254.169.254', '100.100.100.200', '168.63.129.16'])
  cloudMetadata.addAddress(address, 'ipv4');
cloudMetadata.addAddress('fd00:ec2::254', 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** @param address an IP address, without brackets. Whatever is none is not of the public Internet either. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !special.check(address, 'ipv4');
  return version === 6 && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

/** Never to be called, whatever else is allowed. */
export function isCloudMetadata(address: string): boolean {
  return isIP(address) !== 0 && cloudMetadata.check(address, familyOf(address));
}

export function isLoopbackAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** @param networks as `address/length` */
export function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', length = ''] = network.split('/');
    list.addSubnet(address, Number(length), familyOf(address));
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');
