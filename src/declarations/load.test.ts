import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDeclarations } from './load.ts';
import { options, read, refused } from './testing/reading.ts';
import {
  anApproval,
  aClient,
  aMembership,
  anIdp,
  anOperator,
  anOrganization,
  aPolicy,
  aResourceServer,
  aService,
  yamlOf,
} from './testing/samples.ts';

describe('a folder of declarations', () => {
  it('is read whole, whatever the files are called', () => {
    const set = read(
      yamlOf({ clients: [aClient], policies: [aPolicy], resource_servers: [aResourceServer] }),
      yamlOf({ services: [aService], approvals: [anApproval], organizations: [anOrganization] }),
      yamlOf({ identity_providers: [anIdp], memberships: [aMembership], operators: [anOperator] }),
    );
    const lists: readonly (readonly unknown[])[] = Object.values(set);
    expect(lists.map((list) => list.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('keeps of our clients only the hash of their secret', () => {
    const { clients } = read(
      yamlOf({ services: [aService], clients: [{ ...aClient, client_secret: 'a'.repeat(43) }] }),
    );
    // printf %043d 0 | tr 0 a | sha256sum
    expect(clients[0]).toMatchObject({
      client_secret_sha256: '66d34fba71f8f450f7e45598853e53bfc23bbd129027cbb131a2f4ffd7878cd0',
    });
    expect(JSON.stringify(clients)).not.toContain('a'.repeat(43));
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
    client_secret: ${'x'.repeat(43)}
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
      'x'.repeat(43),
      'x'.repeat(42),
      'a.yaml:12: client "docs": "client_secret" must be at least 43 characters',
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
