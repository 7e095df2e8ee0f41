import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inNetworks, isLoopbackAddress, isPublicAddress } from './special-addresses.ts';

describe('an address that is not of the public Internet', () => {
  const hostile = [
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '::',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001::1',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'ff02::1',
    '127.0.0.1',
    '::1',
  ];

  it.each(hostile)('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['93.184.215.14', '1.1.1.1', '2606:4700::1111', '2a01:e0a::1'])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it('is none however an IPv4 address is dressed as IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
        expect(isPublicAddress(`64:ff9b::${address}`)).toBe(false);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => !isPublicAddress(text) || /^[0-9a-f.:]+$/i.test(text)));
  });

  it('is this machine only when it says so', () => {
    expect(['127.9.9.9', '::1', '::ffff:127.0.0.1'].map(isLoopbackAddress)).toEqual([true, true, true]);
    expect(['128.0.0.1', '::2', 'localhost', ''].map(isLoopbackAddress)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('networks of ours', () => {
  const ours = inNetworks(['10.20.0.0/16', 'fd12:3456::/32']);

  it.each([
    ['10.20.0.1', true],
    ['10.20.255.255', true],
    ['10.21.0.1', false],
    ['fd12:3456::7', true],
    ['fd12:3457::7', false],
    ['8.8.8.8', false],
    ['127.0.0.1', false],
    ['intranet', false],
  ])('%s: %s', (address, expected) => {
    expect(ours(address)).toBe(expected);
  });
});
