/** An agent of a town leaves: their guests end with the membership, or the person who represents the town takes them over. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { World } from '../support/world.ts';
import { representing } from './representing.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';
import { parisDay } from '../support/days.ts';

const nantes = '214401093';

export function guestsOfMembers(world: () => World): void {
  const at = (path: string) => `${world().issuer}${path}`;
  let visitors: Record<'agent' | 'mayor' | 'guest' | 'other', Visitor>;
  const text = (page: Page) => visitors.mayor.browser.text(page);

  beforeEach(() => {
    const visitor = () => createVisitor(world());
    visitors = { agent: visitor(), mayor: visitor(), guest: visitor(), other: visitor() };
  });
  afterEach(async () => {
    for (const one of Object.values(visitors)) await one.browser.close();
    const { db } = world().broker.stores;
    await db.deleteFrom('invitation').execute();
    await db.deleteFrom('approval').where('origin', '=', 'registration').execute();
    await db.deleteFrom('registration').execute();
    const given = { revoked_at: null, revoked_by: null, revoked_reason: null };
    await db.updateTable('membership').set(given).execute();
  });

  test('seen before, ended within the minute or taken over, and revived by nobody', async () => {
    const { represent, accountOf } = representing(world);
    const tchap = createToolClient(world(), 'tchap');
    const { agent, mayor, guest, other } = visitors;

    await agent.identify(await agent.browser.get(at('/invitations/nouvelle')), people.commune);
    for (const email of [people.association, people.approved]) {
      const answers = { email, service: 'tchap', reason: 'Préparer les réunions.', until: parisDay(30) };
      const sent = await agent.browser.post(at('/invitations'), answers);
      expect(sent.url).toBe(at('/invitations?fait=invite'));
    }
    const [ends, stays] = [
      await guest.enter(tchap, people.association),
      await other.enter(tchap, people.approved),
    ];

    const welcome = await mayor.browser.get(at('/membres'));
    await mayor.identify(await mayor.browser.click(welcome, 'Se connecter'), people.elected);
    await represent(people.elected, { service: 'anct', siren: nantes });
    const list = await mayor.browser.get(at(`/membres/${nantes}`));
    expect(text(list)).toContain(people.commune);
    const { id } = await world()
      .broker.stores.db.selectFrom('membership')
      .select('id')
      .where('account_id', '=', await accountOf(people.commune))
      .where('siren', '=', nantes)
      .executeTakeFirstOrThrow();
    const impact = await mayor.browser.get(at(`/membres/${nantes}/${id}/retirer`));
    expect(text(impact)).toContain('Invités de cette personne : 2');
    expect(text(impact)).toContain(`Suivre moi-même ${people.approved}`);
    const rows = () =>
      world()
        .broker.stores.db.selectFrom('invitation')
        .selectAll()
        .where('replaced_at', 'is', null)
        .execute();
    const kept = (await rows()).find(({ address }) => address === people.approved)?.id ?? '';

    // What was ticked is still so when the reason is missing; what the page did not show does not end.
    const empty = await mayor.browser.submitForm(impact, { raison: '', reprendre: kept });
    expect([empty.status, empty.body.includes(`value="${kept}" checked`)]).toEqual([422, true]);
    const unseen = await mayor.browser.post(impact.url, { raison: 'A quitté la ville', vu: '0' });
    expect([unseen.status, unseen.body.includes('A quitté la ville</textarea>')]).toEqual([409, true]);
    const forged = await mayor.browser.post(impact.url, {
      ...{ raison: 'x', vu: '0', reprendre: '00000000-0000-4000-8000-000000000000' },
    });
    expect(forged.status).toBe(409);
    expect((await tchap.userinfo(ends.accessToken)).status).toBe(200);

    const done = await mayor.browser.submitForm(empty, { raison: 'A quitté la ville' });
    expect(text(done)).toContain('Le membre est retiré.');
    expect((await tchap.userinfo(ends.accessToken)).status).toBe(401);
    expect(await tchap.introspect(ends.accessToken)).toEqual({ active: false });
    expect(await tchap.refresh(ends.refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await guest.ask(tchap, { prompt: 'none' })).toMatchObject({ error: 'access_denied' });
    expect((await tchap.userinfo(stays.accessToken)).claims).toMatchObject({ guest: true });
    const mine = await mayor.browser.get(at('/invitations'));
    expect(text(mine)).toContain(people.approved);
    expect(text(mine)).not.toContain(people.association);

    // Given back, the agent invites anew.
    const page = await mayor.browser.get(at(`/membres/${nantes}/${id}/rendre`));
    expect(text(page)).toContain('il faut les inviter de nouveau');
    await mayor.browser.submitForm(page, { raison: 'Revenu' });
    expect(await guest.ask(tchap, { prompt: 'none' })).toMatchObject({ error: 'access_denied' });
    expect((await rows()).map(({ revoked_at: at }) => at === null).toSorted()).toEqual([false, true]);
  });
}
