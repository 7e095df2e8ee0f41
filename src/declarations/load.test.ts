import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BrokerError } from '../errors/errors.ts';
import { loadDeclarations, readDeclarations } from './load.ts';
import type { DeclaredSet } from './declared-set.ts';
import {
  anApproval,
  aClient,
  aMembership,
  anIdp,
  anOrganization,
  aPolicy,
  aService,
  without,
  yamlOf,
} from './testing/samples.ts';

const options = { production: false, variables: { DOCS_SECRET: 's'.repeat(40), EMPTY: '' } };

const read = (...texts: string[]): DeclaredSet =>
  readDeclarations(
    texts.map((text, index) => ({ name: `${'abc'[index] ?? 'z'}.yaml`, text })),
    options,
  );

function refusal(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    expect(error.code).toBe('M-CONF-002');
    return (error.detail ?? '').split('\n');
  }
  throw new Error('accepted');
}

const refused = (...texts: string[]): readonly string[] => refusal(() => read(...texts));

describe('a folder of declarations', () => {
  it('is read whole, whatever the files are called', () => {
    const set = read(
      yamlOf({ clients: [aClient], policies: [aPolicy] }),
      yamlOf({ services: [aService], approvals: [anApproval], organizations: [anOrganization] }),
      yamlOf({ identity_providers: [anIdp], memberships: [aMembership] }),
    );
    const lists: readonly (readonly unknown[])[] = Object.values(set);
    expect(lists.map((list) => list.length)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  it('keeps of our clients only the hash of their secret', () => {
    const { clients } = read(
      yamlOf({ services: [aService], clients: [{ ...aClient, client_secret: 'a'.repeat(32) }] }),
    );
    // printf %032d 0 | tr 0 a | sha256sum
    expect(clients[0]).toMatchObject({
      client_secret_sha256: '3ba3f5f43b92602683c19aee62a20342b084dd5971ddd33808d81a328879a547',
    });
    expect(JSON.stringify(clients)).not.toContain('a'.repeat(32));
  });

  it('gives what is absent its default', () => {
    const { clients, identityProviders } = read(
      yamlOf({ services: [aService], clients: [aClient], identity_providers: [anIdp] }),
    );
    expect(clients[0]).toMatchObject({
      enforcement: 'gate',
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
      subject_type: 'pairwise',
      pkce: 'required',
      refresh_token: 'never',
      claims_in_id_token: false,
      cors_origins: [],
      post_logout_redirect_uris: [],
    });
    expect(identityProviders[0]).toMatchObject({
      enabled: true,
      timeout_s: 5,
      id_token_signed_response_alg: 'RS256',
    });
  });

  it('may hold files that are empty or only comments', () => {
    expect(read('', '# nothing yet\n', yamlOf({ services: [aService] })).services).toHaveLength(1);
  });
});

describe('a folder on disk', () => {
  it('is read with its sub-folders; hidden files and other files are left alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maillon-load-'));
    mkdirSync(join(folder, 'policies'));
    mkdirSync(join(folder, '..data-hidden'.slice(1)));
    writeFileSync(join(folder, 'services.yaml'), yamlOf({ services: [aService] }));
    writeFileSync(join(folder, 'policies/docs.yml'), yamlOf({ policies: [aPolicy] }));
    writeFileSync(join(folder, '.services.yaml.swp.yaml'), 'garbage: [');
    writeFileSync(join(folder, '.data-hidden/services.yaml'), yamlOf({ services: [aService] }));
    writeFileSync(join(folder, 'README.md'), 'garbage: [');
    const set = await loadDeclarations(folder, options);
    expect([set.services.length, set.policies.length]).toEqual([1, 1]);
    rmSync(folder, { recursive: true });
  });

  it('that is absent, or holds no declaration, is refused: applying it would remove everything', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maillon-load-'));
    await expect(loadDeclarations(folder, options)).rejects.toThrow('no *.yaml file');
    await expect(loadDeclarations(join(folder, 'absent'), options)).rejects.toThrow('cannot be read');
    rmSync(folder, { recursive: true });
  });
});

