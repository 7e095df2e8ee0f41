/** What this machine can serve to the tests: plain JavaScript, so that it can be asked before anything is installed. */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const postgresRoot = '/usr/lib/postgresql';

/** Debian keeps `initdb` and `postgres` out of the PATH. */
const postgresFolders = () =>
  existsSync(postgresRoot)
    ? readdirSync(postgresRoot)
        .sort((left, right) => Number(right) - Number(left))
        .map((version) => join(postgresRoot, version, 'bin'))
    : [];

const path = () => (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');

function find(names, folders) {
  for (const folder of folders) {
    for (const name of names) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not there: the next one.
      }
    }
  }
  return undefined;
}

/**
 * @returns {readonly { name: string, suites: string, file: string | undefined, why: string }[]} `file` is what was
 *   found; `why` says what is missing and how to have it
 */
export function machine() {
  const debian = (name) => `no ${name} on this machine (Debian: apt-get install ${name})`;
  return [
    {
      name: 'Redis',
      suites: 'the stores on Redis',
      file: find(['redis-server'], path()),
      why: debian('redis-server'),
    },
    {
      name: 'PostgreSQL',
      suites: 'the stores on PostgreSQL',
      file: find(['initdb'], [...path(), ...postgresFolders()]),
      why: debian('postgresql'),
    },
    {
      name: 'Chromium',
      suites: 'the journeys in a browser',
      file: find(
        ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'headless_shell'],
        [...path(), '/snap/bin'],
      ),
      why: debian('chromium'),
    },
    {
      name: 'Apache',
      suites: 'Apache with mod_auth_openidc in front of the broker',
      file: existsSync('/usr/lib/apache2/modules/mod_auth_openidc.so')
        ? find(['apache2'], [...path(), '/usr/sbin'])
        : undefined,
      why: debian('libapache2-mod-auth-openidc'),
    },
  ];
}
