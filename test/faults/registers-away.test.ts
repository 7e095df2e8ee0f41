import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { nantes, sireneFound, sireneRefusal } from '../../src/connectors/testing/answers.ts';
import { startReplayServer } from '../../src/connectors/testing/replay-server.ts';
import type { ReplayServer } from '../../src/connectors/testing/replay-server.ts';
import { startTimeout } from '../journeys/each-backend.ts';
import { createOperator } from '../journeys/operator.ts';
import type { Operator } from '../journeys/operator.ts';
import { createVisitor, people } from '../journeys/visitor.ts';
import type { Visitor } from '../journeys/visitor.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const decisionSchema = z.object({ eligibility: z.object({ valid_until: z.number() }) });
const key = 'key-of-insee-for-the-tests';
const dayMs = 24 * 3600 * 1000;

let insee: ReplayServer;
let world: World;
let operator: Operator;
let visitor: Visitor;
let docs: ToolClient;

beforeAll(async () => {
  insee = await startReplayServer();
  world = await startWorld({
    environment: {
      ORGANIZATION_SOURCES: 'api_sirene',
      API_SIRENE_URL: insee.url,
      API_SIRENE_KEY: key,
      API_SIRENE_RATE: '1000/s',
    },
  });
  operator = await createOperator(world);
}, startTimeout);
afterAll(async () => {
  await world.close();
  await insee.close();
});
beforeEach(() => {
  insee.reset();
  visitor = createVisitor(world);
  docs = createToolClient(world, 'docs');
});
afterEach(async () => {
  await operator.restore();
  await visitor.browser.close();
});

const up = () => {
  insee.answer(() => ({ status: 200, body: sireneFound({ siret: nantes }) }));
};
const away = () => {
  insee.answer(() => ({ status: 503, body: sireneRefusal(503) }));
};
/** As if INSEE had given the establishment so many days ago. */
const copyOf = (days: number) =>
  operator.establishment(nantes, { source: 'api_sirene', fetched_at: new Date(Date.now() - days * dayMs) });

describe('an organization that the register does not hold', () => {
  test('is asked for at sign-in, and is there for the next ones', async () => {
    await operator.forget(nantes);
    up();
    const { accessToken } = await visitor.enter(docs, people.commune);
    expect((await docs.userinfo(accessToken)).claims).toMatchObject({
      siret: nantes,
      organization_type: 'local_authority.commune',
      is_public_service: true,
      eligibility: { decision: 'allow' },
    });
    expect(insee.requests.map(({ path }) => path)).toEqual([`/siret/${nantes}`]);
  });
});

describe('somebody who looks at the catalogue spends no request', () => {
  const looked = async () =>
    visitor.browser.text(await visitor.browser.get(`${world.issuer}/?siret=${nantes}`));
  beforeEach(up);
  afterEach(() => {
    expect(insee.requests).toEqual([]);
  });

  test('a copy is shown with its age', async () => {
    await copyOf(10);
    expect(await looked()).toContain('Ces données datent de la dernière réponse');
  });

  test('a copy that is too old says that the register does not answer', async () => {
    await copyOf(31);
    expect(await looked()).toContain('nos informations sont trop anciennes');
  });
});

describe('the register of INSEE does not answer', () => {
  beforeEach(away);

  test('a copy of ten days lets people in, and their permission ends with it', async () => {
    await copyOf(10);
    const { accessToken, refreshToken } = await visitor.enter(docs, people.commune);
    const { claims } = await docs.userinfo(accessToken);
    expect(claims).toMatchObject({ is_public_service: true, eligibility: { decision: 'allow' } });
    const { eligibility } = decisionSchema.parse(claims);
    expect(Math.round((eligibility.valid_until * 1000 - Date.now()) / dayMs)).toBe(20);
    expect((await docs.refresh(refreshToken)).status).toBe(200);
    expect(insee.requests.length).toBeGreaterThan(0);
  });

  test('a copy of thirty-one days does not, and nobody is told that they are not public', async () => {
    await copyOf(31);
    const page = await visitor.signIn('docs', people.commune);
    expect(page.status).toBe(403);
    expect(visitor.browser.text(page)).toContain('M-ELIG-005');
    expect(visitor.browser.text(page)).toContain('Votre accès n’est pas retiré');
  });

  test('what nobody knows is not "unknown to the register"; readiness and the log are not disturbed', async () => {
    await operator.forget(nantes);
    const page = await visitor.signIn('docs', people.commune);
    expect(page.status).toBe(403);
    expect(visitor.browser.text(page)).toContain('M-ELIG-005');
    expect((await fetch(`${world.issuer}/readyz`)).status).toBe(200);
    expect(world.log.join('')).not.toContain(key);
  });
});
