import { describe, expect, it } from 'vitest';
import { parseSiret } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
import { createBench } from './testing/bench.ts';
import { createSmallIdp, person } from './testing/small-idp.ts';
import type { UpstreamResult } from './upstream.ts';

const siretOf = (text: string): Siret => {
  const siret = parseSiret(text);
  if (siret === undefined) throw new Error(text);
  return siret;
};
const [nantes, dinum] = [siretOf('21440109300015'), siretOf(person.siret)];
const refused = (code: string) => ({ ok: false, error: { code } });
const identityOf = (result: UpstreamResult) => {
  if (!result.ok) throw result.error;
  return result.identity;
};

const aString: unknown = expect.any(String);

describe('the identity', () => {
  it('is what the IdP asserted, checked and mapped', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const signedInAt = Math.floor(bench.clock.now.getTime() / 1000) - 120;
    idp.authTime = signedInAt;
    idp.deviation = {
      userinfo: (right) => ({
        ...right,
        uid: 'cmartin',
        phone_number: '+33 1 23 45 67 89',
        phone_number_verified: true,
        locale: 'fr-FR',
        picture: 'javascript:alert(1)',
        poste: 'chef',
        organizational_unit: 42,
      }),
    };
    const result = await bench.login(idp);
    expect(result).toEqual({
      ok: true,
      signOutHint: aString,
      clearCookie: [...bench.cookies.keys()][0],
      attempt: {
        interactionUid: 'uid-1',
        idpId: 'etat',
        startedAt: bench.clock.now,
        forceLogin: false,
        maxAge: undefined,
        acrValues: [],
      },
      identity: {
        idp: 'etat',
        issuer: 'https://etat.idp.example',
        subject: 'agent-1',
        claims: {
          given_name: 'Camille',
          usual_name: 'Martin',
          email: 'agent@etat.example',
          uid: 'cmartin',
          phone_number: '+33 1 23 45 67 89',
          phone_number_verified: true,
          locale: 'fr-FR',
          custom: { poste: 'chef' },
        },
        email: 'agent@etat.example',
        emailDomain: 'etat.example',
        emailVerified: true,
        siret: '13002526500013',
        siretSource: 'asserted',
        link: { level: 'moderated', method: 'idp' },
        acr: 'eidas1-mfa',
        idpAcr: 'high',
        amr: ['pwd', 'otp'],
        authTime: new Date(signedInAt * 1000),
      },
    });
    expect(idp.requests).toEqual(['/.well-known/openid-configuration', '/token', '/jwks', '/userinfo']);
  });

  it('says when the IdP calls the address unverified, wherever it says so', async () => {
    const idp = await createSmallIdp();
    idp.deviation = { claims: (right) => ({ ...right, email_verified: false }) };
    expect(identityOf(await createBench(idp).login(idp)).emailVerified).toBe(false);
    idp.deviation = { userinfo: (right) => ({ ...right, email_verified: false }) };
    expect(identityOf(await createBench(idp).login(idp)).emailVerified).toBe(false);
  });

  it.each([
    ['mapped', 'low', 'eidas1'],
    ['above the maximum of the IdP', 'card', 'eidas2'],
    ['ours, but not mapped for this IdP', 'eidas3', 'eidas0'],
    ['unknown', 'platinum', 'eidas0'],
    ['a name of every object', 'constructor', 'eidas0'],
    ['a list', ['card'], 'eidas0'],
    ['absent', undefined, 'eidas0'],
  ])('level %s', async (_name, asserted, expected) => {
    const idp = await createSmallIdp();
    idp.authentication = { acr: asserted };
    expect(identityOf(await createBench(idp).login(idp)).acr).toBe(expected);
  });

  it('reads acr and amr from the ID token alone: userinfo says nothing about this authentication', async () => {
    const idp = await createSmallIdp();
    idp.authentication = {};
    idp.deviation = { userinfo: (right) => ({ ...right, acr: 'card', amr: ['hwk'] }) };
    const { acr, amr, claims } = identityOf(await createBench(idp).login(idp));
    expect({ acr, amr, custom: claims.custom }).toEqual({ acr: 'eidas0', amr: [], custom: undefined });
  });

  it('is refused below the level that was demanded', async () => {
    const idp = await createSmallIdp();
    idp.authentication = { acr: 'low' };
    expect(await createBench(idp).login(idp, { acrValues: ['eidas1-mfa'] })).toMatchObject(
      refused('M-UPST-015'),
    );
    idp.authentication = { acr: 'high' };
    expect(await createBench(idp).login(idp, { acrValues: ['eidas1-mfa'] })).toMatchObject({ ok: true });
  });

  it('is refused when the person was not asked again', async () => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const now = Math.floor(bench.clock.now.getTime() / 1000);
    idp.authTime = now - 40;
    expect(await bench.login(idp, { forceLogin: true })).toMatchObject(refused('M-UPST-017'));
    expect(await bench.login(idp, { maxAge: 60 })).toMatchObject({ ok: true });
    idp.authTime = now - 100;
    expect(await bench.login(idp, { maxAge: 60 })).toMatchObject(refused('M-UPST-017'));
    idp.authTime = now;
    expect(await bench.login(idp, { forceLogin: true, maxAge: 0 })).toMatchObject({ ok: true });
    idp.deviation = { claims: (right) => ({ ...right, auth_time: undefined }) };
    expect(await bench.login(idp, { forceLogin: true })).toMatchObject(refused('M-UPST-017'));
    expect(await bench.login(idp, { maxAge: 60 })).toMatchObject(refused('M-UPST-017'));
  });

  it('takes the default SIRET of the IdP when it sends none, never instead of a wrong one', async () => {
    const idp = await createSmallIdp();
    const { upstream, begin, cookies } = createBench(idp);
    const record = { ...idp.record, default_siret: nantes };
    const back = async (siret: unknown) => {
      idp.deviation = { userinfo: (right) => ({ ...right, siret }) };
      return upstream.finish(record, idp.answer(await begin(idp)), (name) => cookies.get(name));
    };
    expect(identityOf(await back(undefined)).siret).toBe('21440109300015');
    expect(identityOf(await back('')).siret).toBe('21440109300015');
    expect(await back('21440109300016')).toMatchObject(refused('M-UPST-012'));
  });

  it('takes no default in the place of an invalid one when the other answer says another organization', async () => {
    const idp = await createSmallIdp();
    const { upstream, begin, cookies } = createBench(idp);
    const record = { ...idp.record, default_siret: nantes, invalid_siret: 'default' } as const;
    const back = async (inUserinfo: unknown, inToken: unknown) => {
      idp.deviation = {
        userinfo: (right) => ({ ...right, siret: inUserinfo }),
        claims: (right) => ({ ...right, siret: inToken }),
      };
      return upstream.finish(record, idp.answer(await begin(idp)), (name) => cookies.get(name));
    };
    expect(await back('x', dinum)).toMatchObject(refused('M-UPST-012'));
    expect(await back(['x'], 'y')).toMatchObject(refused('M-UPST-012'));
    expect(identityOf(await back('x', 'x'))).toMatchObject({ siret: nantes, siretSource: 'default' });
    expect(identityOf(await back('x', nantes))).toMatchObject({ siret: nantes, siretSource: 'default' });
    expect(identityOf(await back('x', undefined))).toMatchObject({ siret: nantes, siretSource: 'default' });
  });

  it('stays within the SIRETs entrusted to the IdP', async () => {
    const idp = await createSmallIdp();
    const { upstream, begin, cookies } = createBench(idp);
    const back = async (sirets: readonly Siret[]) =>
      upstream.finish({ ...idp.record, sirets }, idp.answer(await begin(idp)), (name) => cookies.get(name));
    expect(await back([nantes])).toMatchObject(refused('M-UPST-013'));
    expect(await back([])).toMatchObject(refused('M-UPST-013'));
    expect(await back([nantes, dinum])).toMatchObject({ ok: true });
  });
});
