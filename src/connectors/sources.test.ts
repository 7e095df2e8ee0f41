import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  entrepriseError,
  entrepriseFound,
  nantes,
  rechercheFound,
  rechercheNothing,
  school,
  sireneFound,
  sireneList,
  sireneRefusal,
} from './testing/answers.ts';
import { askFirst, connected, settingsOf, sirenFor, siretOf } from './testing/connected.ts';
import { startReplayServer } from './testing/replay-server.ts';
import type { ReplayServer } from './testing/replay-server.ts';
import { sourceIds } from './source.ts';
import type { SourceId } from './source.ts';

let server: ReplayServer;
beforeAll(async () => {
  server = await startReplayServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.reset();
});

const asked = siretOf(nantes);
const askNow = (id: SourceId, siret: string, body: object) => {
  server.answer(() => ({ status: 200, body }));
  return askFirst(connected([settingsOf(id, server.url)]), siretOf(siret));
};

type Told = Parameters<typeof sireneFound>[0];
const answers = {
  recherche_entreprises: rechercheFound,
  api_sirene: sireneFound,
  api_entreprise: entrepriseFound,
} as const satisfies Record<SourceId, (given: Told) => object>;

describe.each(sourceIds)('%s', (id) => {
  const found = (given: Told) => askNow(id, given.siret, answers[id](given));

  test('a head office, with both states, in our records', async () => {
    expect(await found({ siret: nantes })).toEqual({
      kind: 'found',
      source: id,
      // The day in Paris, an hour ahead of UTC.
      asOf: '2026-11-23',
      organization: {
        siren: '214401093',
        facts: {
          name: 'COMMUNE DE NANTES',
          legalCategory: '7210',
          unitState: 'A',
          createdOn: '1982-01-01',
          naf: '84.11Z',
          ...(id === 'api_sirene' ? { naf25: '84.11Y' } : {}),
          sizeBand: '51',
          diffusion: 'O',
          headOffice: nantes,
          commune: '44109',
        },
      },
      establishment: {
        siret: nantes,
        state: 'A',
        headOffice: true,
        communeCode: '44109',
        postalCode: '44000',
        naf: '84.11Z',
        naf25: id === 'api_sirene' ? '84.11Y' : undefined,
        sizeBand: '42',
        usualName: 'MAIRIE',
        createdOn: '1983-03-01',
        diffusion: 'O',
      },
    });
  });

  test('another establishment than the head office', async () => {
    expect(await found({ siret: school, headOffice: false })).toMatchObject({
      organization: { facts: { headOffice: nantes } },
      establishment: { siret: school, headOffice: false, state: 'A' },
    });
  });

  test('a closed establishment of a living unit, and an open one of a ceased unit', async () => {
    expect(await found({ siret: school, headOffice: false, state: 'F' })).toMatchObject({
      organization: { facts: { unitState: 'A' } },
      establishment: { state: 'F' },
    });
    expect(await found({ siret: nantes, unitState: 'C' })).toMatchObject({
      organization: { facts: { unitState: 'C' } },
      establishment: { state: 'A' },
    });
  });

  test('an association, with its RNA number', async () => {
    expect(await found({ siret: nantes, legalCategory: '9220', rna: 'W442000001' })).toMatchObject({
      organization: { facts: { legalCategory: '9220', rna: 'W442000001' } },
    });
  });

  test('a sole trader has a category and no name, wherever the source puts it', async () => {
    const answer = await found({ siret: nantes, legalCategory: '1000', name: null });
    expect(answer).toMatchObject({ kind: 'found', organization: { facts: { legalCategory: '1000' } } });
    expect(JSON.stringify(answer)).not.toMatch(/KERVELLA|ROZENN|MAIRIE/);
  });

  test('a legal category that the register lacks stays unknown', async () => {
    const answer = await found({ siret: nantes, legalCategory: null });
    expect(answer).toMatchObject({ kind: 'found' });
    expect(JSON.stringify(answer)).not.toContain('legalCategory');
  });

  test('who asks is said, and no key is in the address', async () => {
    await found({ siret: nantes });
    const [request] = server.requests;
    expect(request?.headers['user-agent']).toBe('Maillon (connexion.example.fr)');
    expect(request?.path).not.toMatch(/key-of|token-of/);
    expect(request?.headers.authorization).toBe(
      id === 'api_entreprise' ? 'Bearer token-of-the-tests' : undefined,
    );
    expect(request?.headers['x-insee-api-key-integration']).toBe(
      id === 'api_sirene' ? 'key-of-the-tests' : undefined,
    );
  });

  test('an answer about another establishment, or that lacks what decides, is no answer', async () => {
    const other = answers[id]({ siret: school });
    const wrong = [
      askNow(id, nantes, { ...answers[id]({ siret: nantes }), etablissement: {}, data: {}, results: [{}] }),
      ...(id === 'recherche_entreprises' ? [] : [askNow(id, nantes, other)]),
    ];
    for (const answer of wrong) await expect(answer).rejects.toMatchObject({ reason: 'wrong_answer' });
  });
});

test('a recipient that is no SIRET is refused at the start', () => {
  const settings = { ...settingsOf('api_entreprise', server.url), recipient: '13002526500012' };
  expect(() => connected([settings])).toThrow('API_ENTREPRISE_RECIPIENT');
});