describe('a variable', () => {
  const withSecret = (secret: string) =>
    yamlOf({ services: [aService], clients: [{ ...aClient, client_secret: secret }] });

  it('stands for its value, within any text', () => {
    const set = read(
      yamlOf({ services: [{ ...aService, url: 'https://${HOST}/x' }] }).replace(
        '${HOST}',
        '${DOCS_SECRET}.test',
      ),
    );
    expect(set.services[0]?.url).toBe(`https://${'s'.repeat(40)}.test/x`);
    expect(read(withSecret('${DOCS_SECRET}')).clients).toHaveLength(1);
  });

  it.each([
    ['${ABSENT}', 'the variable ABSENT is not set'],
    ['${EMPTY}', 'the variable EMPTY is not set'],
    ['${docs_secret}', 'is not a variable'],
    ['${DOCS_SECRET', 'is not a variable'],
    ['${}', 'is not a variable'],
    ['${constructor}', 'is not a variable'],
  ])('%s is refused at its line', (text, reason) => {
    const lines = refused(withSecret(text.padEnd(40, 'x')));
    expect(lines.some((line) => line.includes(reason) && /^a\.yaml:\d+: /.test(line))).toBe(true);
  });

  it('is not looked for in the value of another', () => {
    const set = readDeclarations([{ name: 'a.yaml', text: withSecret('${A}') }], {
      production: false,
      variables: { A: `\${B}${'x'.repeat(40)}`, B: 'b' },
    });
    expect(set.clients).toHaveLength(1);
  });
});

