import { createServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { everyImporter } from '../importers/importers.ts';
import { freePort } from '../../test/support/services.ts';
import { root, type } from './testing/terminal.ts';

describe('help and version', () => {
  it.each([['help'], ['--help'], ['-h'], ['keys', '--help'], ['start', '-h']])('%s %s', async (...argv) => {
    const { code, out, err } = await type(argv);
    expect([code, err]).toEqual([0, '']);
    const known = ['serve', 'migrate', 'apply DIR [--dry-run]', 'keys list', 'demo', 'help', 'version'];
    for (const command of known) {
      expect(out).toContain(`\n  ${command} `);
    }
  });

  it('of a command: its own, with what its words may be', async () => {
    const own = await type(['keys', 'list', '--help']);
    expect([own.code, own.err]).toEqual([0, '']);
    expect(own.out.split('\n')).toEqual([
      'Usage: maillon keys list',
      '',
      expect.stringMatching(/^ +Show the signing keys/),
      '',
      'All commands: maillon help',
    ]);
    const { code, out, err } = await type(['import', '-h']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Usage: maillon import SOURCE FILE \[--dry-run\]/);
    const lines = out.split('\n').map((line) => line.trim().split(/ {2,}/));
    for (const { name, summary } of everyImporter) expect(lines).toContainEqual([name, summary]);
    expect(out).toMatch(/^ +--as-of DATE +The day of which the file speaks/m);
  });

  it.each(['version', '--version', '-v'])('%s', async (argument) => {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    expect(await type([argument])).toEqual({ code: 0, out: version, err: '' });
  });
});

describe('what is not understood gets exit code 2', () => {
  it.each([
    [[], 'a command is missing'],
    [['start'], 'unknown command "start"'],
    [['constructor'], 'unknown command "constructor"'],
    [
      ['keys'],
      'expected: maillon keys list, or maillon keys rotate [--alg ALG] [--publish-for DURATION], or',
    ],
    [['keys', 'turn'], 'expected: maillon keys list, or'],
  ])('and the whole help: %j', async (argv, reason) => {
    const { code, out, err } = await type(argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(reason);
    expect(err).toContain('Usage: maillon COMMAND');
  });

  it.each([
    [['serve', 'now'], 'not understood: now.', 'serve'],
    [['serve', '--port', '3000'], '--port', 'serve'],
    [['apply'], 'an argument is missing', 'apply DIR [--dry-run]'],
    [['apply', 'a', 'b', 'c'], 'not understood: b c.', 'apply DIR [--dry-run]'],
    [['apply', 'a', '--force'], "Unknown option '--force'\n", 'apply DIR [--dry-run]'],
    [['import'], 'arguments are missing', 'import SOURCE FILE [--dry-run]'],
    [['migrate', '--dry-run'], '--dry-run', 'migrate'],
    [['keys', 'list', 'all'], 'not understood: all.', 'keys list'],
    [['keys', 'withdraw'], 'an argument is missing', 'keys withdraw KID'],
    [['keys', 'rotate', '--alg'], '--alg', 'keys rotate'],
    [['keys', 'rotate', '--alg', 'HS256'], '--alg must be one of ES256, RS256, PS256, EdDSA', 'keys rotate'],
    [
      ['keys', 'rotate', '--publish-for', 'tomorrow'],
      '--publish-for must be a duration such as',
      'keys rotate',
    ],
  ])('and how to write that command: %j', async (argv, reason, usage) => {
    const { code, out, err } = await type(argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(reason);
    expect(err).toContain(`Usage: maillon ${usage}`);
    expect(err.split('\n')).toHaveLength(7);
  });
});

describe('what goes wrong is one sentence and exit code 1', () => {
  it('a bad variable', async () => {
    const { code, out, err } = await type(['serve'], { PORT: 'x' });
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe('maillon: PORT must be a port number between 1 and 65535. Example: 3000. (M-CONF-001)');
  });

  it('a stack only with LOG_LEVEL=debug', async () => {
    expect((await type(['serve'], { PORT: 'x', LOG_LEVEL: 'debug' })).err).toMatch(/\n {4}at /);
    expect((await type(['serve'], { PORT: 'x', LOG_LEVEL: 'warn' })).err).not.toMatch(/\n {4}at /);
  });

  it.each([
    ['serve', 'PORT'],
    ['demo', 'PORT'],
    ['demo', 'DEMO_IDP_PORT'],
    ['demo', 'DEMO_TOOLS_PORT'],
  ])('%s: a busy %s, named with its variable, before anything is touched', async (command, variable) => {
    const port = await freePort();
    const busy = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => busy.once('listening', resolve));
    const { code, err } = await type([command], {
      ...{ PORT: '20871', DEMO_IDP_PORT: '20872', DEMO_TOOLS_PORT: '20873' },
      [variable]: String(port),
      DATA_DIR: '/dev/null/never-created',
    });
    busy.close();
    expect(code).toBe(1);
    expect(err).toMatch(
      new RegExp(
        `^maillon: Port ${port} is already in use on this machine\\. Stop .* Example: ${variable}=\\d+\\. \\(M-CONF-001\\)$`,
      ),
    );
  });

  it('one port twice', async () => {
    const { err } = await type(['demo'], { PORT: '20871', DEMO_IDP_PORT: '20871' });
    expect(err).toContain('DEMO_IDP_PORT must differ from PORT (both are 20871)');
  });

  it('the demonstration in production, whatever else is set', async () => {
    const { code, err } = await type(['demo'], { NODE_ENV: 'production' });
    expect(code).toBe(1);
    expect(err).toContain('NODE_ENV must not be production for the demonstration');
  });

  it.each([
    ['migrate', 'DATABASE_URL', 'postgres://nobody@127.0.0.1:1/none', 'M-STOR-001'],
    ['serve', 'DATABASE_URL', 'postgres://nobody@127.0.0.1:1/none', 'M-STOR-001'],
    ['serve', 'REDIS_URL', 'redis://127.0.0.1:1', 'M-STOR-002'],
  ])('%s with an unreachable %s', async (command, variable, value, errorCode) => {
    const { code, out, err } = await type([command], {
      PORT: '20874',
      ADMIN_PORT: '20875',
      [variable]: value,
    });
    expect([code, out]).toEqual([1, '']);
    expect(err.split('\n')).toHaveLength(1);
    expect(err).toMatch(new RegExp(`^maillon: .*127\\.0\\.0\\.1:1.* \\(${errorCode}\\)$`));
  });

  it('a data directory that cannot be used', async () => {
    const { code, err } = await type(['migrate'], { DATA_DIR: '/dev/null/nowhere' });
    expect(code).toBe(1);
    expect(err).toMatch(/^maillon: .*\/dev\/null\/nowhere.* \(M-STOR-001\)$/);
  });

  it('declarations that are refused, with every line', async () => {
    const { code, out, err } = await type(['apply', 'src/cli/testing']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(
      'maillon: these declarations are refused, nothing was applied. (M-CONF-002)\nsrc/cli/testing: no *.yaml file in this folder',
    );
  });
});
