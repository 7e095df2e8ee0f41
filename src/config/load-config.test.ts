import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BrokerError } from '../errors/errors.ts';
import { loadConfig } from './load-config.ts';

const key = 'k'.repeat(32);
const production = {
  NODE_ENV: 'production',
  ISSUER: 'https://connexion.example.fr',
  COOKIE_KEYS: key,
  ENCRYPTION_KEYS: key,
  DATABASE_URL: 'postgres://maillon:password@db/maillon',
  REDIS_URL: 'redis://redis:6379',
};

const authority = {
  AUTHORITY_NAME: 'Bureau des accès',
  AUTHORITY_ADDRESS: '20 avenue de Ségur, 75007 Paris',
  AUTHORITY_EMAIL: 'acces@example.fr',
  AUTHORITY_PHONE: '01 23 45 67 89',
  AUTHORITY_COURT: 'tribunal administratif de Paris',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maillon-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function refusal(env: Record<string, string>): string {
  try {
    loadConfig(env, folder);
  } catch (error) {
    if (error instanceof BrokerError) {
      expect(error.code).toBe('M-CONF-001');
      return error.detail ?? '';
    }
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(env)}`);
}

describe('defaults', () => {
  it('are those of the table in the README: everything works with an empty environment', () => {
    expect(loadConfig({}, folder)).toMatchObject({
      issuer: new URL('http://localhost:3000'),
      issuerPath: '',
      port: 3000,
      demoIdpPort: 3001,
      demoToolsPort: 3002,
      adminPort: 9090,
      databaseUrl: undefined,
      redisUrl: undefined,
      smtpUrl: undefined,
      mailFrom: 'maillon@localhost',
      authority: {
        name: 'Bureau des accès de l’opérateur de démonstration',
        address: '1 rue de l’Exemple, 75000 Paris',
        email: 'acces@operateur.example',
        phone: '01 00 00 00 00',
        court: 'tribunal administratif de Paris, 7 rue de Jouy, 75181 Paris Cedex 04',
      },
      configDir: join(folder, 'config/demo'),
      dataDir: join(folder, 'var'),
      trustedProxies: 0,
      clientCertificate: undefined,
      logLevel: 'info',
      production: false,
      securityContact: undefined,
      dynamicRegistration: false,
      partnerAccounts: true,
      silence: 'refusal',
      examinationTargetDays: 30,
      organizationSources: [],
    });
  });

  it('let the issuer follow PORT', () => {
    expect(loadConfig({ PORT: '3100' }, folder).issuer.href).toBe('http://localhost:3100/');
  });

  it('stand for empty variables too, as container tools pass them', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: ' ', COOKIE_KEYS: '' }, folder).port).toBe(3000);
  });

  it('cannot be changed', () => {
    const config = loadConfig({}, folder);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.cookieKeys)).toBe(true);
    expect(Object.isFrozen(config.encryptionKeys)).toBe(true);
  });

  it('leave absolute paths alone', () => {
    expect(loadConfig({ DATA_DIR: '/srv/maillon', CONFIG_DIR: 'elsewhere' }, folder)).toMatchObject({
      dataDir: '/srv/maillon',
      configDir: join(folder, 'elsewhere'),
    });
  });
});

describe('ISSUER', () => {
  it.each([
    ['https://connexion.example.fr', ''],
    ['https://connexion.example.fr/api/v2', '/api/v2'],
    ['https://connexion.example.fr:8443/a', '/a'],
    ['http://localhost:3000', ''],
    ['http://127.0.0.1:3000/x', '/x'],
    ['http://[::1]:3000', ''],
  ])('%s is accepted, path %j', (issuer, path) => {
    const config = loadConfig({ ISSUER: issuer }, folder);
    expect(config.issuerPath).toBe(path);
    expect(config.issuer.origin + config.issuerPath).toBe(issuer);
  });

  it.each([
    ['connexion.example.fr', 'absolute URL'],
    ['/api/v2', 'absolute URL'],
    ['http://connexion.example.fr', 'https'],
    ['http://localhost.example.fr', 'https'],
    ['http://127.0.0.2', 'https'],
    ['ftp://connexion.example.fr', 'https'],
    ['https://connexion.example.fr/', 'slash'],
    ['https://connexion.example.fr/api/', 'slash'],
    ['https://connexion.example.fr?x=1', 'query'],
    ['https://connexion.example.fr/a?', 'query'],
    ['https://connexion.example.fr#x', 'fragment'],
    ['https://connexion.example.fr/a#', 'fragment'],
    ['https://user:pass@connexion.example.fr', 'password'],
    ['https://Connexion.example.fr', 'must be written https://connexion.example.fr'],
    ['https://connexion.example.fr:443', 'must be written https://connexion.example.fr'],
    ['https://connexion.example.fr/a/../b', 'must be written https://connexion.example.fr/b'],
  ])('%s is refused: %s', (issuer, reason) => {
    const sentence = refusal({ ISSUER: issuer });
    expect(sentence).toMatch(/^ISSUER must .*Example: https:\/\//);
    expect(sentence).toContain(reason);
  });
});

describe('a wrong variable', () => {
  it.each([
    [{ DYNAMIC_REGISTRATION: 'yes' }, 'DYNAMIC_REGISTRATION'],
    [{ PARTNER_ACCOUNTS: 'non' }, 'PARTNER_ACCOUNTS'],
    [{ SILENCE: 'oui' }, 'SILENCE'],
    [{ EXAMINATION_TARGET_DAYS: '0' }, 'EXAMINATION_TARGET_DAYS'],
    [{ EXAMINATION_TARGET_DAYS: 'un mois' }, 'EXAMINATION_TARGET_DAYS'],
    [{ PORT: 'http' }, 'PORT'],
    [{ PORT: '0' }, 'PORT'],
    [{ PORT: '65536' }, 'PORT'],
    [{ PORT: '3000.5' }, 'PORT'],
    [{ PORT: '0x50' }, 'PORT'],
    [{ PORT: '1e3' }, 'PORT'],
    [{ DEMO_IDP_PORT: '-1' }, 'DEMO_IDP_PORT'],
    [{ DEMO_TOOLS_PORT: 'x' }, 'DEMO_TOOLS_PORT'],
    [{ ADMIN_PORT: '99999' }, 'ADMIN_PORT'],
    [{ ADMIN_PORT: '3000' }, 'ADMIN_PORT'],
    [{ DATABASE_URL: 'mysql://db' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'db:5432' }, 'DATABASE_URL'],
    [{ REDIS_URL: 'http://redis' }, 'REDIS_URL'],
    [{ SMTP_URL: 'mail.example.fr' }, 'SMTP_URL'],
    [{ MAIL_FROM: 'a@b.example, c@d.example' }, 'MAIL_FROM'],
    [{ MAIL_FROM: 'a@b.example\r\nBcc: c@d.example' }, 'MAIL_FROM'],
    [{ MAIL_FROM: 'Maillon <a@b.example>' }, 'MAIL_FROM'],
    [{ ...authority, AUTHORITY_NAME: 'two\nlines' }, 'AUTHORITY_NAME'],
    [{ ...authority, AUTHORITY_ADDRESS: 'x'.repeat(301) }, 'AUTHORITY_ADDRESS'],
    [{ ...authority, AUTHORITY_EMAIL: 'nobody' }, 'AUTHORITY_EMAIL'],
    [{ ...authority, AUTHORITY_PHONE: 'call us' }, 'AUTHORITY_PHONE'],
    [{ ...authority, AUTHORITY_COURT: '' }, 'AUTHORITY_COURT'],
    [{ COOKIE_KEYS: 'short' }, 'COOKIE_KEYS'],
    [{ COOKIE_KEYS: `${key},` }, 'COOKIE_KEYS'],
    [{ ENCRYPTION_KEYS: `${key},short` }, 'ENCRYPTION_KEYS'],
    [{ TRUSTED_PROXIES: 'yes' }, 'TRUSTED_PROXIES'],
    [{ TRUSTED_PROXIES: '-1' }, 'TRUSTED_PROXIES'],
    [{ LOG_LEVEL: 'verbose' }, 'LOG_LEVEL'],
    [{ SECURITY_CONTACT: 'securite@example.fr' }, 'SECURITY_CONTACT'],
    [{ SECURITY_CONTACT: 'javascript:alert(1)' }, 'SECURITY_CONTACT'],
  ])('%j is one sentence that names it, says what is wrong, and gives an example', (env, name) => {
    const sentence = refusal(env);
    expect(sentence.split('\n')).toHaveLength(1);
    expect(sentence).toMatch(new RegExp(`^${name} must .+\\. Example: .+\\.$`));
  });

  it('does not show a value that may hold a password', () => {
    expect(refusal({ DATABASE_URL: 'mysql://root:hunter2@db' })).not.toContain('hunter2');
    expect(refusal({ COOKIE_KEYS: 'hunter2' })).not.toContain('hunter2');
  });

  it('does not hide the others', () => {
    expect(refusal({ PORT: 'x', LOG_LEVEL: 'y', ISSUER: 'z' }).split('\n')).toHaveLength(3);
  });
});

describe('production', () => {
  it('accepts a complete environment and writes nothing', () => {
    expect(loadConfig({ ...production, COOKIE_KEYS: `${key}1, ${key}2` }, folder)).toMatchObject({
      production: true,
      cookieKeys: [`${key}1`, `${key}2`],
      encryptionKeys: [key],
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['ISSUER', 'COOKIE_KEYS', 'ENCRYPTION_KEYS', 'DATABASE_URL', 'REDIS_URL'])('demands %s', (name) => {
    expect(refusal({ ...production, [name]: '' })).toMatch(new RegExp(`^${name} must be set in production`));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('demands the address that mails come from, once there is a mail server', () => {
    expect(refusal({ ...production, SMTP_URL: 'smtp://mail' })).toMatch(
      /^MAIL_FROM must be set in production/,
    );
    expect(
      loadConfig({ ...production, SMTP_URL: 'smtp://mail', MAIL_FROM: 'acces@example.fr' }, folder).mailFrom,
    ).toBe('acces@example.fr');
  });

  it('invents no authority: nobody examines requests until the deployer says who', () => {
    expect(loadConfig(production, folder).authority).toBeUndefined();
    expect(loadConfig({ ...production, ...authority }, folder).authority).toEqual({
      name: 'Bureau des accès',
      address: '20 avenue de Ségur, 75007 Paris',
      email: 'acces@example.fr',
      phone: '01 23 45 67 89',
      court: 'tribunal administratif de Paris',
    });
  });

  it('demands https, loopback included', () => {
    expect(refusal({ ...production, ISSUER: 'http://localhost:3000' })).toContain('https');
  });
});

describe('keys of development', () => {
  it('are made once, for this copy only, and readable by nobody else', () => {
    const first = loadConfig({}, folder);
    expect(loadConfig({}, folder)).toEqual(first);
    expect(first.cookieKeys[0]).not.toBe(first.encryptionKeys[0]);
    expect(statSync(join(folder, 'certs/development.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'certs'))).toEqual(['development.json']);
  });

  it('give way to given ones', () => {
    expect(loadConfig({ COOKIE_KEYS: key, ENCRYPTION_KEYS: key }, folder).cookieKeys).toEqual([key]);
    expect(readdirSync(folder)).toEqual([]);
    expect(loadConfig({ COOKIE_KEYS: key }, folder)).toMatchObject({ cookieKeys: [key] });
  });

  it.each(['', '{', '{}', '{"cookieKeys":["short"],"encryptionKeys":[]}'])(
    'spoilt (%j) are one sentence',
    (text) => {
      mkdirSync(join(folder, 'certs'));
      writeFileSync(join(folder, 'certs/development.json'), text);
      expect(refusal({})).toContain('development.json cannot be read as development keys');
      expect(readFileSync(join(folder, 'certs/development.json'), 'utf8')).toBe(text);
    },
  );

  it('that cannot be written are one sentence', () => {
    writeFileSync(join(folder, 'certs'), 'a file where the folder should be');
    expect(refusal({})).toMatch(/^.*cannot be .*COOKIE_KEYS and ENCRYPTION_KEYS\.$/);
  });
});

describe('certificates of clients (RFC 8705)', () => {
  const behind = { TRUSTED_PROXIES: '1' };

  it('are named by the headers of our proxy, in lower case', () => {
    expect(loadConfig({ ...behind, CLIENT_CERT_HEADER: 'Client-Cert' }, folder).clientCertificate).toEqual({
      header: 'client-cert',
      verifiedHeader: undefined,
      proxies: ['127.0.0.0/8', '::1/128'],
    });
    const both = {
      ...behind,
      CLIENT_CERT_HEADER: 'X-Cert',
      CLIENT_CERT_VERIFIED_HEADER: 'X-Verify',
      CLIENT_CERT_PROXIES: '10.0.0.7/32',
    };
    expect(loadConfig(both, folder).clientCertificate).toEqual({
      header: 'x-cert',
      verifiedHeader: 'x-verify',
      proxies: ['10.0.0.7/32'],
    });
  });

  it.each<readonly [Record<string, string>, string]>([
    [{ CLIENT_CERT_HEADER: 'Client-Cert' }, 'CLIENT_CERT_HEADER has a meaning behind a proxy of yours only'],
    [{ ...behind, CLIENT_CERT_VERIFIED_HEADER: 'X-Verify' }, 'has no use without CLIENT_CERT_HEADER'],
    [
      { ...behind, CLIENT_CERT_HEADER: 'X-Cert', CLIENT_CERT_VERIFIED_HEADER: 'x-cert' },
      'CLIENT_CERT_VERIFIED_HEADER must differ from CLIENT_CERT_HEADER',
    ],
    [{ ...behind, CLIENT_CERT_HEADER: 'Authorization' }, 'CLIENT_CERT_HEADER must be the name of a header'],
    [{ ...behind, CLIENT_CERT_HEADER: 'X-Forwarded-For' }, 'CLIENT_CERT_HEADER must be the name of a header'],
    [{ ...behind, CLIENT_CERT_HEADER: 'a b' }, 'CLIENT_CERT_HEADER must be the name of a header'],
  ])('%j is refused', (env, expected) => {
    expect(refusal(env)).toContain(expected);
  });
});
