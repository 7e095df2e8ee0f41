import { isIPv4, isIPv6, SocketAddress } from 'node:net';

/**
 * What counts as one network: an IPv4 address, however it is written (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2), or the /64
 * of an IPv6 address, which one line or one machine has for itself and may change within at will (RFC 6177).
 * Whatever is no address is one network: nobody escapes by a header that cannot be read.
 */
export function networkOf(ip: string): string {
  const [address = ''] = ip.trim().split('%');
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return 'unknown';
  const groups = groupsOf(address);
  if (isMapped(groups))
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  return `${prefixOf(groups, 4)}::/64`;
}

/**
 * The /48 of an IPv6 address, the most that one site is given (RFC 6177 §2) and that whoever rents a machine has for the asking:
 * within it they change the /64 at will. Undefined for what has none.
 */
export function siteOf(ip: string): string | undefined {
  const [address = ''] = ip.trim().split('%');
  const groups = isIPv6(address) ? groupsOf(address) : undefined;
  return groups === undefined || isMapped(groups) ? undefined : `${prefixOf(groups, 3)}::/48`;
}

const isMapped = (groups: readonly number[]): boolean =>
  groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;

const prefixOf = (groups: readonly number[], length: number): string =>
  groups
    .slice(0, length)
    .map((group) => group.toString(16))
    .join(':');

/** The eight groups of an IPv6 address, in the spelling that the platform gives it (RFC 5952). */
function groupsOf(address: string): readonly number[] {
  const spelled = new SocketAddress({ address, family: 'ipv6' }).address;
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(spelled);
  const plain =
    dotted === null
      ? spelled
      : `${dotted[1] ?? ''}${pair(dotted[2], dotted[3])}:${pair(dotted[4], dotted[5])}`;
  const [head = '', tail] = plain.split('::');
  const read = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return read(head);
  const [first, last] = [read(head), read(tail)];
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
}

const pair = (high = '', low = ''): string => (Number(high) * 256 + Number(low)).toString(16);
