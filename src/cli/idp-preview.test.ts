import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answersOf,
  kindNames,
  kinds,
  recordsFolder,
  sample,
} from '../../test/support/identity-provider-guides.ts';
import type { Records } from '../../test/support/identity-provider-guides.ts';
import { newDataDir } from '../../test/support/services.ts';
import { root, type } from './testing/terminal.ts';

let records: Records;
beforeAll(async () => {
  records = await recordsFolder();
});
afterAll(() => records.remove());

const preview = (id: string, pasted: string, ...more: readonly string[]) =>
  type(['idp', 'preview', id, '--config', records.dir, ...more], records.variables, {
    readInput: () => Promise.resolve(pasted),
  });
/** Three parts, and a signature that nobody made. */
const unsigned = (claims: object): string =>
  [{ alg: 'ES256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.') + '.AAAA';

describe('maillon idp preview', () => {
  it.each(kindNames)(
    '%s: what would be read, which rule filled it, what is missing, refused, unknown',
    async (kind) => {
      const { code, out } = await type(
        ['idp', 'preview', kinds[kind], sample(kind, 'answers.json'), '--config', records.dir],
        records.variables,
      );
      expect(code).toBe(0);
      expect(out).toMatch(/^NOT VERIFIED: /);
      await expect(`${out}\n`).toMatchFileSnapshot(sample(kind, 'preview.txt'));
    },
  );

  it('names every refusal at once', async () => {
    const { code, out, err } = await preview(
      'mairie',
      JSON.stringify({ sub: 's', given_name: 'A', siret: '13002526500013' }),
    );
    // A script asks by the exit code.
    expect(code).toBe(1);
    expect(err).toMatch(/^maillon: .*3 reasons.* \(M-UPST-010\)$/);
    expect(out).toMatch(/\ngiven_name +A +userinfo given_name\n/);
    expect(out).toContain('M-UPST-010  mairie: usual_name or family_name missing or malformed');
    expect(out).toContain('M-UPST-010  mairie: email missing');
    expect(out).toContain('M-UPST-013  mairie: 13002526500013');
  });

  it('shows nothing that a terminal would obey', async () => {
    const { out } = await preview(
      'mairie',
      JSON.stringify({
        sub: 's',
        given_name: 'A',
        uid: 'c\u001b[31mmartin',
        poste: '\u202Efehc',
        ['x\u001b]0;pwn\u0007']: 'y',
      }),
    );
    expect(out).not.toMatch(/[^\P{C}\n]/u);
    expect(out).toContain('x]0;pwn');
  });

  it('takes a token, from standard input too, and tells an ID token from userinfo', async () => {
    const { id_token: idToken, userinfo } = await answersOf('entra-id');
    const token = await preview('entra', ` ${unsigned(idToken)}\n`);
    expect(token.out).toMatch(/\nusual_name +Martin +rule: id_token family_name\n/);
    expect(token.out).toContain('Level: eidas1-mfa');
    const signed = await preview('mairie', unsigned(userinfo), '-');
    expect(signed.out).toContain('Level: eidas0');
    const both = await preview('entra', JSON.stringify({ id_token: unsigned(idToken), userinfo }));
    expect(both.out).toContain('Level: eidas1-mfa');
  });

  it.each([
    ['', 'nothing was pasted'],
    ['{"sub":', 'was all of it pasted?'],
    ['hello', 'neither a token'],
    ['a.b.c', 'neither a token'],
    ['a.b.c.d.e', 'encrypted'],
  ])('says what is wrong with %j', async (pasted, reason) => {
    const { code, err } = await preview('mairie', pasted);
    expect(code).toBe(2);
    expect(err).toContain(reason);
  });

  it('names the records when there is none of that name', async () => {
    const { code, err } = await preview('nobody', '{}');
    expect(code).toBe(2);
    expect(err).toContain('no identity provider is called "nobody"; there are: ');
    expect(err).toContain('franceconnect');
  });

  it('reads the record in force when no folder is named', async () => {
    const env = { DATA_DIR: await newDataDir() };
    try {
      await type(['migrate'], env);
      await type(['apply', `${root}/config/demo`], env);
      const pasted = {
        email: 'agent@etat.example',
        given_name: 'A',
        family_name: 'B',
        siret: '13002526500013',
      };
      const { code, out } = await type(['idp', 'preview', 'demo'], env, {
        readInput: () => Promise.resolve(JSON.stringify(pasted)),
      });
      expect(code).toBe(0);
      expect(out).toMatch(/\nsiret +13002526500013 +userinfo siret\n/);
    } finally {
      await rm(env.DATA_DIR, { recursive: true, force: true });
    }
  });
});
