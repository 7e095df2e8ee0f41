import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { entrepriseFound, nantes, rechercheFound, school, sireneFound } from './testing/answers.ts';
import { askFirst, connected, settingsOf, siretOf } from './testing/connected.ts';
import { startReplayServer } from './testing/replay-server.ts';
import type { ReplayServer } from './testing/replay-server.ts';
import { sourceIds } from './source.ts';

let server: ReplayServer;
beforeAll(async () => {
  server = await startReplayServer();
});
afterAll(() => server.close());

type Told = Parameters<typeof sireneFound>[0];
const answers = {
  recherche_entreprises: rechercheFound,
  api_sirene: sireneFound,
  api_entreprise: entrepriseFound,
} as const;

describe.each(sourceIds)('%s', (id) => {
  const found = (given: Told) => {
    server.answer(() => ({ status: 200, body: answers[id](given) }));
    return askFirst(connected([settingsOf(id, server.url)]), siretOf(given.siret));
  };
  const place = /"44109"|"44000"|MAIRIE/;

  test('a unit that is not to be shown has no name and no place, also where the source forgets to mask', async () => {
    const answer = await found({ siret: nantes, diffusion: 'P' });
    expect(answer).toMatchObject({
      organization: { facts: { legalCategory: '7210', unitState: 'A', diffusion: 'P', headOffice: nantes } },
      establishment: { state: 'A', headOffice: true, diffusion: 'P' },
    });
    expect(JSON.stringify(answer)).not.toMatch(/COMMUNE DE NANTES/);
    expect(JSON.stringify(answer)).not.toMatch(place);
  });

  test('nor has its establishment a place, when only the unit says it', async () => {
    const answer = await found({ siret: nantes, diffusion: 'P', establishmentDiffusion: 'O' });
    expect(JSON.stringify(answer)).not.toMatch(place);
  });

  test('an establishment that is not to be shown has no place; its unit keeps its name', async () => {
    const answer = await found({ siret: nantes, establishmentDiffusion: 'P' });
    expect(answer).toMatchObject({
      organization: { facts: { name: 'COMMUNE DE NANTES', diffusion: 'O' } },
      establishment: { diffusion: 'P' },
    });
    expect(JSON.stringify(answer)).not.toMatch(place);
  });

  test.each(['1000', '1600', '2110', '2210', '2310'])(
    'persons, category %s: what decides, and nothing that names, places or dates them',
    async (legalCategory) => {
      const answer = await found({ siret: nantes, legalCategory, name: 'KERVELLA ET FILLE' });
      expect(answer).toMatchObject({
        organization: { facts: { legalCategory, unitState: 'A' } },
        establishment: { siret: nantes, state: 'A' },
      });
      expect(JSON.stringify(answer)).not.toMatch(/KERVELLA|ROZENN|198[23]-/);
      expect(JSON.stringify(answer)).not.toMatch(place);
    },
  );

  test('one that has neither a category nor a name may be a person', async () => {
    const answer = await found({ siret: nantes, legalCategory: null, name: null });
    expect(answer).toMatchObject({ kind: 'found', establishment: { state: 'A' } });
    expect(JSON.stringify(answer)).not.toMatch(/KERVELLA|ROZENN|198[23]-/);
    expect(JSON.stringify(answer)).not.toMatch(place);
  });

  test('another company has its name, its place and its dates', async () => {
    expect(await found({ siret: school, headOffice: false, legalCategory: '5710' })).toMatchObject({
      organization: { facts: { name: 'COMMUNE DE NANTES', createdOn: '1982-01-01' } },
      establishment: { communeCode: '44109', postalCode: '44000', usualName: 'MAIRIE' },
    });
  });
});
