// Golden identities: the records of docs/identity-providers/ on answers of their kind, from the pages that people copy.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answersOf,
  kindNames,
  kinds,
  recordsFolder,
  sample,
} from '../../test/support/identity-provider-guides.ts';
import type { Kind, Records } from '../../test/support/identity-provider-guides.ts';
import { loadDeclarations } from '../declarations/declarations.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { assertedIdentity } from './asserted-identity.ts';

let records: Records;
let idps: ReadonlyMap<string, IdentityProvider>;

beforeAll(async () => {
  records = await recordsFolder();
  const { identityProviders } = await loadDeclarations(records.dir, {
    variables: records.variables,
    production: true,
  });
  idps = new Map(identityProviders.map((idp) => [idp.id, idp]));
});
afterAll(() => records.remove());

async function identityOf(
  kind: Kind,
  changes: { readonly idToken?: object; readonly userinfo?: object } = {},
) {
  const { id_token: idToken, userinfo } = await answersOf(kind);
  const idp = idps.get(kinds[kind]);
  if (idp === undefined) throw new Error(kind);
  const { iss, sub, aud, iat, exp, auth_time, ...others } = idToken;
  const token = {
    ...others,
    iss: String(iss),
    sub: String(sub),
    aud: String(aud),
    iat: Number(iat),
    exp: Number(exp),
    auth_time: Number(auth_time),
    ...changes.idToken,
  };
  const assertions = { idToken: token, userinfo: { ...userinfo, ...changes.userinfo } };
  return assertedIdentity(idp, assertions, { acrValues: [] });
}

describe('the identity read by the record of each guide', () => {
  it.each(kindNames)('%s', async (kind) => {
    const identity = await identityOf(kind);
    await expect(`${JSON.stringify(identity, null, 2)}\n`).toMatchFileSnapshot(sample(kind, 'identity.json'));
  });
});

describe('Entra ID', () => {
  it.each([false, 0, '0', 'no', undefined])(
    'nOAuth: xms_edov %j leaves the address unverified',
    async (xms_edov) => {
      const { emailVerified } = await identityOf('entra-id', {
        idToken: { xms_edov, email_verified: true },
        userinfo: { email_verified: true },
      });
      expect(emailVerified).toBe(false);
    },
  );

  it('nOAuth: the same address in another tenant or of another person is another (issuer, subject)', async () => {
    const one = await identityOf('entra-id');
    const other = await identityOf('entra-id', { idToken: { sub: 'somebody-else' } });
    expect(other.email).toBe(one.email);
    expect([one.issuer, one.subject]).not.toEqual([other.issuer, other.subject]);
  });

  it.each([
    [{ acrs: ['c1'], amr: [] }, 'eidas1'],
    [{ acrs: 'c2', amr: [] }, 'eidas1-mfa'],
    [{ acrs: ['c3'], amr: [] }, 'eidas0'],
    [{ acrs: [], amr: ['pwd', 'mfa'] }, 'eidas1-mfa'],
    [{ acrs: undefined, amr: undefined }, 'eidas0'],
    [{ acrs: undefined, amr: undefined, acr: 'c2' }, 'eidas0'],
    [{ acrs: Array.from({ length: 99 }, () => 'c2'), amr: [] }, 'eidas0'],
  ])('%j is worth %s', async (idToken, expected) => {
    expect((await identityOf('entra-id', { idToken })).acr).toBe(expected);
  });
});

describe('a method earns a level only where the record says so', () => {
  it('in Keycloak several factors do, and words that the record does not list are left out', async () => {
    const amr = ['pwd', 'otp', 'mfa', 'kc-cookie', 'constructor'];
    expect(await identityOf('keycloak', { idToken: { amr } })).toMatchObject({
      acr: 'eidas1-mfa',
      amr: ['pwd', 'otp', 'mfa'],
    });
    expect(await identityOf('keycloak', { idToken: { amr: ['pwd', 'otp'] } })).toMatchObject({
      acr: 'eidas1',
    });
  });

  it('in ProConnect they do not: its own level says it', async () => {
    const idToken = { acr: 'eidas1', amr: ['mfa'] };
    expect(await identityOf('proconnect', { idToken })).toMatchObject({ acr: 'eidas1', amr: ['mfa'] });
  });
});

describe('FranceConnect', () => {
  it('gives no organization and vouches for no address, whatever it sends', async () => {
    const identity = await identityOf('franceconnect');
    expect(identity).toMatchObject({ email: 'ministre@etat.example', emailDomain: '', emailVerified: false });
    expect(identity).not.toHaveProperty('siret');
    expect(identity.claims).not.toHaveProperty('siret');
  });

  it.each(['given_name', 'family_name', 'email'])('is refused without %s', async (claim) => {
    await expect(identityOf('franceconnect', { userinfo: { [claim]: undefined } })).rejects.toMatchObject({
      code: 'M-UPST-010',
    });
  });
});

describe('the SIRET', () => {
  const siretOf = async (kind: Kind, siret: unknown) => {
    const { siret: read, siretSource } = await identityOf(kind, { userinfo: { siret } });
    return [read, siretSource];
  };

  it('says whether it was asserted or the default of the record', async () => {
    expect(await siretOf('standard', '')).toEqual(['21440109300015', 'default']);
    expect(await siretOf('standard', '21440109300023')).toEqual(['21440109300023', 'asserted']);
  });

  it('of a record with a default alone stays within its SIREN', async () => {
    await expect(siretOf('standard', '13002526500013')).rejects.toMatchObject({ code: 'M-UPST-013' });
  });

  it('of a commune is never that of another organization', async () => {
    await expect(siretOf('keycloak', ['13002526500013'])).rejects.toMatchObject({ code: 'M-UPST-013' });
    await expect(siretOf('keycloak', ['21440109300031'])).rejects.toMatchObject({ code: 'M-UPST-013' });
  });

  it('that is none gives way to the default only where the record says so, and never to silence', async () => {
    await expect(siretOf('standard', '21440109300016')).rejects.toMatchObject({ code: 'M-UPST-012' });
    const record = idps.get('standard');
    if (record === undefined) throw new Error('standard');
    const { id_token: token, userinfo } = await answersOf('standard');
    const idToken = { ...token, iss: 'i', sub: 's', aud: 'a', iat: 0, exp: 0 };
    const lenient = { ...record, invalid_siret: 'default' } as const;
    const read = (siret: unknown) =>
      assertedIdentity(lenient, { idToken, userinfo: { ...userinfo, siret } }, { acrValues: [] });
    expect(read('21440109300016')).toMatchObject({ siret: '21440109300015', siretSource: 'default' });
    expect(() => read('13002526500013')).toThrow(expect.objectContaining({ code: 'M-UPST-013' }));
    const silent = { ...record, default_siret: undefined };
    expect(() =>
      assertedIdentity(
        silent,
        { idToken, userinfo: { ...userinfo, siret: '21440109300015' } },
        { acrValues: [] },
      ),
    ).toThrow(expect.objectContaining({ code: 'M-UPST-013' }));
  });
});
