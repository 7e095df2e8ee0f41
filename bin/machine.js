/** What this machine can serve to the tests: plain JavaScript, so that it can be asked before anything is installed. */
import { spawnSync } from 'node:child_process';
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

/** Its portal loads modules that its package does not depend on: only trying tells. */
function lemonldapNg() {
  const modules = ['Issuer::OpenIDConnect', 'Captcha::SecurityImage'];
  const { status } = spawnSync('perl', [
    ...modules.map((name) => `-MLemonldap::NG::Portal::${name}`),
    '-e',
    '1',
  ]);
  return status === 0 ? '/usr/share/lemonldap-ng/portal/htdocs/index.psgi' : undefined;
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
    {
      name: 'LemonLDAP::NG',
      suites: 'LemonLDAP::NG as an identity provider',
      file: lemonldapNg(),
      why: debian(
        'liblemonldap-ng-portal-perl libgd-securityimage-perl libimage-magick-perl libio-string-perl libstring-random-perl',
      ),
    },
  ];
}
