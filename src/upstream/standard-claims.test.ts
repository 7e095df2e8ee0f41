import { describe, expect, it } from 'vitest';
import { phoneClaims, profileClaims } from '../declarations/declarations.ts';
import { standardClaims } from './standard-claims.ts';

const standardClaimNames = [...profileClaims, ...phoneClaims];

const all = {
  middle_name: 'Anne',
  nickname: 'Cam',
  profile: 'https://annuaire.example/agents/42',
  picture: 'https://annuaire.example/agents/42.png?taille=80#visage',
  website: 'https://[2001:db8::1]:8443',
  gender: 'female',
  birthdate: '1984-02-29',
  zoneinfo: 'Europe/Paris',
  locale: 'fr-FR',
  updated_at: 1_792_483_200,
  phone_number: '+33 1 23 45 67 89',
  phone_number_verified: false,
};
const read = (claim: string, value: unknown) => standardClaims({ [claim]: value }, {})[claim];

describe('the standard claims of a person', () => {
  it('pass through as they are', () => {
    expect(standardClaims(all, {})).toEqual(all);
    expect(standardClaims({}, all)).toEqual(all);
    expect(Object.keys(all).toSorted()).toEqual(standardClaimNames.toSorted());
  });

  it('are userinfo’s before those of the ID token', () => {
    expect(standardClaims({ nickname: 'Cam', locale: null }, { nickname: 'Old', locale: 'fr' })).toEqual({
      nickname: 'Cam',
      locale: 'fr',
    });
  });

  it('are left out one by one, and nothing else comes along', () => {
    expect(standardClaims({ ...all, gender: 1, birthdate: 'hier', address: {}, grade: 'A' }, {})).toEqual({
      ...all,
      gender: undefined,
      birthdate: undefined,
    });
    expect(standardClaims({}, {})).toEqual({});
  });

  it.each(standardClaimNames)('%s is never a list, an object, null or empty', (claim) => {
    for (const value of [['fr'], { formatted: 'fr' }, null, '']) {
      expect(standardClaims({ phone_number: '+33199000001', [claim]: value }, {})).not.toHaveProperty(claim);
    }
  });
});

describe('a text follows the rule of every text about a person', () => {
  it.each(['middle_name', 'nickname', 'gender'])('%s', (claim) => {
    expect(read(claim, ' Mae\u0308lle ')).toBe('Maëlle');
    expect(read(claim, '\u202Eelliam')).toBeUndefined();
    expect(read(claim, 'a'.repeat(257))).toBeUndefined();
  });
});

describe.each(['profile', 'picture', 'website'])('%s', (claim) => {
  it.each([
    'http://annuaire.example/42',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//https://a.example',
    'data:image/png;base64,AAAA',
    '//annuaire.example/42',
    '/42',
    'https:annuaire.example',
    'https://',
    'https://?q',
    'https://agent@annuaire.example/',
    'https://agent:secret@annuaire.example/',
    'https://banque.example\\@annuaire.example/',
    'https://annuaire.example:99999/',
    'https://annuaire.example/a b',
    'https://annuaire.example/"onerror="x',
    'https://annuaire.example/<script>',
    'https://annuaire.example/\n42',
    ' https://annuaire.example/',
    `https://annuaire.example/${'a'.repeat(1000)}`,
    42,
  ])('is left out: %j', (value) => {
    expect(read(claim, value)).toBeUndefined();
  });

  it('may hold an at sign where it names no user', () => {
    expect(read(claim, 'HTTPS://social.example/@agent')).toBe('HTTPS://social.example/@agent');
  });
});

describe('phone_number', () => {
  it.each(['+33 1 23 45 67 89', '01.23.45.67.89', '(0)1-23-45-67-89', '+33123456789;ext=42', '3939'])(
    'passes through: %j',
    (value) => {
      expect(read('phone_number', value)).toBe(value);
    },
  );
  it.each(['non renseigné', 'poste 42', '12', '+', '1'.repeat(21), 'tel:+33123456789', 33_123_456_789])(
    'is dropped when it is none, as ProConnect does: %j',
    (value) => {
      expect(
        standardClaims({ phone_number: value, phone_number_verified: true, nickname: 'Cam' }, {}),
      ).toEqual({ nickname: 'Cam' });
    },
  );
});

describe('birthdate is a day, a day without its year, or a year', () => {
  it.each(['1984-02-29', '2000-02-29', '0000-02-29', '0000-12-31', '1984'])('%j', (value) => {
    expect(read('birthdate', value)).toBe(value);
  });
  it.each(['1983-02-29', '1984-13-01', '1984-00-10', '84-01-01', '01/02/1984', '0000', '1984-02', 1984])(
    'left out: %j',
    (value) => {
      expect(read('birthdate', value)).toBeUndefined();
    },
  );
  it('is no instant', () => {
    expect(read('birthdate', '1984-02-29T00:00:00Z')).toBeUndefined();
  });
});

describe('zoneinfo has the form of a name of the time zone database', () => {
  it.each(['Europe/Paris', 'America/Argentina/Buenos_Aires', 'America/Port-au-Prince', 'Etc/GMT+1', 'UTC'])(
    '%j',
    (value) => {
      expect(read('zoneinfo', value)).toBe(value);
    },
  );
  it('all those of this machine have it', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) expect(read('zoneinfo', zone)).toBe(zone);
  });
  it.each(['+01:00', 'Paris, France', '../etc/passwd', 'Europe/', 'A/B/C/D', 'x'.repeat(65), 1])(
    'left out: %j',
    (value) => {
      expect(read('zoneinfo', value)).toBeUndefined();
    },
  );
});

describe('locale is a language tag (BCP 47)', () => {
  it.each(['fr', 'fr-FR', 'zh-Hant-TW', 'br'])('%j', (value) => {
    expect(read('locale', value)).toBe(value);
  });
  it.each(['fr_FR', 'français', 'f', 'fr-', 'fr FR', `fr-${'abcdefgh-'.repeat(4)}x`, 33])(
    'left out: %j',
    (value) => {
      expect(read('locale', value)).toBeUndefined();
    },
  );
});

it.each([0, -1, 1.5, '1792483200', 1_792_483_200_000, Number.NaN, '2026-10-20', true])(
  'updated_at counts whole seconds since the epoch: %j is left out',
  (value) => {
    expect(read('updated_at', value)).toBeUndefined();
  },
);

describe('phone_number_verified', () => {
  it.each(['true', 1, 'yes', {}])('is true or false: %j is left out', (value) => {
    expect(standardClaims({ ...all, phone_number_verified: value }, {})).not.toHaveProperty(
      'phone_number_verified',
    );
  });

  it('is said of a telephone number that is passed on', () => {
    expect(standardClaims({ phone_number_verified: true }, {})).toEqual({});
    expect(standardClaims({ phone_number: 33, phone_number_verified: true }, {})).toEqual({});
  });

  it('is said by the source of that number', () => {
    const idToken = { phone_number: '+33199000001', phone_number_verified: true };
    expect(standardClaims({ phone_number: '+33199000002' }, idToken)).toEqual({
      phone_number: '+33199000002',
    });
    expect(standardClaims({ phone_number: null, phone_number_verified: false }, idToken)).toEqual(idToken);
  });
});
