import { describe, expect, test } from 'vitest';
import { trustOnlyOurProxies } from './trusted-proxies.ts';

const issuer = new URL('https://connexion.example');

function seen(headers: Record<string, string>, trustedProxies: number) {
  const request = { headers: { ...headers } };
  trustOnlyOurProxies(request, { issuer, trustedProxies });
  return request.headers;
}

describe('what a request says of its origin', () => {
  test('scheme and host are the issuer’s, whatever the headers say', () => {
    const forged = {
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example;proto=http',
    };
    expect(seen(forged, 0)).toEqual({ 'x-forwarded-proto': 'https' });
    expect(seen(forged, 2)).toEqual({ 'x-forwarded-proto': 'https' });
  });

  test.each([
    ['nobody in front: the header is the client’s own, and dropped', '203.0.113.9', 0, undefined],
    ['one proxy: it appended the client', '198.51.100.1, 203.0.113.9', 1, '203.0.113.9'],
    ['two proxies', '198.51.100.1, 203.0.113.9, 10.0.0.2', 2, '203.0.113.9'],
    ['fewer entries than proxies: nothing is believed', '203.0.113.9', 2, undefined],
    ['no header', undefined, 1, undefined],
  ])('%s', (_, forwarded, proxies, client) => {
    const headers = seen(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, proxies);
    expect(headers['x-forwarded-for']).toBe(client);
  });
});

describe('what a request says of the certificate of its client', () => {
  const forged = { 'client-cert': ':AAAA:', 'x-ssl-client-cert': 'x', 'x-client-verify': 'SUCCESS' };
  const after = (
    names?: { header: string; verifiedHeader: string | undefined },
    remoteAddress = '10.0.0.7',
    proxies = ['10.0.0.7/32'],
  ) => {
    const request = { headers: { ...forged }, socket: { remoteAddress } };
    const clientCertificate = names === undefined ? undefined : { ...names, proxies };
    trustOnlyOurProxies(request, { issuer, trustedProxies: 1, clientCertificate });
    return Object.keys(request.headers).filter((name) => name !== 'x-forwarded-proto');
  };
  const both = { header: 'client-cert', verifiedHeader: 'x-client-verify' };

  test('is dropped when no proxy of ours was said to write it', () => {
    expect(after()).toEqual([]);
  });

  test('is kept where it was, and only there', () => {
    expect(after({ header: 'client-cert', verifiedHeader: undefined })).toEqual(['client-cert']);
    expect(after(both)).toEqual(['client-cert', 'x-client-verify']);
  });

  test.each(['10.0.0.8', '203.0.113.9', '::1', '', '::ffff:10.0.0.8'])(
    'is dropped when %j wrote it, who is no proxy of ours',
    (peer) => {
      expect(after(both, peer)).toEqual([]);
    },
  );

  test('is kept from a proxy seen through a socket of both families, and from this machine', () => {
    expect(after(both, '::ffff:10.0.0.7')).toHaveLength(2);
    expect(after(both, '::1', ['127.0.0.0/8', '::1/128'])).toHaveLength(2);
  });
});
