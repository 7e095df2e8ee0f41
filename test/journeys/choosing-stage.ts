/**
 * Identity providers to choose from, all at one server: `second`, two more of the same domain, one that is hidden and one
 * that is closed; and a browser, new for each test.
 */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import type { MutatingIdp } from '../support/mutating-idp.ts';
import type { World } from '../support/world.ts';
import { redeclare } from '../replay/support/declarations.ts';
import { authorizationRequest, demoTool, untilTool } from '../replay/support/relying-party.ts';
import type { Attempt, Changes } from '../replay/support/relying-party.ts';
import { approvedSiret, secondPerson, secondRecord, startTwoIdps } from '../replay/support/second-idp.ts';
import { startTimeout } from './each-backend.ts';

const signedOff = {
  domain: 'syndicat.example',
  decided_by: { given_name: 'Ada', usual_name: 'Martin', capacity: 'Cheffe', organization: 'Opérateur' },
  decided_on: '2026-10-01',
  reason: 'La ville tient les boîtes du syndicat.',
};

const declare = (world: World, second: MutatingIdp, changes: object): Promise<void> =>
  redeclare(world, {
    identity_providers: [
      secondRecord(second.issuer, {
        domains: ['second.example', 'partage.example'],
        extra_domains: [signedOff],
        ...changes,
      }),
      secondRecord(second.issuer, { id: 'troisieme', name: 'École 10', domains: ['partage.example'] }),
      secondRecord(second.issuer, { id: 'quatrieme', name: 'école 9', domains: ['partage.example'] }),
      secondRecord(second.issuer, {
        id: 'cachee',
        name: 'Nouveauté secrète',
        domains: ['second.example', 'nouveaute.example', 'partage.example'],
        test_addresses: [
          'essai-7f3a@second.example',
          'essai-7f3a@nouveaute.example',
          'essai-7f3a@partage.example',
        ],
        back_channel_logout: true,
      }),
      secondRecord(second.issuer, {
        id: 'fermee',
        name: 'Ancien portail',
        domains: ['fermeture.example', 'partage.example'],
        enabled: false,
      }),
    ],
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
        decided_by: signedOff.decided_by,
        decided_on: '2025-12-15',
      },
    ],
  });

export interface ChoosingStage {
  readonly world: World;
  readonly second: MutatingIdp;
  browser: Browser;
  /** Declares all of them again, with these changes of the record of `second`. */
  readonly declared: (changes?: object) => Promise<void>;
  readonly ask: (changes?: Changes) => Attempt;
  readonly stop: () => { readonly redirects: (url: URL) => boolean };
  /** What the e-mail page answers, before anybody is sent anywhere. */
  readonly type: (email: string, changes?: Changes) => Promise<Page>;
}

/** Started before the tests of the file, and ended after them; its members can be read from then on. */
export function choosingStage(): ChoosingStage {
  let started: Pick<ChoosingStage, 'world' | 'second'> & { close(): Promise<void> };
  const stage: ChoosingStage = {
    get world() {
      return started.world;
    },
    get second() {
      return started.second;
    },
    browser: createBrowser(),
    declared: (changes = {}) => declare(started.world, started.second, changes),
    ask: (changes = {}) =>
      authorizationRequest(started.world.issuer, demoTool(started.world, 'docs'), changes),
    stop: () => ({ redirects: untilTool(demoTool(started.world, 'docs')) }),
    async type(email, changes = {}) {
      const page = await stage.browser.get(stage.ask(changes).url);
      return stage.browser.submitForm(page, { email }, { redirects: 'manual' });
    },
  };
  beforeAll(async () => {
    // Who has no identity provider is told so: with accounts kept here, they would be sent a code (partner-sign-in.test.ts).
    started = await startTwoIdps([], { environment: { PARTNER_ACCOUNTS: 'off' } });
    await stage.declared();
  }, startTimeout);
  afterAll(() => started.close());
  beforeEach(() => {
    stage.browser = createBrowser();
  });
  afterEach(async () => {
    started.second.restore();
    started.second.become(secondPerson);
    started.second.forget();
    await stage.browser.close();
  });
  return stage;
}

/** The identity provider that the browser is sent to, by the address that it will come back to. */
export function sentTo(page: Page): string | undefined {
  const redirectUri = page.location && new URL(page.location).searchParams.get('redirect_uri');
  return redirectUri ? new URL(redirectUri).pathname.split('/').at(-1) : undefined;
}

/** The identity providers of a chooser, in order. */
export const options = (page: Page) =>
  [...page.body.matchAll(/name="idp" value="([a-z]+)"/g)].map(([, id]) => id);