describe('the addresses', () => {
  test.each([
    ['api_sirene', `/siret/${nantes}`],
    [
      'recherche_entreprises',
      `/search?q=${nantes}&minimal=true&include=siege,matching_etablissements,complements&page=1&per_page=1`,
    ],
    [
      'api_entreprise',
      `/v3/insee/sirene/etablissements/${nantes}?context=Connexion+aux+services+num%C3%A9riques` +
        '&object=V%C3%A9rification+de+l%E2%80%99organisation&recipient=13002526500013',
    ],
  ] as const)('%s', async (id, path) => {
    await askNow(id, nantes, answers[id]({ siret: nantes }));
    expect(server.requests.map((request) => request.path)).toEqual([path]);
  });
});

describe('INSEE masks what a person opposed to', () => {
  test('no name and no address, the rest stays', async () => {
    const answer = await askNow('api_sirene', nantes, sireneFound({ siret: nantes, diffusion: 'P' }));
    expect(answer).toMatchObject({
      organization: { facts: { legalCategory: '7210', diffusion: 'P' } },
      establishment: { state: 'A', diffusion: 'P' },
    });
    expect(JSON.stringify(answer)).not.toMatch(/ND|"name"|"commune/);
  });
});

describe('there is none', () => {
  test.each([
    ['api_sirene', 404, sireneRefusal(404), 'not_found'],
    ['api_sirene', 403, sireneRefusal(403), 'not_diffusible'],
    ['api_entreprise', 404, entrepriseError('01003'), 'not_found'],
    ['api_entreprise', 451, entrepriseError('01005'), 'not_diffusible'],
    ['recherche_entreprises', 200, rechercheNothing, 'not_found'],
    // The unit is there, the establishment is not.
    ['recherche_entreprises', 200, rechercheFound({ siret: school }), 'not_found'],
  ] as const)('%s, HTTP %i', async (id, status, body, kind) => {
    server.answer(() => ({ status, body }));
    expect(await askFirst(connected([settingsOf(id, server.url)]), asked)).toEqual({ kind });
  });

  test.each([
    ['api_sirene', 404],
    ['api_sirene', 403],
    ['api_entreprise', 404],
  ] as const)('%s, HTTP %i of somebody on the way proves nothing', async (id, status) => {
    for (const body of [{ message: 'no route' }, '<html>', '']) {
      server.answer(() => ({ status, body }));
      await expect(askFirst(connected([settingsOf(id, server.url)]), asked)).rejects.toMatchObject({
        reason: 'wrong_answer',
      });
    }
  });
});

describe('a duplicate', () => {
  const successor = '13002526500013';
  const list = sireneList({ siret: successor, name: 'DINUM', legalCategory: '7120' });
  const moved = {
    kind: 'moved',
    successor: sirenFor('130025265'),
    organization: { siren: '130025265', facts: { name: 'DINUM' } },
    establishment: { siret: successor, headOffice: true },
  };
  const redirect = (location: string | undefined, message = 'doublon') =>
    askFirst(
      (server.answer((path) =>
        path.startsWith('/siret?')
          ? { status: 200, body: list }
          : {
              status: 301,
              body: sireneRefusal(301, message),
              headers: location === undefined ? {} : { location },
            },
      ),
      connected([settingsOf('api_sirene', server.url)])),
      asked,
    );

  test('is followed once, to the head office of its successor', async () => {
    expect(await redirect('/api-sirene/3.11/siren/130025265')).toMatchObject(moved);
    expect(server.requests.map(({ path }) => path)).toEqual([
      `/siret/${nantes}`,
      '/siret?q=siren%3A130025265+AND+etablissementSiege%3Atrue&nombre=1',
    ]);
  });

  test('may be named by the message alone', async () => {
    const message = 'Le SIREN 214401093 est un doublon du SIREN 130025265';
    expect(await redirect(undefined, message)).toMatchObject(moved);
  });

  test('takes a number from the address, never the way', async () => {
    expect(await redirect('https://elsewhere.example/siren/130025265')).toMatchObject(moved);
    expect(server.requests.every(({ path }) => path.startsWith('/siret'))).toBe(true);
  });

  test.each([undefined, '/', '/siren/214401093', '/siren/130025265/552032534', '/siren/130025266'])(
    'that names no successor is no answer: %s',
    async (location) => {
      await expect(redirect(location)).rejects.toMatchObject({ reason: 'wrong_answer' });
    },
  );

  test('API Entreprise follows it by itself: another SIREN is the successor', async () => {
    const body = entrepriseFound({
      siret: successor,
      name: 'DINUM',
      legalCategory: '7120',
      redirectFrom: nantes,
    });
    expect(await askNow('api_entreprise', nantes, body)).toMatchObject(moved);
  });
});

describe('API Recherche d’entreprises', () => {
  const publicService = async (legalCategory: string, complements: object | null) => {
    const answer = await askNow(
      'recherche_entreprises',
      nantes,
      rechercheFound({ siret: nantes, legalCategory, complements }),
    );
    return answer.kind === 'found' ? answer.organization.facts.publicService : answer;
  };

  test('its public service counts where it corrects the category, under both of its names', async () => {
    expect(await publicService('9220', { est_administration: true })).toEqual({ public: true, facets: [] });
    expect(await publicService('9220', { est_service_public: true })).toEqual({ public: true, facets: [] });
    expect(
      await publicService('9220', { est_administration: false, est_service_public: true }),
    ).toBeUndefined();
    // The table of categories knows that a commune is local; this API does not say so.
    expect(await publicService('7210', { est_administration: true })).toBeUndefined();
    expect(await publicService('9220', null)).toBeUndefined();
  });
});
