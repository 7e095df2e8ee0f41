// What the deployment files run exists: commands, files, variables and paths. No container engine is needed to know it.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { commands } from '../src/cli/commands.ts';
import { loadConfig, settingNames } from '../src/config/config.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const manifest = z
  .object({
    scripts: z.record(z.string(), z.string()),
    bin: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read('package.json')));

const isHealthPath = (path: string): boolean => read('src/http/health.ts').includes(`'${path}'`);

describe('package.json', () => {
  it('names programs that exist', () => {
    for (const file of Object.values(manifest.bin))
      expect(() => accessSync(join(root, file), constants.X_OK)).not.toThrow();
    for (const script of Object.values(manifest.scripts)) {
      const [, file] = /^node (\S+)/.exec(script) ?? [];
      if (file !== undefined) expect(existsSync(join(root, file)), script).toBe(true);
    }
  });

  it('starts the demonstration in place of the shell, so that Ctrl-C is answered by it', () => {
    expect(manifest.scripts['start']).toBe('exec node bin/maillon.js demo');
    expect(Object.keys(commands)).toContain('demo');
  });
});

describe('Dockerfile', () => {
  const instructions = read('Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.split(' ', 1)[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }));
  const of = (name: string): readonly string[] =>
    instructions.filter((one) => one.name === name).map(({ rest }) => rest);
  const list = (text: string | undefined): readonly string[] =>
    z.array(z.string()).parse(JSON.parse(text ?? ''));
  const copied = of('COPY')
    .filter((rest) => !rest.startsWith('--from'))
    .flatMap((rest) => rest.split(/\s+/).slice(0, -1));

  it('runs on the Node that is pinned', () => {
    const version = manifest.devDependencies['node'] ?? '';
    for (const image of of('FROM')) expect(image.split(' ')[0]).toBe(`node:${version}-slim`);
  });

  it('copies what exists, and everything that the broker reads', () => {
    for (const path of copied) expect(existsSync(join(root, path)), path).toBe(true);
    expect(copied).toEqual(expect.arrayContaining(['package.json', 'src', 'views', 'locales', 'migrations']));
    expect(copied).not.toContain('demo');
  });

  it('gets from .dockerignore what it copies, and no key, no data, no test', () => {
    const rules = read('.dockerignore').split('\n').filter(Boolean);
    expect(rules[0]).toBe('*');
    for (const path of copied) expect(rules).toContain(`!${path}`);
    expect(rules.filter((rule) => rule.startsWith('!')).length).toBe(new Set(copied).size);
    expect(rules).toContain('**/*.test.ts');
  });

  it('does not run as root, in production', () => {
    expect(of('USER')).toEqual(['node']);
    expect(of('ENV')).toContain('NODE_ENV=production');
  });

  it('starts a command that exists', () => {
    const entrypoint = list(of('ENTRYPOINT')[0]);
    const [node] = entrypoint;
    const file = entrypoint.at(-1);
    expect([node, existsSync(join(root, file ?? ''))]).toEqual(['node', true]);
    expect(Object.keys(commands)).toContain(list(of('CMD').at(-1))[0]);
  });

  it('asks for a health path that is served, on the port that is exposed', () => {
    const check = of('HEALTHCHECK')[0] ?? '';
    const [node, flag, script] = list(check.slice(check.indexOf('CMD ') + 4));
    expect([node, flag]).toEqual(['node', '-e']);
    expect(isHealthPath(/\/\w+(?=`)/.exec(script ?? '')?.[0] ?? '')).toBe(true);
    expect(script).toContain(`process.env.PORT || ${of('EXPOSE')[0] ?? ''}`);
    expect(loadConfig({ COOKIE_KEYS: 'x'.repeat(32), ENCRYPTION_KEYS: 'x'.repeat(32) }, root).port).toBe(
      Number(of('EXPOSE')[0]),
    );
    // The script itself is sound: nobody listens there, so it says no.
    expect(() =>
      execFileSync(process.execPath, ['-e', script ?? ''], { env: { PORT: '1' }, stdio: 'ignore' }),
    ).toThrow();
  });
});

describe('docker-compose.yml', () => {
  const compose = z
    .object({
      services: z.record(
        z.string(),
        z.object({
          image: z.string(),
          build: z.string().optional(),
          command: z.array(z.string()).optional(),
          environment: z.record(z.string(), z.string()).optional(),
          healthcheck: z.object({ test: z.array(z.string()) }).optional(),
          depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
        }),
      ),
    })
    .parse(parse(read('docker-compose.yml'), { merge: true }));
  const ours = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);

  it('migrates, applies, then serves', () => {
    expect(ours.map(([, { command }]) => command?.[0])).toEqual(['migrate', 'apply', 'serve']);
    for (const [, { command }] of ours) expect(Object.keys(commands)).toContain(command?.[0]);
  });

  it('sets only variables that Maillon reads, and all that production demands', () => {
    const sample: Record<string, string> = { ISSUER: 'https://connexion.example.fr', POSTGRES_PASSWORD: 'p' };
    for (const [name, { environment = {} }] of ours) {
      expect(
        Object.keys(environment).filter((variable) => !settingNames.includes(variable)),
        name,
      ).toEqual([]);
      const env = Object.fromEntries(
        Object.entries(environment).map(([variable, value]) => [
          variable,
          value.replaceAll(
            /\$\{(\w+)(?::(-|\?)([^}]*))?\}/g,
            (_, wanted: string, kind: string, text: string) =>
              kind === '-' ? text : (sample[wanted] ?? 'k'.repeat(40)),
          ),
        ]),
      );
      expect(loadConfig(env, root)).toMatchObject({ production: true, trustedProxies: 1 });
    }
  });

  it('waits for services that exist, and that say when they are ready', () => {
    for (const [name, { depends_on: needed = {} }] of Object.entries(compose.services)) {
      for (const [other, { condition }] of Object.entries(needed)) {
        expect(compose.services[other], `${name} → ${other}`).toBeDefined();
        if (condition === 'service_healthy')
          expect(compose.services[other]?.healthcheck, other).toBeDefined();
      }
    }
  });
});

describe('.ci/run', () => {
  it('is a sound script that installs what the suites need and runs them all', () => {
    const file = join(root, '.ci/run');
    expect(() => accessSync(file, constants.X_OK)).not.toThrow();
    execFileSync('bash', ['-n', file]);
    const text = read('.ci/run');
    for (const expected of [
      'redis-server',
      'postgresql',
      'chromium',
      'libapache2-mod-auth-openidc',
      'liblemonldap-ng-portal-perl',
      'CI=true',
      'npm test',
    ])
      expect(text).toContain(expected);
  });
});
