import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { createDeclarations } from '../declarations/declarations.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { previewClaims } from '../upstream/upstream.ts';
import type { Answers, Preview } from '../upstream/upstream.ts';
import { readDeclared } from './apply.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { UsageError } from './usage-error.ts';
import { withStores } from './with-stores.ts';

/**
 * What the record of an identity provider would make of an answer that somebody pasted: an ID token, userinfo, or both as
 * `{ "id_token": …, "userinfo": … }`. Nothing is verified and nothing is kept.
 *
 * @throws BrokerError what the sign-in would be refused for, once all was printed
 */
export async function idpPreview(
  surroundings: Surroundings,
  { positionals: [id = '', file = '-'], values }: Arguments,
): Promise<void> {
  const idp = await recordOf(surroundings, id, values.get('config'));
  const text =
    file === '-' ? await surroundings.readInput() : await readFile(pathOf(surroundings, file), 'utf8');
  const preview = previewClaims(idp, answersOf(text.trim()));
  surroundings.print(previewText(idp.id, preview));
  const [first, ...others] = preview.refused;
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` There are ${preview.refused.length} reasons: see above.`;
  throw new BrokerError(first.code, { detail: `${first.detail}.${more}` });
}

const pathOf = ({ cwd }: Surroundings, file: string): string => (isAbsolute(file) ? file : join(cwd, file));

/** Of the files of a folder, before they are applied; of the database otherwise. */
async function recordOf(
  surroundings: Surroundings,
  id: string,
  folder: string | undefined,
): Promise<IdentityProvider> {
  const config = configOf(surroundings);
  const records =
    folder === undefined
      ? await withStores(surroundings, config, async ({ db }) => {
          const declarations = await createDeclarations({ db, clock: surroundings.clock });
          declarations.stop();
          return [...declarations.current().identityProviders.values()];
        })
      : (await readDeclared(surroundings, config, folder)).identityProviders;
  const found = records.find((record) => record.id === id);
  if (found !== undefined) return found;
  const known = records.map((record) => record.id).join(', ');
  throw new UsageError(`no identity provider is called "${id}"; there are: ${known === '' ? 'none' : known}`);
}

const claims = z.record(z.string(), z.unknown());
const both = z.object({
  id_token: z.union([z.string(), claims]).optional(),
  userinfo: z.union([z.string(), claims]).optional(),
});

/** A token is a compact JWS; what has an audience and a nonce or an end is the content of an ID token. */
function answersOf(text: string): Answers {
  if (text === '') throw new UsageError('nothing was pasted: an ID token, or the JSON of userinfo');
  if (!text.startsWith('{')) {
    const content = contentOf(text);
    return isIdToken(content) ? { idToken: content, userinfo: {} } : { idToken: {}, userinfo: content };
  }
  const json = claims.parse(parsed(text));
  const pair = both.safeParse(json);
  if (pair.success && (pair.data.id_token !== undefined || pair.data.userinfo !== undefined)) {
    return { idToken: contentOf(pair.data.id_token ?? {}), userinfo: contentOf(pair.data.userinfo ?? {}) };
  }
  return isIdToken(json) ? { idToken: json, userinfo: {} } : { idToken: {}, userinfo: json };
}

type Claims = z.output<typeof claims>;

const isIdToken = (content: Claims): boolean =>
  'nonce' in content || 'auth_time' in content || 'acr' in content || 'amr' in content;

function contentOf(pasted: string | Claims): Claims {
  if (typeof pasted !== 'string') return pasted;
  const parts = pasted.split('.').length;
  if (parts === 5)
    throw new UsageError('this token is encrypted: paste what is in it, which only the broker can read');
  try {
    return decodeJwt(pasted);
  } catch {
    throw new UsageError('this is neither a token (three parts with dots between them) nor JSON');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('this begins like JSON and is not: was all of it pasted?');
  }
}

function previewText(id: string, preview: Preview): string {
  const { read, authentication, earned, refused, leftOut, custom } = preview;
  const { acr, idpAcr, amr } = authentication;
  const text = [
    'NOT VERIFIED: no signature, no date, no audience was looked at. Anybody could have written this.',
    `What the record "${id}" would read in it:`,
    table([['CLAIM', 'VALUE', 'FROM'], ...read.map(({ claim, value, from }) => [claim, shown(value), from])]),
    `Level: ${acr} (it says ${idpAcr ?? 'none'}${earned ? ', its methods earn it' : ''}). Methods: ${amr.length === 0 ? 'none' : amr.join(', ')}.`,
    section(
      'The sign-in would be refused',
      refused.map(({ code, detail }) => `${code}  ${detail}`),
    ),
    section(
      'Left out',
      leftOut.map(({ claim, why }) => `${claim}: ${why}`),
    ),
    section('Unknown here, passed on in custom', custom),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
  // It was pasted by us and written by anybody: a terminal obeys none of it.
  return text.replace(/[^\P{C}\n]/gu, '');
}

const shown = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\s+/gu, ' ');

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [`${title}:`, ...lines.map((line) => `  ${line}`)].join('\n');
