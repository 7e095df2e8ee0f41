/** Whoever represents an association follows its members: confirms one, takes the membership away, gives it back. */
import { expect, test } from 'vitest';
import { startReceiver } from '../../src/logout/testing/receiver.ts';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { World } from '../support/world.ts';
import { createOperator } from './operator.ts';
import { representing } from './representing.ts';
import { createVisitor, people } from './visitor.ts';
import type { Email, Visitor } from './visitor.ts';

const nantes = '21440109300015';
const mayors = '00000010900009';
const siren = '000000109';

export function members(world: () => World): void {
  const at = (path: string) => `${world().issuer}${path}`;
  const list = `/membres/${siren}`;
  const { represent } = representing(world);
  const rows = () =>
    world().broker.stores.db.selectFrom('membership').selectAll().where('siren', '=', siren).execute();
  const acts = async () => {
    const entries = await world()
      .broker.stores.db.selectFrom('audit_entry')
      .select('act')
      .where('act', 'like', 'member%')
      .orderBy('seq')
      .execute();
    return entries.map(({ act }) => act);
  };

  async function withPeople(
    work: (who: Record<'maelle' | 'elected' | 'other' | 'operator', Visitor>) => Promise<void>,
  ): Promise<void> {
    const visitors = {
      maelle: createVisitor(world()),
      elected: createVisitor(world()),
      other: createVisitor(world()),
      operator: createVisitor(world()),
    };
    try {
      await work(visitors);
    } finally {
      const { db } = world().broker.stores;
      await db.deleteFrom('approval').where('origin', '=', 'registration').execute();
      await db.deleteFrom('registration').execute();
      await db
        .updateTable('membership')
        .set({
          revoked_at: null,
          revoked_by: null,
          revoked_reason: null,
          confirmed_at: null,
          confirmed_by: null,
        })
        .execute();
      for (const one of Object.values(visitors)) await one.browser.close();
    }
  }
  const enter = async (who: Visitor, path: string, email: Email): Promise<Page> =>
    who.identify(await who.browser.get(at(path)), email);

  test(
    'seen, confirmed, taken away everywhere within the minute, given back',
    () =>
      withPeople(async ({ maelle, elected, other, operator }) => {
        const receiver = await startReceiver();
        const declared = await createOperator(world());
        await declared.declare('client', 'docs', (client) => ({
          ...client,
          backchannel_logout_uri: `${receiver.origin}/docs`,
          backchannel_logout_session_required: true,
        }));
        const text = (page: Page) => maelle.browser.text(page);
        const tool = (id: 'docs' | 'tchap' | 'visio') => createToolClient(world(), id);
        const [docs, visio, tchap] = [tool('docs'), tool('visio'), tool('tchap')];
        try {
          // Whoever only signed in with the SIRET represents nothing.
          const welcome = await maelle.identify(
            await maelle.browser.click(await maelle.browser.get(at('/membres')), 'Se connecter'),
            people.approved,
          );
          expect(text(welcome)).toContain('Vous ne représentez aucune organisation');
          expect((await maelle.browser.get(at(list))).status).toBe(404);

          const file = await represent(people.approved, { siren });
          const asMayor = await elected.enter(docs, people.elected, {}, mayors);
          const inVisio = await elected.enter(visio, people.elected, {}, mayors);
          const asCouncillor = await elected.enter(tchap, people.elected, {}, nantes);

          const account = await maelle.browser.get(at('/compte'));
          const seen = await maelle.browser.click(account, 'Les membres de mes organisations');
          expect(seen.url).toBe(at(list));
          expect(text(seen)).toContain(people.elected);
          expect(text(seen)).toMatch(/Services ouverts\s+Docs, Visio/u);
          expect(text(seen)).toContain('Personnes : 2. À confirmer : 1.');
          expect(text(seen)).toContain(`Demande ${file}`);
          const [, member] = (await rows()).toSorted((one) => (one.email === people.elected ? 1 : -1));
          const path = `${list}/${member?.id ?? ''}`;

          const confirmed = await maelle.browser.submitForm(seen, {}, { form: `${path}/confirmer` });
          expect(text(confirmed)).toContain('Le membre est confirmé.');
          expect(text(confirmed)).not.toContain('À confirmer :');

          const impact = await maelle.browser.get(at(`${path}/retirer`));
          expect(text(impact)).toContain('Personnes concernées : 1.');
          expect(text(impact)).toMatch(/Navigateurs où un service est ouvert pour l’organisation\s?: [1-9]/u);
          expect(text(impact)).toContain('Services fermés (2) : Docs, Visio.');
          const empty = await maelle.browser.submitForm(impact, { raison: ' ' });
          expect(empty.status).toBe(422);
          const stale = await maelle.browser.post(impact.url, { raison: 'A quitté le bureau', vu: '0' });
          expect(stale.status).toBe(409);
          expect(stale.body).toContain('A quitté le bureau</textarea>');
          const done = await maelle.browser.submitForm(stale);
          expect(text(done)).toContain('Le membre est retiré.');

          // Nothing to wait for in this process; a tool that decides by itself gets no token either.
          for (const [client, tokens] of [
            [docs, asMayor],
            [visio, inVisio],
          ] as const) {
            expect((await client.userinfo(tokens.accessToken)).status).toBe(401);
            expect(await client.introspect(tokens.accessToken)).toEqual({ active: false });
            expect(await client.refresh(tokens.refreshToken)).toMatchObject({
              status: 400,
              error: 'invalid_grant',
            });
          }
          await expect.poll(() => receiver.at('/docs').length, { timeout: 10_000 }).toBeGreaterThan(0);
          expect(await elected.ask(docs, { prompt: 'none' })).toEqual({
            error: 'access_denied',
            description: 'membership_not_verified',
          });
          // The other organization is untouched.
          expect((await tchap.userinfo(asCouncillor.accessToken)).claims).toMatchObject({ siret: nantes });

          // The same identity provider does not bring it back.
          const refusal = await other.choose(await other.signIn('visio', people.elected), mayors);
          expect(refusal.status).toBe(403);
          expect(text(refusal)).toContain('M-ELIG-020');
          expect(text(refusal)).toMatch(/Vous n’agissez plus pour \S/u);
          expect(text(refusal)).not.toContain('n’est pas vérifié');
          expect(text(refusal)).toContain('L’organisation a indiqué que vous n’agissez plus pour elle.');
          expect(text(refusal)).toContain('la personne qui représente l’organisation');
          await other.choose(await other.browser.click(refusal, 'autre organisation'), nantes);
          expect((await other.session('visio')).userinfo).toMatchObject({ siret: nantes });

          const restored = await maelle.browser.submitForm(await maelle.browser.get(at(`${path}/rendre`)), {
            raison: 'Réélu',
          });
          expect(text(restored)).toContain('Le rattachement est rendu.');
          const again = await elected.enter(docs, people.elected, { prompt: 'select_organization' }, mayors);
          expect((await docs.userinfo(again.accessToken)).claims).toMatchObject({ siret: mayors });

          // What an operator takes away, an operator gives back.
          const page = await enter(operator, `/operateur/organisations/${siren}/personnes`, people.operator);
          expect(text(page)).toContain('Maëlle Le Goff');
          expect(text(page)).toContain(file);
          // Within some services: neither who represents it by a file of others, nor a page for those who use others.
          const within = (services?: readonly string[]) =>
            declared.declare('operator', 'helene-marchand', (document) => ({
              ...document,
              perimeter: services && { services },
            }));
          await within(['docs']);
          const bounded = text(await operator.browser.get(page.url));
          expect(bounded).toContain('Personnes : 1');
          expect(bounded).not.toContain(file);
          expect(bounded).not.toContain('Le Goff');
          await within();
          const act = at(`/operateur/organisations/${siren}/membres/${member?.id ?? ''}/retirer`);
          const before = await operator.browser.get(act);
          expect(text(before)).toContain('Services fermés (1) : Docs.');
          const after = await operator.browser.submitForm(before, { raison: 'Usurpation signalée' });
          expect(after.url).toBe(at(`/operateur/organisations/${siren}/personnes`));
          expect((await docs.userinfo(again.accessToken)).status).toBe(401);
          const refused = await maelle.browser.post(at(`${path}/rendre`), { raison: 'x', vu: '4' });
          expect(refused.status).toBe(403);
          expect(text(refused)).toContain('M-MEMB-006');

          const mails = await world()
            .broker.stores.db.selectFrom('mail')
            .select(['recipient', 'text'])
            .where('about', '=', `membership:${member?.id ?? ''}`)
            .execute();
          expect(mails.map(({ recipient }) => recipient)).toEqual(Array(3).fill(people.elected));
          expect(mails.some((mail) => mail.text.includes('A quitté le bureau'))).toBe(false);
          expect((await acts()).filter((name) => name !== 'members.read')).toEqual([
            'member.confirm',
            'member.revoke',
            'member.restore',
            'member.revoke',
          ]);
          expect(await acts()).toContain('members.read');
        } finally {
          await declared.restore();
          await receiver.close();
        }
      }),
    60_000,
  );

  test(
    'what a representative may not do, and what others may not',
    () =>
      withPeople(async ({ maelle, elected, other }) => {
        await enter(elected, '/compte/mes-donnees', people.elected);
        await elected.signIn('docs', people.elected);
        await maelle.signIn('docs', people.approved);
        await represent(people.approved, { siren });
        const text = (page: Page) => maelle.browser.text(page);
        const own = (await rows()).find(({ email }) => email === people.approved);
        const his = (await rows()).find(({ email }) => email === people.elected);

        const last = await maelle.browser.get(at(`${list}/${own?.id ?? ''}/retirer`));
        expect(last.status).toBe(403);
        expect(text(last)).toContain('M-MEMB-004');
        const forged = await maelle.browser.post(at(`${list}/${own?.id ?? ''}/retirer`), {
          raison: 'x',
          vu: '0',
        });
        expect(text(forged)).toContain('M-MEMB-004');

        // Another one came: neither ends the mandate of the other, either may leave.
        await represent(people.elected, { service: 'anct', siren });
        const colleague = await maelle.browser.get(at(`${list}/${his?.id ?? ''}/retirer`));
        expect(colleague.status).toBe(403);
        expect(text(colleague)).toContain('M-MEMB-005');
        const leaving = await maelle.browser.get(at(`${list}/${own?.id ?? ''}/retirer`));
        expect(text(leaving)).toContain('vous ne représenterez plus l’organisation ici');

        const elsewhere = { initiator: 'https://elsewhere.example/' };
        const answers = { raison: 'x', vu: '0' };
        expect((await maelle.browser.post(leaving.url, answers, elsewhere)).status).toBe(403);
        expect((await rows()).every(({ revoked_at: revoked }) => revoked === null)).toBe(true);

        const gone = await maelle.browser.submitForm(leaving, { raison: 'Fin de mandat' });
        expect(gone.url).toBe(at('/membres'));
        expect(text(gone)).toContain('Vous ne représentez aucune organisation');

        await other.signIn('docs', people.state);
        for (const id of [own?.id ?? '', 'x', "'", '00000000-0000-4000-8000-000000000000'])
          for (const act of ['retirer', 'rendre', 'confirmer']) {
            const path = at(`${list}/${encodeURIComponent(id)}/${act}`);
            expect((await other.browser.post(path, answers)).status).toBe(404);
            if (act !== 'confirmer') expect((await other.browser.get(path)).status).toBe(404);
          }
        for (const path of [list, '/membres/214401093', '/membres/x', '/membres/%00'])
          expect((await other.browser.get(at(path))).status).toBe(404);
      }),
    60_000,
  );
}
