/**
 * Levels of authentication between a tool, a policy and an identity provider that do not agree: nobody is taken for more
 * than what was asserted and allowed, and nobody goes round in circles (OpenID Connect Core §5.5.1.1; advisories of other
 * brokers, replayed).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import type { DeviationName } from '../support/mutating-idp.ts';
import { expectRefusalPage } from './support/pages.ts';
import {
  authorizationRequest,
  claimsOf,
  demoTool,
  redeem,
  toolAnswer,
  tokensOf,
  untilTool,
} from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { approvedSiret, secondPerson, startTwoIdps } from './support/second-idp.ts';
import type { TwoIdps } from './support/second-idp.ts';
import { storeState } from './support/stores.ts';
import { startUp } from './support/timing.ts';
import { expectWayBack, goThrough } from './support/upstream-visit.ts';

let idps: TwoIdps;
let docs: Tool;
let browser: Browser;

beforeAll(async () => {
  idps = await startTwoIdps([], {
    more: {
      approvals: [
        {
          id: 'amd-fictif-tchap',
          siren: approvedSiret.slice(0, 9),
          service: 'tchap',
          level: 'member',
          ground: 'members_all_public_law',
          reason: 'Accord donné pour ce test seulement.',
          starts_on: '2026-01-01',
          ends_on: '2028-12-31',
          decided_by: {
            given_name: 'Hélène',
            usual_name: 'Marchand',
            capacity: 'Cheffe',
            organization: 'Test',
          },
          decided_on: '2025-12-15',
        },
      ],
    },
  });
  docs = demoTool(idps.world, 'docs');
}, startUp);
afterAll(() => idps.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(async () => {
  idps.second.restore();
  idps.second.become(secondPerson);
  await browser.close();
});

const begin = (changes = {}, tool = docs) => authorizationRequest(idps.world.issuer, tool, changes);
const essential = (...values: readonly string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});
const state = () => storeState(idps.world.broker.stores.db);

describe('a level that an identity provider may not assert is lowered', () => {
  test.each<readonly [DeviationName, string]>([
    ['acr_unknown', 'eidas0'],
    ['acr_missing', 'eidas0'],
    ['acr_too_high', 'eidas1-mfa'],
  ])('acr spoof, %s: %s', async (name, acr) => {
    idps.second.mutate(name);
    const attempt = begin();
    const answer = toolAnswer((await goThrough(browser, attempt)).location);
    const { id_token: idToken } = tokensOf(await redeem(idps.world.issuer, attempt, answer.code ?? ''));
    expect(claimsOf(idToken)['acr']).toBe(acr);
  });

  test('CVE-2026-15616: a level that the tool demands and the identity provider did not reach is refused', async () => {
    const attempt = begin(essential('eidas1-mfa'));
    // That it was refused is recorded, and nothing else is written.
    const { audit_entry: recordBefore, ...before } = await state();
    const page = await goThrough(browser, attempt);
    expectRefusalPage(page, { status: 403, code: 'M-UPST-015' });
    await expectWayBack(browser, page, attempt, 'M-UPST-015');
    const { audit_entry: record, ...after } = await state();
    expect(after).toEqual(before);
    expect(record?.rows).toBe((recordBefore?.rows ?? 0) + 1);
  });
});

describe('trap 9: a tool and a policy that want levels which exclude one another', () => {
  test('end in unmet_authentication_requirements, not in a loop', async () => {
    const tchap = demoTool(idps.world, 'tchap');
    const claims = { ...secondPerson.claims, siret: approvedSiret };
    const attempt = begin(essential('eidas1'), tchap);
    idps.second.become({ sub: 'amd', claims });
    const stepUp = await goThrough(browser, attempt);
    expectRefusalPage(stepUp, { status: 403, code: 'M-ELIG-022' });

    // What the policy wants is reached, and so what the tool demands is not any more.
    idps.second.become({ sub: 'amd', acr: 'eidas1-mfa', amr: ['pwd', 'otp', 'mfa'], claims });
    const end = await browser.submitForm(stepUp, {}, { redirects: untilTool(tchap) });
    expect(toolAnswer(end.location)).toMatchObject({
      error: 'unmet_authentication_requirements',
      code: undefined,
    });
    expect(idps.second.received.authorize.length).toBeLessThan(10);
  });

  test('and one level that suits both lets the person in', async () => {
    const tchap = demoTool(idps.world, 'tchap');
    const claims = { ...secondPerson.claims, siret: approvedSiret };
    idps.second.become({ sub: 'amd', acr: 'eidas1-mfa', amr: ['pwd', 'otp', 'mfa'], claims });
    const attempt = begin(essential('eidas1-mfa'), tchap);
    const { code } = toolAnswer((await goThrough(browser, attempt)).location);
    const { id_token: idToken } = tokensOf(await redeem(idps.world.issuer, attempt, code ?? ''));
    expect(claimsOf(idToken)['acr']).toBe('eidas1-mfa');
  });
});
