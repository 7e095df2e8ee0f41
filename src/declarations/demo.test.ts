import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoPeople } from '../../demo/people.ts';
import type { DeclaredSet } from './declared-set.ts';
import { loadDeclarations } from './load.ts';

const folder = join(import.meta.dirname, '../../config/demo');
const variables = { DEMO_TOOLS_PORT: '3002', DEMO_IDP_PORT: '3001' };

let demo: DeclaredSet;
beforeAll(async () => {
  demo = await loadDeclarations(folder, { variables, production: false });
});

describe('the declarations of the demonstration', () => {
  it('hold the three tools at the addresses that others rely on', () => {
    expect(demo.clients.map(({ client_id: id, enforcement }) => [id, enforcement])).toEqual([
      ['docs', 'gate'],
      ['tchap', 'gate'],
      ['visio', 'claims'],
    ]);
    for (const client of demo.clients) {
      expect(client.redirect_uris).toEqual([`http://localhost:3002/${client.client_id}/callback`]);
      expect(client.post_logout_redirect_uris).toEqual([
        `http://localhost:3002/${client.client_id}/logout-callback`,
      ]);
      expect(client.refresh_token).toBe('always');
    }
  });

  it('follow the ports', async () => {
    const other = await loadDeclarations(folder, {
      variables: { DEMO_TOOLS_PORT: '4002', DEMO_IDP_PORT: '4001' },
      production: false,
    });
    expect(JSON.stringify({ ...other, organizations: [] })).not.toMatch(/:300[0-9]/);
    expect(other.identityProviders[0]?.issuer).toBe('http://localhost:4001');
  });

  it('let AMD-FICTIF into docs only, to 31 December 2028', () => {
    expect(demo.approvals).toMatchObject([
      {
        siren: '000000109',
        service: 'docs',
        level: 'member',
        ground: 'members_all_public_law',
        starts_on: '2026-01-01',
        ends_on: '2028-12-31',
      },
    ]);
  });

  it('give every service a policy, and every service of a client exists', () => {
    expect(new Set(demo.policies.map(({ service }) => service))).toEqual(
      new Set(demo.services.map(({ id }) => id)),
    );
  });

  it('declare operators who are people of the demonstration, three who may decide: a refusal needs two, its appeal another', () => {
    expect(new Set(demo.operators.flatMap(({ roles }) => roles))).toEqual(
      new Set(['decider', 'administrator', 'reviewer', 'policy_editor', 'auditor']),
    );
    expect(demo.operators.filter(({ roles }) => roles.includes('decider'))).toHaveLength(3);
    const people = new Map<string, (typeof demoPeople)[number]>(demoPeople.map((one) => [one.sub, one]));
    for (const operator of demo.operators) {
      const person = people.get(operator.subject);
      expect([operator.id, person?.given_name, person?.usual_name, person?.email]).toEqual([
        operator.id,
        operator.given_name,
        operator.usual_name,
        operator.email,
      ]);
      // The console needs several factors.
      expect(person).toHaveProperty('strongAcr', 'eidas1-mfa');
    }
  });

  it('cannot be applied in production', async () => {
    await expect(loadDeclarations(folder, { variables, production: true })).rejects.toThrow(
      'cannot serve in production',
    );
  });
});
