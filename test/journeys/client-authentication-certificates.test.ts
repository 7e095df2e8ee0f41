/**
 * Clients that are known by their TLS certificate (RFC 8705), which a proxy of ours hands over in a header. Without such
 * a proxy nobody is, whatever headers say.
 */
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient } from '../replay/support/extra-clients.ts';
import { postForm, send } from '../replay/support/relying-party.ts';
import type { Answer } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import {
  derOf,
  expiredCertificate,
  multiCertificate,
  plainCertificate,
  selfSignedCertificate,
  toolCertificate,
} from '../support/certificates.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const jwkOf = (pem: string) => ({
  ...new X509Certificate(pem).publicKey.export({ format: 'jwk' }),
  kid: 'c1',
  x5c: [derOf(pem)],
});
const byAuthority = (name: Readonly<Record<string, string>>) => ({
  token_endpoint_auth_method: 'tls_client_auth',
  ...name,
});
const bySelf = (pem: string) => ({
  token_endpoint_auth_method: 'self_signed_tls_client_auth',
  jwks: { keys: [jwkOf(pem)] },
});
const named: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sujet: {
    tls_client_auth_subject_dn:
      'CN=tool.example, OU=a, O=Minist\\C3\\A8re de l’Exemple\\, service \\+ \\"numérique\\", C=FR',
  },
  hote: { tls_client_auth_san_dns: 'tool.example' },
  adresse: { tls_client_auth_san_uri: 'https://tool.example/id' },
  ipv4: { tls_client_auth_san_ip: '192.0.2.7' },
  ipv6: { tls_client_auth_san_ip: '2001:db8:0::7' },
  courriel: { tls_client_auth_san_email: 'tool@tool.example' },
};
const others: typeof named = {
  envers: {
    tls_client_auth_subject_dn:
      'C=FR,O=Ministère de l’Exemple\\, service \\+ \\"numérique\\",OU=a,CN=tool.example',
  },
  court: { tls_client_auth_subject_dn: 'CN=tool.example' },
  joker: { tls_client_auth_san_dns: 'www.wild.example' },
  commun: { tls_client_auth_san_dns: 'plain' + '.example.org' },
  'autre-ip': { tls_client_auth_san_ip: '192.0.2.8' },
};

let world: World;
let token: string;
let bare: World;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({
    clients: [
      ...Object.entries({ ...named, ...others }).map(([id, name]) => extraClient(id, byAuthority(name))),
      extraClient('multi', byAuthority({ tls_client_auth_subject_dn: 'serialNumber=42+CN=multi,C=FR' })),
      extraClient('soi', bySelf(selfSignedCertificate)),
      extraClient('fini', bySelf(expiredCertificate)),
    ],
  });
  world = await startWorld({
    configDir: dir,
    environment: {
      TRUSTED_PROXIES: '1',
      CLIENT_CERT_HEADER: 'Client-Cert',
      CLIENT_CERT_VERIFIED_HEADER: 'X-Client-Verify',
    },
  });
  bare = await startWorld({ configDir: dir });
  await remove();
  token = `${world.issuer}/token`;
}, 2 * startUp);
afterAll(async () => {
  await world.close();
  await bare.close();
});

const code = {
  grant_type: 'authorization_code',
  code: 'a'.repeat(43),
  redirect_uri: 'https://rp.example/cb',
};
const escaped = (pem: string): string => encodeURIComponent(pem);
const bytes = (pem: string): string => `:${derOf(pem)}:`;
const show = (clientId: string, certificate: string | undefined, verify = 'SUCCESS', url = token) =>
  postForm(
    url,
    { client_id: clientId, ...code },
    {
      ...(certificate === undefined ? {} : { 'client-cert': certificate }),
      'x-client-verify': verify,
    },
  );
const heard = (answer: Answer) =>
  expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_grant']);
const refused = (answer: Answer) =>
  expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_client']);

