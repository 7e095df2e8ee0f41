import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { freePort, newDataDir } from '../../test/support/services.ts';
import { root } from './testing/terminal.ts';

const timeout = 240_000;
const node = join(root, 'node_modules/node/bin/node');

let dataDir: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  dataDir = await newDataDir();
  const [port, idp, tools, admin] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ].map(String);
  env = {
    ...{ PATH: process.env.PATH, COOKIE_KEYS: 'c'.repeat(32), ENCRYPTION_KEYS: 'e'.repeat(32) },
    ...{ DATA_DIR: dataDir, PORT: port, DEMO_IDP_PORT: idp, DEMO_TOOLS_PORT: tools, ADMIN_PORT: admin },
  };
}, timeout);
afterAll(() => {
  rmSync(dataDir, { recursive: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves when it has written a text. */
  readonly says: (text: string) => Promise<void>;
}

function start(file: string, args: readonly string[]): Running {
  const child = spawn(node, [join(root, file), ...args], {
    env,
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  const says = async (text: string): Promise<void> => {
    const gone = ended.then(({ code }) =>
      Promise.reject(new Error(`ended with ${String(code)}: ${output}${errors}`)),
    );
    gone.catch(() => undefined);
    while (!(output + errors).includes(text))
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 50))]);
  };
  return { child, output: () => output + errors, ended, says };
}

const address = (variable: string): string => `http://localhost:${env[variable] ?? ''}`;

describe('the demonstration', { timeout }, () => {
  it('says where to go and as whom; everything answers; Ctrl-C ends it cleanly', async () => {
    const running = start('src/main.ts', ['demo']);
    await running.says('Ctrl-C stops everything');
    for (const expected of [
      `${address('DEMO_TOOLS_PORT')}/docs/`,
      `${address('DEMO_TOOLS_PORT')}/tchap/`,
      `${address('DEMO_TOOLS_PORT')}/visio/`,
      `${address('PORT')}/`,
      `${address('DEMO_IDP_PORT')}/`,
      'agent@etat.example',
      'agent@commune.example',
      'membre@amd-fictif.example',
      'membre@asso.example',
      'operateur@operateur.example',
    ]) {
      expect(running.output()).toContain(expected);
    }
    const discovery = await fetch(`${address('PORT')}/.well-known/openid-configuration`);
    expect(z.object({ issuer: z.string() }).parse(await discovery.json()).issuer).toBe(address('PORT'));
    expect((await fetch(`${address('DEMO_IDP_PORT')}/.well-known/openid-configuration`)).status).toBe(200);
    expect((await fetch(`${address('DEMO_TOOLS_PORT')}/docs/`)).status).toBe(200);
    expect((await fetch(`${address('PORT')}/livez`)).status).toBe(200);
    expect((await fetch(`${address('PORT')}/readyz`)).status).toBe(200);

    running.child.kill('SIGINT');
    expect(await running.ended).toEqual({ code: 0, signal: null });
    await expect(fetch(address('PORT'))).rejects.toThrow();
  });

  it('starts again on what it kept, through bin/maillon.js, and one signal is enough', async () => {
    const running = start('bin/maillon.js', ['demo']);
    await running.says('Ctrl-C stops everything');
    running.child.kill('SIGTERM');
    // The terminal and npm both send one for the same Ctrl-C.
    running.child.kill('SIGTERM');
    expect(await running.ended).toEqual({ code: 0, signal: null });
    await expect(fetch(address('PORT'))).rejects.toThrow();
  });

  it('leaves stores that serve can use alone', async () => {
    const running = start('src/main.ts', ['serve']);
    await running.says('"msg":"ready"');
    expect((await fetch(`${address('PORT')}/readyz`)).status).toBe(200);
    // The figures, on a port of their own and nowhere else.
    expect(await (await fetch(`${address('ADMIN_PORT')}/metrics`)).text()).toContain(
      'maillon_idp_up{idp="demo"} 1',
    );
    expect((await fetch(`${address('ADMIN_PORT')}/`)).status).toBe(404);
    expect((await fetch(`${address('PORT')}/metrics`)).status).toBe(404);
    running.child.kill('SIGTERM');
    expect(await running.ended).toEqual({ code: 0, signal: null });
  });

  it('does not outlive bin/maillon.js', async () => {
    const running = start('bin/maillon.js', ['demo']);
    await running.says('Ctrl-C stops everything');
    running.child.kill('SIGKILL');
    // Its output closes when the process that really serves is gone.
    await running.ended;
    await expect(fetch(address('PORT'))).rejects.toThrow();
  });
});
