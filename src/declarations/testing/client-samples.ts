import { X509Certificate, generateKeyPairSync, randomBytes } from 'node:crypto';
import { derOf } from '../../../test/support/certificates.ts';
import { declaredClientSchema } from '../client.ts';
import { aClient, without } from './samples.ts';

export const publicJwk = (kid = 'k1') => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid,
});
export const jwks = { keys: [publicJwk()] };
export const certificateJwk = (pem: string) => ({
  ...new X509Certificate(pem).publicKey.export({ format: 'jwk' }),
  kid: 'c1',
  x5c: [derOf(pem)],
});

export const noSecret = without(aClient, 'client_secret');
export const signs = { ...noSecret, token_endpoint_auth_method: 'private_key_jwt', jwks };
export const secret = (): string => randomBytes(32).toString('base64url');

/** What is wrong with a client, as `field message`. */
export const problems = (client: object): readonly string[] => {
  const read = declaredClientSchema.safeParse(client);
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
};
