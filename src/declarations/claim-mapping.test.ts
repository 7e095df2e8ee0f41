import { describe, expect, it } from 'vitest';
import { read, refused } from './testing/reading.ts';
import { anIdp, without, yamlOf } from './testing/samples.ts';

const problems = (claims: object): string =>
  refused(yamlOf({ identity_providers: [{ ...anIdp, claims }] })).join('\n');
const rule = { from: 'userinfo', claim: 'x' } as const;

describe('rules of claims', () => {
  it('are kept as written', () => {
    const claims = {
      given_name: { from: 'userinfo', claim: 'cn', split: { on: ' ', keep: 'not_upper_case' } },
      email: { from: 'id_token', claim: ['user', 'mails'], pick: 0, lower_case: 'domain' },
      email_verified: { from: 'id_token', claim: 'xms_edov' },
      siret: {
        from: 'userinfo',
        claim: 'e',
        pick: { starts_with: '{SIRET}' },
        split: { on: '}', keep: 'last' },
      },
      phone_number: { from: 'userinfo', claim: 'p', pick: { where: 'type', is: 'work', take: 'value' } },
      belonging_population: { from: 'constant', value: 'agent' },
      'custom.corps': { from: 'userinfo', claim: 'grade', default: 'A' },
    };
    const text = yamlOf({ identity_providers: [{ ...anIdp, claims }] });
    expect(read(text).identityProviders[0]?.claims).toEqual(claims);
  });

  it.each([
    ...['sub', 'iss', 'aud', 'exp', 'acr', 'amr', 'nonce', 'auth_time', 'org_type', 'organization_type'],
    ...['eligibility', 'entitlements', 'roles', 'groups', 'guest', 'is_public_service', 'siren', 'name'],
  ])('CVE-2024-29892: %s is ours to say, under that name or behind custom.', (target) => {
    expect(problems({ [target]: rule })).toContain(`is ours to say: no rule may fill "${target}"`);
    expect(problems({ [`custom.${target}`]: rule })).toContain('is ours to say');
  });

  it.each([
    [{ grade: rule }, 'is not a claim that we know: write custom.grade'],
    [{ 'custom.email': rule }, 'has a name of its own: write email'],
    [{ 'custom.a b': rule }, 'must be letters, digits'],
    [{ __proto__x: rule }, 'is not a claim that we know'],
    [{ uid: { claim: 'x' } }, '"claims.uid.from" is missing'],
    [{ uid: { ...rule, from: 'either' } }, 'must say from where'],
    [{ uid: { ...rule, regex: '.*' } }, 'unknown key "claims.uid.regex"'],
    [{ uid: { ...rule, pick: { jsonpath: '$' } } }, 'must be a place'],
    [{ uid: { ...rule, pick: 100 } }, '"claims.uid.pick" must be <=99'],
    [{ uid: { ...rule, split: { on: '', keep: 0 } } }, 'split.on'],
    [{ uid: { ...rule, claim: ['a', 'b', 'c', 'd', 'e'] } }, 'at most four names'],
    [{ uid: { from: 'constant', value: 'same' } }, 'cannot be the same for everybody'],
    [{ email: { ...rule, default: 'all@a.example' } }, 'cannot be the same for everybody'],
    [{ email: { ...rule, lower_case: 'all' } }, 'only its domain in lower case: two mailboxes may differ'],
    [{ 'custom.Roles': rule }, 'is ours to say: no rule may fill "Roles"'],
    [{ 'custom.organization_x': rule }, 'is ours to say'],
    [{ 'custom.Organization_Type': rule }, 'is ours to say'],
    [{ 'custom.Email': rule }, 'has a name of its own: write email'],
    [{ siret: { ...rule, default: '13002526500013' } }, 'default_siret says it'],
    [{ siret: { from: 'constant', value: '13002526500013' } }, 'default_siret says it'],
    [{ email_verified: { from: 'constant', value: true } }, 'can only be false'],
    [{ email: rule, email_verified: { ...rule, default: true } }, 'can only be false'],
    [
      { email: rule, email_verified: { from: 'id_token', claim: 'v' } },
      'must come with the address: fill email from id_token too',
    ],
    [{ email_verified: rule }, 'must come with the address'],
    [
      Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`custom.c${index}`, rule])),
      'must hold at most 40 rules',
    ],
  ])('refuse %j', (claims, reason) => {
    expect(problems(claims)).toContain(reason);
  });
});

describe('for which organizations a provider answers is always written', () => {
  const silent = without(anIdp, 'any_siret');
  const told = (changes: object): string =>
    refused(yamlOf({ identity_providers: [{ ...silent, ...changes }] })).join('\n');

  it('silence is refused, and the ways out are named', () => {
    expect(told({})).toMatch(
      /^a\.yaml:\d+: identity provider "etat": "sirets" must say which establishments.*default_siret.*any_siret: true.*gives_organization: false/,
    );
  });

  it.each([
    [{ any_siret: false }, 'must be true, or left out'],
    [{ any_siret: true, sirets: ['13002526500013'] }, '"any_siret" contradicts sirets'],
    [{ gives_organization: true }, 'must be false, or left out'],
    [{ gives_organization: false, any_siret: true }, '"any_siret" contradicts gives_organization'],
    [{ gives_organization: false, default_siret: '13002526500013' }, '"default_siret" contradicts'],
    [{ gives_organization: false, claims: { siret: rule } }, 'must have no rule for siret'],
    [{ any_siret: true, invalid_siret: 'default' }, '"invalid_siret" needs default_siret'],
    [{ any_siret: true, domains: [] }, '"domains" must hold at least one domain'],
    [{ any_siret: true, amr: { values: { a: 'otp' }, earns: { mfa: 'eidas1-mfa' } } }, 'which no value'],
  ])('refuses %j', (changes, reason) => {
    expect(told(changes)).toContain(reason);
  });

  it.each([
    { sirets: ['13002526500013'] },
    { default_siret: '13002526500013', invalid_siret: 'default' },
    { any_siret: true, default_siret: '13002526500013' },
    { gives_organization: false, domains: [] },
  ])('takes %j', (changes) => {
    const text = yamlOf({ identity_providers: [{ ...silent, ...changes }] });
    expect(read(text).identityProviders).toHaveLength(1);
  });
});
