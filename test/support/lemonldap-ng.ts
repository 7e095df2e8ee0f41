/**
 * Debian's LemonLDAP::NG, for one suite: its portal in a process of its own, on a free loopback port, with a
 * configuration, keys and sessions in a temporary folder. People are those of its demonstration: `dwho`, `rtyler` and
 * `msmith`, `<name>@badwolf.org`, whose password is their name.
 */
import { execFile, spawn } from 'node:child_process';
import { generateKeyPair } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { end, missing, ready } from './services.ts';

export interface LemonldapNg {
  /** What it wrote to its log. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export interface LemonldapNgOptions {
  readonly port: number;
  /** What the guide has operators merge into their configuration. */
  readonly guide: Readonly<Record<string, unknown>>;
}

const run = promisify(execFile);
const portal = '/usr/share/lemonldap-ng/portal/htdocs/index.psgi';
const templates = '/usr/share/lemonldap-ng/portal/templates';
/** The portal loads the last four whatever its configuration says; Debian only recommends or suggests them. */
const packages =
  'liblemonldap-ng-portal-perl libgd-securityimage-perl libimage-magick-perl libio-string-perl libstring-random-perl';

/** @param suite what the line says when this machine cannot run it */
export async function findLemonldapNg(suite: string): Promise<boolean> {
  const modules = ['Issuer::OpenIDConnect', 'Captcha::SecurityImage'];
  const found = await run('perl', [
    ...modules.map((name) => `-MLemonldap::NG::Portal::${name}`),
    '-e',
    '1',
  ]).then(
    () => true,
    () => false,
  );
  if (!found) missing(suite, 'LemonLDAP::NG', packages);
  return found;
}

export async function startLemonldapNg({ port, guide }: LemonldapNgOptions): Promise<LemonldapNg> {
  const folder = await mkdtemp(join(tmpdir(), 'maillon-lemonldap-ng-'));
  for (const name of ['conf', 'sessions/lock', 'cache']) await mkdir(join(folder, name), { recursive: true });
  const settings = join(folder, 'lemonldap-ng.ini');
  await writeFile(settings, localSettings(folder));
  await writeFile(
    join(folder, 'conf/lmConf-1.json'),
    JSON.stringify({ ...(await ownConfiguration(folder, port)), ...guide }),
  );
  const log = join(folder, 'portal.log');
  const output = await open(log, 'w');
  const server = spawn(
    'plackup',
    ['-s', 'HTTP::Server::PSGI', '--host', '127.0.0.1', '-p', String(port), '-E', 'deployment', portal],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], LLNG_DEFAULTCONFFILE: settings },
      stdio: ['ignore', 'ignore', output.fd],
    },
  );
  await output.close();
  await ready(server, port, 'LemonLDAP::NG');
  return { log: () => readFile(log, 'utf8'), stop: () => end(server, folder, 'SIGTERM') };
}

const localSettings = (folder: string): string =>
  [
    '[all]',
    'logLevel = notice',
    '[configuration]',
    'type = File',
    `dirName = ${folder}/conf`,
    'localStorage = Cache::FileCache',
    `localStorageOptions = { 'namespace' => 'configuration', 'cache_root' => '${folder}/cache' }`,
    '[portal]',
    `templateDir = ${templates}`,
    'staticPrefix = /static',
    'languages = en, fr',
    '',
  ].join('\n');

/** What an operator of it has already: an address, a directory of people, places for sessions, keys. */
async function ownConfiguration(folder: string, port: number): Promise<Readonly<Record<string, unknown>>> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const files = {
    Directory: `${folder}/sessions`,
    LockDirectory: `${folder}/sessions/lock`,
    generateModule: 'Lemonldap::NG::Common::Apache::Session::Generate::SHA256',
  };
  return {
    cfgNum: 1,
    cfgDate: 1,
    cfgAuthor: 'tests',
    key: 'sixteen-letters!',
    portal: `http://localhost:${port}/`,
    domain: 'localhost',
    cookieName: 'lemonldap',
    securedCookie: 0,
    whatToTrace: 'uid',
    portalDisplayResetPassword: 0,
    portalDisplayRegister: 0,
    authentication: 'Demo',
    userDB: 'Same',
    passwordDB: 'Null',
    registerDB: 'Null',
    demoExportedVars: { uid: 'uid', cn: 'cn', mail: 'mail' },
    exportedVars: {},
    // What a directory would hold.
    macros: {
      givenName: '(split / /, $cn)[0]',
      sn: '(split / /, $cn)[1]',
      departmentNumber: "$uid eq 'msmith' ? '' : '13002526500013'",
    },
    locationRules: { localhost: { default: 'accept' } },
    globalStorage: 'Apache::Session::File',
    globalStorageOptions: files,
    persistentStorage: 'Apache::Session::File',
    persistentStorageOptions: files,
    localSessionStorage: 'Cache::FileCache',
    localSessionStorageOptions: { namespace: 'sessions', cache_root: `${folder}/cache` },
    oidcServicePrivateKeySig: privateKey,
    oidcServicePublicKeySig: publicKey,
    oidcServiceKeyIdSig: 'tests-1',
  };
}
