import { exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import type { KeySet } from '../../keys/keys.ts';

export interface TestKeys extends Pick<KeySet, 'signingKey' | 'decryptionKeys'> {
  /** What `/jwks` would publish. */
  readonly published: Readonly<Record<'ES256' | 'PS256' | 'ECDH-ES' | 'RSA-OAEP-256', JWK>>;
}

/** A key of the broker for each thing that identity providers verify or encrypt, made once for all tests of a file. */
export async function testKeys(): Promise<TestKeys> {
  const make = async (alg: string, use: 'sig' | 'enc') => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const named = { kid: `our-${alg}`, alg, use };
    return {
      jwk: { ...(await exportJWK(privateKey)), ...named },
      published: { ...(await exportJWK(publicKey)), ...named },
    };
  };
  const keys = {
    ES256: await make('ES256', 'sig'),
    PS256: await make('PS256', 'sig'),
    'ECDH-ES': await make('ECDH-ES', 'enc'),
    'RSA-OAEP-256': await make('RSA-OAEP-256', 'enc'),
  };
  return {
    signingKey: (alg) => {
      const key = alg === 'PS256' ? keys.PS256 : keys.ES256;
      return { kid: key.jwk.kid, alg, jwk: key.jwk };
    },
    decryptionKeys: (alg) => [keys[alg].jwk],
    published: {
      ES256: keys.ES256.published,
      PS256: keys.PS256.published,
      'ECDH-ES': keys['ECDH-ES'].published,
      'RSA-OAEP-256': keys['RSA-OAEP-256'].published,
    },
  };
}
