import { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { parseDistinguishedName } from '../../declarations/declarations.ts';

/** Longer than any certificate that clients use; the server takes 16 kB of headers in all. */
const longest = 12_000;

/**
 * The certificate of the client, as our proxy wrote it: RFC 9440 (`:base64:`), or PEM escaped for a header, as nginx's
 * `$ssl_client_escaped_cert`. What is malformed, or several at once (a header that the client had sent already), is none.
 *
 * @returns undefined also when the certificate is not valid yet or no more: an authority may have checked it, or nobody
 */
export function readCertificate(header: string | undefined, now: Date): X509Certificate | undefined {
  if (header === undefined || header.length > longest) return undefined;
  try {
    const der = derOf(header);
    if (der === undefined) return undefined;
    const certificate = new X509Certificate(der);
    // Something after the certificate would be read by nobody, and signed by nobody.
    if (certificate.raw.length !== der.length) return undefined;
    const isValid = certificate.validFromDate <= now && now <= certificate.validToDate;
    return isValid ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function derOf(header: string): Buffer | undefined {
  const base64 = header.startsWith(':')
    ? /^:([A-Za-z0-9+/]+={0,2}):$/.exec(header)?.[1]
    : /^-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/.exec(
        decodeURIComponent(header),
      )?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}

export const headerOf = (headers: IncomingHttpHeaders, name: string | undefined): string | undefined => {
  const value = name === undefined ? undefined : headers[name];
  return typeof value === 'string' ? value : undefined;
};

/**
 * Whether the certificate bears the one name that the client declared (RFC 8705 §2.1.2), exactly: no wildcard, no other
 * case, no common name in place of a host name.
 */
export function certificateBears(certificate: X509Certificate, property: string, expected: string): boolean {
  switch (property) {
    case 'tls_client_auth_subject_dn':
      return isSameName(certificate.subject, expected);
    case 'tls_client_auth_san_dns':
      return alternativeNames(certificate, 'DNS').includes(expected);
    case 'tls_client_auth_san_uri':
      return alternativeNames(certificate, 'URI').includes(expected);
    case 'tls_client_auth_san_email':
      return alternativeNames(certificate, 'email').includes(expected);
    case 'tls_client_auth_san_ip':
      return alternativeNames(certificate, 'IP Address').some(
        (address) => canonicalAddress(address) === canonicalAddress(expected),
      );
    default:
      return false;
  }
}

/** Node writes the names of a certificate from the first to the last, one a line; RFC 4514 the other way round. */
function isSameName(subject: string, expected: string): boolean {
  const ours = parseDistinguishedName(subject, '\n')?.toReversed();
  const theirs = parseDistinguishedName(expected);
  return ours !== undefined && theirs !== undefined && JSON.stringify(ours) === JSON.stringify(theirs);
}

/** Node puts a value between quotes, as JSON, when it holds anything that could be taken for the next one. */
function alternativeNames(certificate: X509Certificate, type: string): readonly string[] {
  const names = certificate.subjectAltName ?? '';
  return [...names.matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?=, |$)/g)].flatMap(
    ([, kind, value = '']) => (kind === type && !value.startsWith('"') ? [value] : []),
  );
}

function canonicalAddress(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]/`).hostname : address;
}
