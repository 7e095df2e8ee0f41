import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nantes, rechercheFound, sireneRefusal } from '../connectors/testing/answers.ts';
import { startReplayServer } from '../connectors/testing/replay-server.ts';
import type { ReplayServer } from '../connectors/testing/replay-server.ts';
import { type } from './testing/terminal.ts';

describe('maillon registry sources', () => {
  let server: ReplayServer;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    server = await startReplayServer();
    server.answer((path) =>
      path.startsWith('/search')
        ? { status: 200, body: rechercheFound({ siret: nantes }) }
        : { status: 503, body: sireneRefusal(503) },
    );
    env = {
      ORGANIZATION_SOURCES: 'recherche_entreprises, api_sirene',
      RECHERCHE_ENTREPRISES_URL: server.url,
      API_SIRENE_URL: `${server.url}/`,
      API_SIRENE_KEY: 'key-of-the-tests',
    };
  });
  afterAll(() => server.close());

  it('says that nobody is asked, which is the default', async () => {
    expect((await type(['registry', 'sources'], {})).out).toContain('nobody is asked over the network');
  });

  it('lists them in order, without their keys, and asks nobody', async () => {
    const { code, out } = await type(['registry', 'sources'], env);
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split(/\s{2,}/).at(0))).toEqual([
      'SOURCE',
      'recherche_entreprises',
      'api_sirene',
    ]);
    expect(out).toMatch(/7\/s/);
    expect(out).toMatch(/30\/min/);
    expect(out).not.toContain('key-of');
    expect(server.requests).toEqual([]);
  });

  it('asks each of them for one SIRET', async () => {
    const { out } = await type(['registry', 'sources', '--probe', nantes], env);
    expect(out).toMatch(/recherche_entreprises .* COMMUNE DE NANTES, category 7210, active \(\d+ ms\)/);
    expect(out).toMatch(/api_sirene .* no answer: api_sirene: server_error: HTTP 503/);
    expect((await type(['registry', 'sources', '--probe', '123'], env)).code).toBe(2);
  });
});
