/**
 * The console as its operators meet it: one demonstration for all journeys, whose clock a test may move, and one browser
 * for each member of the staff, signed in once.
 */
import { afterAll, beforeAll, expect } from 'vitest';
import { demoPeople } from '../../demo/people.ts';
import { parisDate } from '../../src/eligibility/eligibility.ts';
import { applicantOf, association, createDesk } from '../../src/registrations/testing/room.ts';
import type { Desk } from '../../src/registrations/testing/room.ts';
import type { Page } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { createVisitor } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const staff = {
  decider: 'operateur@operateur.example',
  second: 'second@operateur.example',
  appeals: 'recours@operateur.example',
  reviewer: 'examen@operateur.example',
  rules: 'regles@operateur.example',
  auditor: 'controle@operateur.example',
  administrator: 'administration@operateur.example',
} as const;
export type Staff = keyof typeof staff;
type Fields = Readonly<Record<string, string>>;

const today = parisDate(new Date());
export const approval = {
  service: 'docs',
  niveau: 'member',
  fondement: 'public_service_mission',
  conditions: 'Rester une association déclarée.',
  du: today,
  au: `${Number(today.slice(0, 4)) + 1}-12-31`,
  texte: 'L’association remplit les conditions.',
} as const;
export const reason = {
  service: 'docs',
  motif: 'security_incident',
  texte: 'Un compte envoie des messages frauduleux.',
} as const;

export const file = (id: string) => `/operateur/dossiers/${id}`;
export const version = (page: Page): string => /name="vu" value="(\d+)"/u.exec(page.body)?.[1] ?? '';
export const digest = (page: Page): string =>
  /name="lettre" value="([0-9a-f]{64})"/u.exec(page.body)?.[1] ?? '';

/** Somebody who signed in for another organization than the one that they ask for. */
export const applicant = { ...applicantOf('Ada'), sirets: ['13002526500013'], idp: 'demo' };

/** To be called once in a file; what it gives is there when the tests run. */
export function createConsole() {
  let started: { readonly world: World; readonly operator: Operator; readonly desk: Desk } | undefined;
  let shiftMs = 0;
  const visitors = new Map<Staff, Visitor>();
  const clock = () => new Date(Date.now() + shiftMs);

  beforeAll(async () => {
    const world = await startWorld({ clock });
    const operator = await createOperator(world);
    started = { world, operator, desk: createDesk(world.broker.registrations, clock) };
  }, startTimeout);
  afterAll(async () => {
    for (const { browser } of visitors.values()) await browser.close();
    await started?.world.close();
  });

  function here() {
    if (started === undefined) throw new Error('the console is there once the tests run');
    return started;
  }
  const world = () => here().world;
  const at = (path: string) => `${world().issuer}${path}`;

  /** Signed in once, and then again and again. */
  async function as(who: Staff): Promise<Visitor> {
    const known = visitors.get(who);
    if (known !== undefined) return known;
    const visitor = createVisitor(world());
    visitors.set(who, visitor);
    const { browser } = visitor;
    let page = await browser.get(at('/operateur/moi'));
    if (page.body.includes('name="email"')) page = await browser.submitForm(page, { email: staff[who] });
    const { sub = '' } = demoPeople.find(({ email }) => email === staff[who]) ?? {};
    page = await browser.submitForm(page, { person: sub });
    expect([page.status, page.url]).toEqual([200, at('/operateur/moi')]);
    return visitor;
  }
  const get = async (who: Staff, path: string) => (await as(who)).browser.get(at(path));
  const post = async (who: Staff, path: string, fields: Fields) =>
    (await as(who)).browser.post(at(path), fields);
  const said = (page: Page) => [...visitors.values()][0]?.browser.text(page) ?? '';
  const act = async (who: Staff, id: string, slug: string) =>
    post(who, `${file(id)}/actes/${slug}`, { vu: version(await get(who, file(id))) });

  return {
    world,
    operator: () => here().operator,
    desk: () => here().desk,
    at,
    as,
    get,
    post,
    said,
    moveClock: (ms: number) => void (shiftMs = ms),
    take: (who: Staff, id: string) => act(who, id, 'prendre'),
    release: (who: Staff, id: string) => act(who, id, 'liberer'),

    /** The one file that is open, as its applicant sent it; the association holds nothing. */
    submitted: async (
      services: readonly string[] = ['docs'],
      { organization = association, by = applicant } = {},
    ): Promise<string> => {
      const { db } = world().broker.stores;
      await db
        .updateTable('registration_request')
        .set({ state: 'withdrawn', proposed: false, due_on: null })
        .execute();
      await db.deleteFrom('approval').where('siren', '=', association).execute();
      await db.updateTable('registration').set({ stage: 'ended' }).execute();
      const id = await here().desk.draft(by, services, organization);
      await here().desk.submit(id, by);
      return id;
    },

    /** Opens the file, sees the letter, sends it. */
    decide: async (who: Staff, id: string, slug: string, sent: Fields): Promise<Page> => {
      const visitor = await as(who);
      const vu = version(await get(who, file(id)));
      const preview = await post(who, `${file(id)}/apercu/${slug}`, { ...sent, vu });
      expect([slug, preview.status]).toEqual([slug, 200]);
      return visitor.browser.submitForm(preview, {}, { form: `/actes/${slug}` });
    },

    stateOf: async (id: string, service = 'docs') =>
      (await world().broker.registrations.forOperator(id))?.file.requests.find(
        (one) => one.service === service,
      )?.state,
  };
}
export type Console = ReturnType<typeof createConsole>;