describe('what is refused, with file, line and reason', () => {
  const text = `# line 1
services:
  - id: docs
    name: { fr: Docs, en: Docs }
    description: { fr: D, en: D }
    url: https://docs.test/
    audience: { fr: A, en: A }
    decided_by: { name: { fr: N, en: N }, contact: 'mailto:a@b.test' }
clients:
  - client_id: docs
    service: docs
    client_secret: ${'x'.repeat(32)}
    redirect_uris:
      - https://docs.test/cb
    scope: openid
`;

  it('accepts this one, so that each case below is refused for its own reason', () => {
    expect(read(text).clients).toHaveLength(1);
  });

  const cases: readonly (readonly [string, string, string | RegExp, string])[] = [
    ['a syntax error', '    url: https://docs.test/', '    url: https://docs.test/: x', 'a.yaml:6: '],
    ['a tab', '    url:', '\turl:', 'a.yaml:6: '],
    [
      'a key twice',
      '    url: https://docs.test/',
      '    url: https://docs.test/\n    url: https://docs.test/',
      'a.yaml:7: Map keys must be unique',
    ],
    [
      'an unknown key at the top',
      '# line 1',
      'client: []',
      'a.yaml:1: unknown key "client": expected services, clients',
    ],
    [
      'an unknown key',
      '    scope: openid',
      '    scopes: openid',
      'a.yaml:15: client "docs": unknown key "scopes"',
    ],
    ['a missing key', '    scope: openid\n', '', 'a.yaml:10: client "docs": "scope" is missing'],
    [
      'an unknown key below',
      'fr: A, en: A',
      'fr: A, en: A, de: A',
      'a.yaml:7: service "docs": unknown key "audience.de"',
    ],
    [
      'a key without value',
      '    url: https://docs.test/',
      '    url:',
      'a.yaml:6: service "docs": "url" must be text',
    ],
    [
      'a number for a text',
      '    service: docs',
      '    service: 12',
      'a.yaml:11: client "docs": "service" must be text: put it between quotes',
    ],
    [
      'a text for a list',
      '    redirect_uris:\n      - https://docs.test/cb',
      '    redirect_uris: https://docs.test/cb',
      'a.yaml:13: client "docs": "redirect_uris" must be a list',
    ],
    [
      'a section that is no list',
      'services:\n  - id: docs',
      'services:\n    id: docs',
      'a.yaml:2: "services" must be a list',
    ],
    [
      'an item that is no block',
      '  - client_id: docs',
      '  - docs\n  - client_id: docs',
      'a.yaml:10: client number 1: must be a block',
    ],
    [
      'an unknown service',
      '    service: docs',
      '    service: dcos',
      'a.yaml:11: client "docs": unknown service "dcos"',
    ],
    [
      'a short secret',
      'x'.repeat(32),
      'x'.repeat(31),
      'a.yaml:12: client "docs": "client_secret" must be at least 32 characters',
    ],
    [
      'a hostile redirect URI',
      'https://docs.test/cb',
      'https://docs.test/cb#x',
      'a.yaml:14: client "docs": "redirect_uris[0]" must not have a fragment',
    ],
    [
      'an unknown scope',
      'scope: openid',
      'scope: openid emails',
      'a.yaml:15: client "docs": "scope" holds unknown scopes: "emails"',
    ],
    [
      'a scope without openid',
      'scope: openid',
      'scope: email',
      'a.yaml:15: client "docs": "scope" must contain openid',
    ],
    [
      'a value outside the list',
      '    scope: openid',
      '    scope: openid\n    enforcement: none',
      'a.yaml:16: client "docs": "enforcement" must be one of gate, claims',
    ],
    [
      'a contact that runs code',
      'mailto:a@b.test',
      'JavaScript:alert(1)',
      'a.yaml:8: service "docs": "decided_by.contact" must be a mailto: or https: address',
    ],
    [
      'a page that runs code',
      'url: https://docs.test/',
      'url: data:text/html,x',
      'a.yaml:6: service "docs": "url" must be an https: address',
    ],
    ['a tag', 'url: https://docs.test/', 'url: !!js/function x', 'a.yaml:6: Unresolved tag'],
    [
      'an alias to nothing',
      'service: docs',
      'service: *nothing',
      'a.yaml:11: *nothing: nothing is called &nothing above',
    ],
    ['a second document', 'clients:', '---\nclients:', 'a.yaml:9: '],
    [
      'a control character',
      'fr: A, en: A',
      'fr: "A\\u0007", en: A',
      'a.yaml:7: service "docs": "audience.fr" must be text without control characters',
    ],
  ];

  it.each(cases)('%s', (_name, before, after, expected) => {
    expect(text).toContain(before);
    const lines = refused(text.replace(before, String(after)));
    expect(
      lines.find((line) => line.startsWith(expected)),
      lines.join('\n'),
    ).toBeDefined();
  });

  it('two objects with one id, in two files', () => {
    expect(refused(text, yamlOf({ services: [aService] }))).toEqual([
      'b.yaml:2: service "docs" is already declared at a.yaml:3',
    ]);
  });

  it('every problem at once, in the order of files and lines', () => {
    const lines = refused(
      text.replace('scope: openid', 'scope: nothing').replace('en: Docs', 'en: 1'),
      'nope: 1\n',
    );
    expect(lines.map((line) => line.split(' ', 1)[0])).toEqual([
      'a.yaml:4:',
      'a.yaml:15:',
      'a.yaml:15:',
      'b.yaml:1:',
    ]);
  });

  it('does not say again that what names a broken object names nothing', () => {
    expect(refused(text.replace('url: https://docs.test/', 'url: nowhere'))).toHaveLength(1);
  });

  it('stops at aliases of aliases that would fill the memory', () => {
    const levels = Array.from(
      { length: 9 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array.from({ length: 9 }, () => `*l${n}`).join(', ')}]`,
    );
    const lines = refused(`l0: &l0 x\n${levels.join('\n')}\n`);
    expect(lines.join('\n')).toMatch(/alias/i);
  });
});

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
      /"jwks" must be given/,
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
