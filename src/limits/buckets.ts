import { hashId } from '../storage/storage.ts';
import { comparableAddress } from './comparable-address.ts';
import type { Who } from './limits.ts';
import { limitKeys } from './limits-table.ts';
import type { Limit, LimitedAct, LimitKey, LimitTable } from './limits-table.ts';
import { networkOf, siteOf } from './network-of.ts';

/** One counter, and what it may come to. */
export interface Bucket {
  readonly key: string;
  readonly by: LimitKey;
  readonly limit: Limit;
}

/** A site of IPv6 holds 65 536 networks, and many people where it is a town hall's. */
const networksOfSite = 10;
const wide = ({ times, seconds }: Limit): Limit => ({ times: times * networksOfSite, seconds });

/**
 * What an attempt counts against, in order: a browser known to this address or account, itself alone; anybody else, the
 * network first, then their account (limited, neither uses up an address, which may be somebody else's), then the address there
 * and everywhere.
 */
export function bucketsOf(table: LimitTable, act: LimitedAct, who: Who): readonly Bucket[] {
  const limits = table[act];
  const bucket = (by: LimitKey, limit: Limit | undefined, counted: readonly string[]): readonly Bucket[] =>
    // Who or what is counted is a fingerprint: counters hold no address in clear.
    limit === undefined ? [] : [{ key: `o:Li:${hashId(JSON.stringify([act, by, ...counted]))}`, by, limit }];
  if (who.device !== undefined && limits.device !== undefined)
    return bucket('device', limits.device, [who.device]);
  const [network, site] = [networkOf(who.ip), siteOf(who.ip)];
  const { address, account } = who;
  return limitKeys.flatMap((by) => {
    switch (by) {
      case 'ip':
        return [
          ...bucket(by, limits.ip, [network]),
          ...(site === undefined ? [] : bucket(by, wide(limits.ip), [site])),
        ];
      case 'address':
        if (address === undefined) return [];
        return bucket(by, limits.address, [
          comparableAddress(address),
          ...(limits.address?.here === true ? [network] : []),
        ]);
      case 'address_anywhere':
        return address === undefined ? [] : bucket(by, limits.address_anywhere, [comparableAddress(address)]);
      case 'account':
        return account === undefined ? [] : bucket(by, limits.account, [account]);
      case 'device':
        return [];
    }
  });
}
