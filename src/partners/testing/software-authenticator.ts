import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

/** What a test has an authenticator, or whoever stands between it and us, say instead. */
export interface Deviation {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  /** Base64url; null: unsaid. */
  readonly userHandle?: string | null;
  readonly counter?: number;
  readonly userPresent?: boolean;
  readonly userVerified?: boolean;
  readonly backupEligible?: boolean;
  readonly backedUp?: boolean;
  /** Signed by another key. */
  readonly otherKey?: boolean;
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
const b64 = (data: Uint8Array | string): string => Buffer.from(data).toString('base64url');
const aaguid = Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex');

export interface SoftwareAuthenticator {
  readonly id: string;
  create(
    options: { readonly challenge: string; readonly user: { readonly id: string } },
    deviation?: Deviation,
  ): object;
  get(options: { readonly challenge: string }, deviation?: Deviation): object;
}

interface Site {
  readonly origin: string;
  readonly rpId: string;
}

/** A passkey in this process: ES256, attestation none (WebAuthn §6, §8.7). Its counter moves on with each use, or stays 0. */
export function softwareAuthenticator(
  site: Site,
  habits: Deviation & { readonly counts?: boolean } = {},
): SoftwareAuthenticator {
  const id = b64(randomBytes(32));
  const pair = newPair();
  let owner = '';
  let counter = 0;

  return {
    id,
    create(options, deviation = {}) {
      owner = options.user.id;
      const said = { ...habits, ...deviation };
      const raw = Buffer.from(id, 'base64url');
      const size = Buffer.alloc(2);
      size.writeUInt16BE(raw.length);
      const authData = Buffer.concat([
        head(site, said, counter, 0x40),
        aaguid,
        size,
        raw,
        coseKey(pair.publicKey),
      ]);
      const attestationObject = isoCBOR.encode(
        new Map<string, string | Uint8Array | Map<string, string>>([
          ['fmt', 'none'],
          ['attStmt', new Map<string, string>()],
          ['authData', Uint8Array.from(authData)],
        ]),
      );
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: { credProps: { rk: true } },
        authenticatorAttachment: 'platform',
        response: {
          clientDataJSON: clientData(site, 'webauthn.create', options.challenge, said),
          attestationObject: b64(attestationObject),
          transports: ['internal', 'telepathy'],
        },
      };
    },
    get({ challenge }, deviation = {}) {
      if (habits.counts !== false) counter += 1;
      const said = { ...habits, ...deviation };
      const authData = head(site, said, counter, 0);
      const clientDataJSON = clientData(site, 'webauthn.get', challenge, said);
      const signed = Buffer.concat([authData, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
      const { privateKey } = said.otherKey === true ? newPair() : pair;
      const userHandle = said.userHandle === undefined ? owner : said.userHandle;
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON,
          authenticatorData: b64(authData),
          signature: b64(sign('sha256', signed, privateKey)),
          ...(userHandle === null ? {} : { userHandle }),
        },
      };
    },
  };
}

const newPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** RFC 9053 §7.1.1: EC2, ES256, P-256, x, y. */
function coseKey(key: KeyObject): Uint8Array {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64url'));
  return isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ]),
  );
}

/** WebAuthn §6.1: hash of the RP id, flags, counter. */
function head({ rpId }: Site, said: Deviation, counter: number, withKey: number): Buffer {
  const rest = Buffer.alloc(5);
  rest.writeUInt8(
    withKey |
      (said.userPresent === false ? 0 : 0x01) |
      (said.userVerified === false ? 0 : 0x04) |
      (said.backupEligible === true ? 0x08 : 0) |
      (said.backedUp === true ? 0x10 : 0),
  );
  rest.writeUInt32BE(said.counter ?? counter, 1);
  return Buffer.concat([sha256(said.rpId ?? rpId), rest]);
}

const clientData = (site: Site, type: string, challenge: string, said: Deviation): string =>
  b64(
    JSON.stringify({
      type: said.type ?? type,
      challenge: said.challenge ?? challenge,
      origin: said.origin ?? site.origin,
      crossOrigin: said.crossOrigin ?? false,
      ...(said.topOrigin === undefined ? {} : { topOrigin: said.topOrigin }),
    }),
  );
