/**
 * Debian's Apache with mod_auth_openidc, for one suite: in the foreground, on a free loopback port, with a configuration,
 * pages and logs of its own in a temporary folder.
 */
import { spawn } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end, firstExecutable, missing, onPath, ready } from './services.ts';

export interface ApacheService {
  /** What Apache wrote in its error log. */
  log(): Promise<string>;
  /** One line a request that it has answered: method, address, status. */
  requests(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface ApacheOptions {
  readonly binary: string;
  readonly port: number;
  /** Directives of the site under test. */
  readonly site: string;
  /** Pages, by name; they may hold server-side includes. */
  readonly pages: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

const modules = '/usr/lib/apache2/modules';

/** @param suite what the line says when this machine has no Apache, or Apache has not the module */
export async function findApache(suite: string): Promise<string | undefined> {
  const binary = await firstExecutable(['/usr/sbin/apache2', ...onPath('apache2')]);
  const module = await access(`${modules}/mod_auth_openidc.so`).then(
    () => true,
    () => false,
  );
  if (binary !== undefined && module) return binary;
  missing(suite, 'Apache with mod_auth_openidc', 'libapache2-mod-auth-openidc');
  return undefined;
}

export async function startApache(options: ApacheOptions): Promise<ApacheService> {
  const directory = await mkdtemp(join(tmpdir(), 'maillon-apache-'));
  // The workers of an Apache that root starts are www-data.
  await chmod(directory, 0o755);
  const pages = join(directory, 'pages');
  await mkdir(pages);
  for (const [name, text] of Object.entries(options.pages)) await writeFile(join(pages, name), text);
  const [log, requests] = [join(directory, 'error.log'), join(directory, 'requests.log')];
  const root = process.getuid?.() === 0;
  const loaded = [
    'mpm_event',
    'authn_core',
    'authz_core',
    'authz_user',
    'auth_openidc',
    'mime',
    'dir',
    'include',
  ];
  const configuration = [
    `ServerRoot ${directory}`,
    'ServerName localhost',
    `Listen 127.0.0.1:${options.port}`,
    `PidFile ${join(directory, 'apache.pid')}`,
    `Mutex file:${directory} default`,
    `ErrorLog ${log}`,
    `CustomLog ${requests} "%m %U%q %>s"`,
    'LogLevel warn auth_openidc:info',
    ...loaded.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`),
    ...(root ? ['User www-data', 'Group www-data'] : []),
    'StartServers 1',
    'TypesConfig /etc/mime.types',
    `DocumentRoot ${pages}`,
    'DirectoryIndex index.html',
    `<Directory ${pages}>`,
    '  Options +Includes',
    '  SetOutputFilter INCLUDES',
    '</Directory>',
    options.site,
    '',
  ];
  const file = join(directory, 'apache.conf');
  await writeFile(file, configuration.join('\n'));
  const server = spawn(options.binary, ['-f', file, '-DFOREGROUND'], {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...options.environment },
    stdio: 'inherit',
  });
  await ready(server, options.port, 'apache2');
  return {
    log: () => readFile(log, 'utf8'),
    requests: async () => (await readFile(requests, 'utf8')).split('\n'),
    // SIGTERM stops at once and ends the workers (Apache, "Stopping and Restarting").
    stop: () => end(server, directory, 'SIGTERM'),
  };
}
