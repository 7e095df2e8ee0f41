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
  const after = (clientCertificate?: { header: string; verifiedHeader: string | undefined }) => {
    const request = { headers: { ...forged } };
    trustOnlyOurProxies(request, { issuer, trustedProxies: 1, clientCertificate });
    return Object.keys(request.headers).filter((name) => name !== 'x-forwarded-proto');
  };

  test('is dropped when no proxy of ours was said to write it', () => {
    expect(after()).toEqual([]);
  });

  test('is kept where it was, and only there', () => {
    expect(after({ header: 'client-cert', verifiedHeader: undefined })).toEqual(['client-cert']);
    expect(after({ header: 'client-cert', verifiedHeader: 'x-client-verify' })).toEqual([
      'client-cert',
      'x-client-verify',
    ]);
  });
});
