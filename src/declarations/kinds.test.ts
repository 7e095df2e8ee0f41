import { describe, expect, it } from 'vitest';
import { options, read, refusal, refused } from './testing/reading.ts';
import { readDeclarations } from './load.ts';
import {
  anApproval,
  aClient,
  aMembership,
  anIdp,
  anOperator,
  anOrganization,
  aPolicy,
  aService,
  without,
  yamlOf,
} from './testing/samples.ts';

describe('what the kinds refuse', () => {
  const one = (section: string, object: object): readonly string[] =>
    refused(
      yamlOf({
        services: [aService],
        identity_providers: section === 'identity_providers' ? [] : [anIdp],
        [section]: [object],
      }),
    );

  it.each([
    ['clients', { ...aClient, token_endpoint_auth_method: 'none' }, /"client_secret" has no use with/],
    [
      'clients',
      { ...without(aClient, 'client_secret'), token_endpoint_auth_method: 'none', pkce: 'optional' },
      /"pkce" must be required/,
    ],
    ['clients', without(aClient, 'client_secret'), /"client_secret" or client_secret_sha256 must be given/],
    ['clients', { ...aClient, client_secret_sha256: '0'.repeat(64) }, /and not both/],
    [
      'clients',
      { ...without(aClient, 'client_secret'), token_endpoint_auth_method: 'private_key_jwt' },
      /"jwks" or jwks_uri must be given/,
    ],
    [
      'clients',
      {
        ...without(aClient, 'client_secret'),
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ kty: 'EC', kid: 'a', d: 'private' }] },
      },
      /unknown key "jwks.keys\[0\].d"/,
    ],
    ['clients', { ...aClient, redirect_uris: [] }, /at least one/],
    ['clients', { ...aClient, redirect_uris: ['https://a.test/', 'https://a.test/'] }, /same value twice/],
    [
      'clients',
      { ...aClient, redirect_uris: ['https://a.test/', 'https://b.test/'] },
      /"sector_identifier" must be given/,
    ],
    ['clients', { ...aClient, cors_origins: ['https://a.test/'] }, /must be an origin/],
    ['clients', { ...aClient, cors_origins: ['*'] }, /must be an origin/],
    ['clients', { ...aClient, cors_origins: ['null'] }, /must be an origin/],
    ['clients', { ...aClient, refresh_token: 'offline_access' }, /must contain offline_access/],
    ['clients', { ...aClient, client_id: 'Docs !' }, /"client_id" must be 1 to 64/],
    ['identity_providers', { ...anIdp, issuer: 'http://idp.test' }, /https/],
    ['identity_providers', { ...anIdp, issuer: 'https://idp.test?x' }, /query/],
    [
      'identity_providers',
      { ...anIdp, issuer: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0' },
      /one tenant of Entra ID/,
    ],
    [
      'identity_providers',
      { ...anIdp, issuer: 'https://login.microsoftonline.com/common/v2.0' },
      /one tenant of Entra ID/,
    ],
    ['identity_providers', { ...anIdp, id_token_signed_response_alg: 'none' }, /must be one of ES256/],
    ['identity_providers', { ...anIdp, id_token_signed_response_alg: 'HS256' }, /must be one of ES256/],
    ['identity_providers', { ...anIdp, domains: ['État.example'] }, /domain in lower case/],
    ['identity_providers', { ...anIdp, domains: ['*.etat.example'] }, /domain in lower case/],
    ['identity_providers', { ...anIdp, domains: ['etat.example.'] }, /domain in lower case/],
    ['identity_providers', { ...anIdp, domains: ['example'] }, /domain in lower case/],
    ['identity_providers', { ...anIdp, domains: [] }, /at least one domain/],
    ['identity_providers', { ...anIdp, scope: 'email' }, /openid/],
    [
      'identity_providers',
      { ...anIdp, acr: { values: { x: 'eidas9' }, maximum: 'eidas1' } },
      /must be one of eidas0/,
    ],
    [
      'identity_providers',
      { ...anIdp, sirets: ['21440109300015'], default_siret: '13002526500013' },
      /must be one of sirets/,
    ],
    ['identity_providers', { ...anIdp, support: { name: 'x', url: 'javascript:x' } }, /support/],
    ['identity_providers', without(anIdp, 'client_secret'), /"client_secret" must be given/],
    ['identity_providers', { ...anIdp, timeout_s: 600 }, /timeout_s/],
    ['approvals', { ...anApproval, id: 'd-26-7k3qxwpb-docs' }, /"id" must not begin like d-26-/],
    ['approvals', { ...anApproval, siren: '000000000' }, /SIREN/],
    ['approvals', { ...anApproval, siren: '130025266' }, /SIREN/],
    ['approvals', { ...anApproval, ends_on: '2025-12-31' }, /"ends_on" must not be before/],
    ['approvals', { ...anApproval, ends_on: '2027-02-29' }, /day of the calendar/],
    ['approvals', { ...anApproval, ground: 'because' }, /must be one of/],
    ['approvals', { ...anApproval, reason: ' ' }, /"reason" must be text/],
    ['approvals', { ...anApproval, service: 'tchap' }, /unknown service "tchap"/],
    ['approvals', without(anApproval, 'decided_by'), /"decided_by" is missing/],
    ['memberships', { ...aMembership, siret: '1e13' }, /SIRET/],
    ['memberships', { ...aMembership, siret: '13002526500014' }, /SIRET/],
    ['memberships', { ...aMembership, idp: 'other' }, /unknown identity provider "other"/],
    ['memberships', { ...aMembership, verified_at: '2026-01-05' }, /instant/],
    ['memberships', { ...aMembership, subject: 'é' }, /ASCII/],
    ['operators', { ...anOperator, idp: 'other' }, /unknown identity provider "other"/],
    ['operators', { ...anOperator, subject: 'é' }, /ASCII/],
    ['operators', { ...anOperator, roles: [] }, /"roles" must hold at least one role/],
    ['operators', { ...anOperator, roles: ['god'] }, /"roles\[0\]" must be one of reader, reviewer/],
    ['operators', { ...anOperator, roles: ['reader', 'reader'] }, /same value twice/],
    ['operators', { ...anOperator, organization_siren: '130025266' }, /SIREN/],
    ['operators', { ...anOperator, email: 'ada' }, /e-mail address/],
    ['operators', { ...anOperator, perimeter: { departments: ['20'] } }, /code of a department/],
    ['operators', { ...anOperator, perimeter: { departments: ['1'] } }, /code of a department/],
    ['operators', { ...anOperator, perimeter: { departments: [] } }, /leave it out when there is no limit/],
    ['operators', { ...anOperator, perimeter: { federations: ['AMF'] } }, /SIREN or an RNA/],
    ['operators', { ...anOperator, perimeter: { services: ['tchap'] } }, /unknown service "tchap"/],
    ['operators', { ...anOperator, perimeter: { regions: ['53'] } }, /unknown key "perimeter.regions"/],
    [
      'operators',
      { ...anOperator, delegation: { from: '2027-01-01', to: '2026-12-31' } },
      /must not end before/,
    ],
    ['operators', { ...anOperator, delegation: { from: '2027-01-01' } }, /"delegation.to" is missing/],
    ['operators', without(anOperator, 'capacity'), /"capacity" is missing/],
    ['services', { ...aService, id: 'maillon' }, /"maillon" is the name of our own pages/],
    ['clients', { ...aClient, client_id: 'maillon' }, /"maillon" is the name of our own pages/],
    [
      'identity_providers',
      { ...anIdp, id: 'partenaires' },
      /"partenaires" is the name of accounts kept here/,
    ],
    ['policies', { ...aPolicy, service: 'maillon' }, /unknown service "maillon"/],
    ['organizations', { ...anOrganization, siret: '00000000000000' }, /SIRET/],
    ['organizations', { ...anOrganization, siret: '１３００２５２６５０００１３' }, /SIRET/],
    ['organizations', { ...anOrganization, legal_category: '712' }, /four digits/],
    ['organizations', { ...anOrganization, commune: '44000x' }, /commune code/],
    ['organizations', { ...anOrganization, rna: 'W1' }, /RNA/],
    ['organizations', { ...anOrganization, declared_population: -1 }, /declared_population/],
    ['policies', { ...aPolicy, service: 'tchap' }, /unknown service "tchap"/],
    [
      'policies',
      { ...aPolicy, rules: [{ ...aPolicy.rules[0], if: { 'org.is_nice': true } }] },
      /policy "docs": .*org\.is_nice/,
    ],
    ['policies', without(aPolicy, 'default'), /"default" is missing/],
  ])('%s: %j', (section, object, reason) => {
    const lines = one(section, object);
    expect(
      lines.some((line) => reason.test(line) && /^a\.yaml:\d+: /.test(line)),
      lines.join('\n'),
    ).toBe(true);
  });

  it('a SIRET without quotes says what to do', () => {
    const lines = refused(
      yamlOf({ organizations: [anOrganization] }).replaceAll(/"?(13002526500013)"?/g, '00000010900009'),
    );
    expect(lines.join('\n')).toContain('put it between quotes');
  });

  it('establishments of one unit that describe it in two ways', () => {
    const other = { ...anOrganization, siret: '13002526500021', name: 'Other' };
    expect(refused(yamlOf({ organizations: [anOrganization, other] })).join('\n')).toMatch(
      /a\.yaml:\d+: organization "13002526500021": "name" differs from that of organization "13002526500013"/,
    );
  });

  it('one identity that is two operators', () => {
    const text = yamlOf({
      services: [aService],
      identity_providers: [anIdp],
      operators: [anOperator, { ...anOperator, id: 'somebody-else' }],
    });
    expect(refused(text).join('\n')).toMatch(
      /a\.yaml:\d+: operator "somebody-else": this identity is that of operator "ada-martin" already/,
    );
    // So is one `sub` of one issuer, under two names of it.
    const twice = yamlOf({
      services: [aService],
      identity_providers: [anIdp, { ...anIdp, id: 'etat-bis', domains: ['bis.example'] }],
      operators: [anOperator, { ...anOperator, id: 'somebody-else', idp: 'etat-bis' }],
    });
    expect(refused(twice).join('\n')).toContain('this identity is that of operator "ada-martin" already');
  });

  it.each([
    ['policy_editor', 'decider', true],
    ['policy_editor', 'reviewer', true],
    ['auditor', 'decider', true],
    ['auditor', 'policy_editor', true],
    ['auditor', 'administrator', true],
    ['auditor', 'reader', false],
    ['decider', 'administrator', false],
    ['policy_editor', 'administrator', false],
  ])('%s and %s in one hand: %s', (one, other, apart) => {
    const text = yamlOf({
      services: [aService],
      identity_providers: [anIdp],
      operators: [{ ...anOperator, roles: [other, one] }],
    });
    if (apart)
      expect(refused(text).join('\n')).toMatch(
        new RegExp(`a\\.yaml:\\d+: operator "ada-martin": "${one}" and "${other}" cannot be held`, 'u'),
      );
    else expect(read(text).operators).toHaveLength(1);
  });

  it('the secrets of the demonstration, in production', () => {
    const file = {
      name: 'a.yaml',
      text: yamlOf({
        services: [aService],
        clients: [{ ...aClient, client_secret: 'docs-demo-secret-not-for-production-0123456789' }],
      }),
    };
    expect(readDeclarations([file], options).clients).toHaveLength(1);
    expect(refusal(() => readDeclarations([file], { ...options, production: true }))[0]).toContain(
      'cannot serve in production',
    );
  });
});