describe('a certificate of an authority (RFC 8705 §2.1)', () => {
  test.each(Object.keys(named))('%s: in both ways that proxies write it', async (id) => {
    heard(await show(id, bytes(toolCertificate)));
    heard(await show(id, escaped(toolCertificate)));
  });

  test('several values at one level of the name, in any order', async () => {
    heard(await show('multi', bytes(multiCertificate)));
    refused(await show('multi', bytes(toolCertificate)));
  });

  test.each([...Object.keys(named), ...Object.keys(others)])(
    '%s: not with the name of another',
    async (id) => {
      refused(await show(id, bytes(plainCertificate)));
    },
  );

  test.each(Object.keys(others))('%s: neither reversed, cut, by wildcard nor by common name', async (id) => {
    refused(await show(id, bytes(toolCertificate)));
  });

  test.each(['FAILED:certificate has expired', 'NONE', '', 'success', 'SUCCESS, SUCCESS'])(
    'not when the proxy says %j of its chain',
    async (verify) => {
      refused(await show('hote', bytes(toolCertificate), verify));
    },
  );
});

describe('a certificate that the client registered (RFC 8705 §2.2)', () => {
  test('is believed without an authority', async () => {
    heard(await show('soi', bytes(selfSignedCertificate), 'FAILED:self-signed certificate'));
    heard(await show('soi', escaped(selfSignedCertificate), 'NONE'));
  });

  test('another one is not, nor one that has ended', async () => {
    refused(await show('soi', bytes(plainCertificate)));
    refused(await show('fini', bytes(expiredCertificate)));
  });
});

describe('a header that is no certificate', () => {
  const der = derOf(toolCertificate);
  test.each<readonly [string, string | undefined]>([
    ['absent', undefined],
    ['empty', ''],
    ['nonsense', 'certificate'],
    ['open', `:${der}`],
    ['not base64', ':%%%:'],
    ['cut', `:${der.slice(0, 200)}:`],
    ['half escaped', '%E0%A4%A'],
    ['two, joined by the proxy', `${bytes(toolCertificate)}, ${bytes(toolCertificate)}`],
    ['two, in PEM', escaped(toolCertificate + toolCertificate)],
    [
      'two, in DER',
      `:${Buffer.concat([Buffer.from(der, 'base64'), Buffer.from(der, 'base64')]).toString('base64')}:`,
    ],
    ['a private key', escaped('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----')],
    ['too long', `:${'A'.repeat(13_000)}:`],
  ])('%s', async (_name, header) => {
    refused(await show('hote', header));
    refused(await show('soi', header));
  });

  test('a certificate of somebody beside a secret that is wrong opens nothing', async () => {
    const answer = await postForm(
      token,
      { client_id: 'hote', client_secret: 'x'.repeat(43), ...code },
      { 'client-cert': bytes(toolCertificate), 'x-client-verify': 'SUCCESS' },
    );
    refused(answer);
  });
});

describe('discovery (RFC 8705 §3.3)', () => {
  const metadata = async ({ issuer }: World) =>
    (await send(`${issuer}/.well-known/openid-configuration`)).json;

  test('says what is served here', async () => {
    const found = await metadata(world);
    expect(found['tls_client_certificate_bound_access_tokens']).toBe(true);
    for (const method of ['tls_client_auth', 'self_signed_tls_client_auth'])
      expect(found['token_endpoint_auth_methods_supported']).toContain(method);
  });

  test('and nothing of it without such a proxy, where the headers of the client itself are dropped', async () => {
    const found = await metadata(bare);
    expect(JSON.stringify(found)).not.toContain('tls_client');
    for (const id of ['hote', 'soi'])
      refused(await show(id, bytes(toolCertificate), 'SUCCESS', `${bare.issuer}/token`));
    expect(bare.log.join('\n')).toContain('CLIENT_CERT_HEADER is not set');
  });
});
