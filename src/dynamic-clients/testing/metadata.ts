import type { Client } from '../../declarations/declarations.ts';
import { mostScope } from '../members.ts';
import { readMetadata } from '../read-metadata.ts';
import type { Metadata } from '../read-metadata.ts';
import { writeMetadata } from '../write-metadata.ts';

export const given = {
  clientId: 'dyn-0123456789abcdef0123456789abcdef',
  service: 'docs',
  scope: mostScope,
  secretSha256: 'a'.repeat(64),
};
export const least = { redirect_uris: ['https://tool.test/cb'] };
export const read = (metadata: Metadata, most = mostScope): Client =>
  readMetadata(metadata, { ...given, scope: most });
export const written = (metadata: Metadata, most = mostScope): Metadata =>
  writeMetadata(read(metadata, most));
/** RFC 7517 appendix A.1. */
export const publicKey = {
  kty: 'EC',
  crv: 'P-256',
  kid: 'k1',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
};
export const jwks = { keys: [publicKey] };
