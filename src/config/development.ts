import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';

const developmentKeys = z.object({
  cookieKeys: z.array(z.string().min(32)).min(1),
  encryptionKeys: z.array(z.string().min(32)).min(1),
});

export type DevelopmentKeys = z.output<typeof developmentKeys>;

/**
 * The keys of this copy, made on first use: what is sealed in the development database must open again tomorrow.
 * Several processes may start together: each writes its own draft, and the first to link it under the final name wins
 * (link(2) fails if the name exists), so that nobody ever reads a half-written file.
 * @param folder `certs/` of the project.
 */
export function loadDevelopmentKeys(folder: string): DevelopmentKeys {
  const file = join(folder, 'development.json');
  const known = read(file);
  if (known !== undefined) return known;
  const draft = join(folder, `.development.${process.pid}.${randomBytes(6).toString('hex')}.json`);
  try {
    mkdirSync(folder, { recursive: true });
    const fresh = { cookieKeys: [newKey()], encryptionKeys: [newKey()] } satisfies DevelopmentKeys;
    writeFileSync(draft, `${JSON.stringify(fresh, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
    linkSync(draft, file);
    return fresh;
  } catch (cause) {
    const winner = read(file);
    if (winner !== undefined) return winner;
    throw new BrokerError('M-CONF-001', {
      detail: `The development keys cannot be written to ${file}. Make that folder writable, or set COOKIE_KEYS and ENCRYPTION_KEYS.`,
      cause,
    });
  } finally {
    rmSync(draft, { force: true });
  }
}

const newKey = (): string => randomBytes(48).toString('base64url');

function read(file: string): DevelopmentKeys | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
  try {
    return developmentKeys.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): BrokerError {
  return new BrokerError('M-CONF-001', {
    detail: `${file} cannot be read as development keys. Delete it together with DATA_DIR, or set COOKIE_KEYS and ENCRYPTION_KEYS.`,
    cause,
  });
}
