import { describe, expect, it } from 'vitest';
import { privateNetworks, proxyNetworks } from './private-networks.ts';

describe('PRIVATE_NETWORKS', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['10.20.0.0/16', ['10.20.0.0/16']],
    [' 192.168.1.0/24 , fd12:3456::/32,', ['192.168.1.0/24', 'fd12:3456::/32']],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['172.31.255.255/32', ['172.31.255.255/32']],
  ])('%j', (text, networks) => {
    expect(privateNetworks.parse(text)).toEqual(networks);
  });

  it.each([
    '0.0.0.0/0',
    '10.0.0.0/7',
    '10.0.0.0',
    '10.0.0.0/33',
    '127.0.0.0/8',
    '169.254.169.254/32',
    '8.8.8.8/32',
    '172.32.0.0/16',
    '::1/128',
    'fe80::/10',
    'f800::/5',
    '::ffff:10.0.0.0/104',
    'intranet/8',
    '10.0.0.0/8;192.168.0.0/16',
  ])('refuses %j', (text) => {
    expect(privateNetworks.safeParse(text).success).toBe(false);
  });
});

describe('CLIENT_CERT_PROXIES', () => {
  it('is this machine when nothing is said', () => {
    expect(proxyNetworks.parse(undefined)).toEqual(['127.0.0.0/8', '::1/128']);
  });

  it.each(['10.0.0.7/32', '203.0.113.0/24, 2001:db8::/32'])('takes %j', (text) => {
    expect(proxyNetworks.safeParse(text).success).toBe(true);
  });

  it.each(['', '10.0.0.7', '10.0.0.7/33', 'proxy.example/32'])('refuses %j', (text) => {
    expect(proxyNetworks.safeParse(text).success).toBe(false);
  });
});
