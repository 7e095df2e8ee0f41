/** What the console shows of an organization, and of who really asks in its name. */
import { expect, test } from 'vitest';
import { association } from '../../src/registrations/testing/room.ts';
import { applicant } from './console-world.ts';
import type { Console } from './console-world.ts';
import { createVisitor, people } from './visitor.ts';

export function organizations({ as, get, operator, said, submitted, world }: Console): void {
  test('an organization, what it may use and why', async () => {
    const found = await get('reviewer', '/operateur/organisations?q=AMD-FICTIF');
    const page = await (await as('reviewer')).browser.click(found, 'AMD-FICTIF');
    expect(page.status).toBe(200);
    const words = said(page);
    for (const part of [
      '000 000 109',
      'Ce qu’elle peut utiliser',
      'Docs',
      'org.active',
      'Accords',
      'Changements au registre',
    ])
      expect(words).toContain(part);
    expect((await get('reviewer', '/operateur/organisations/999999999')).status).toBe(404);
    expect((await get('reviewer', '/operateur/organisations?q=12345678')).status).toBe(422);
  });

  test('who really asks is what the sign-in said, and a doubt when it named another organization', async () => {
    const page = said(await get('decider', `/operateur/dossiers/${await submitted(['docs'])}`));
    expect(page).toContain('Connecté pour');
    expect(page).toContain('SIRET 13002526500013');
    expect(page).toContain('La connexion du demandeur ne dit pas qu’il agit pour cette organisation');
    const own = { ...applicant, sirets: [`${association}00011`] };
    const theirs = said(
      await get('decider', `/operateur/dossiers/${await submitted(['docs'], { by: own })}`),
    );
    expect(theirs).toContain('Connecté pour');
    expect(theirs).not.toContain('ne dit pas qu’il agit');
  });

  test('an organization page states no level and no days of what nobody gave', async () => {
    await world().broker.stores.db.deleteFrom('approval').where('siren', '=', association).execute();
    await operator().approve({ id: 'refused-one', siren: association, service_id: 'docs' });
    await operator().approval('refused-one', { status: 'refused', ends_on: '2031-05-04' });
    const page = said(await get('decider', `/operateur/organisations/${association}`));
    expect(page).toContain('refusé');
    expect(page).not.toContain('2031');
  });

  test('a number is read as it is typed', async () => {
    const id = await submitted(['docs']);
    expect((await get('decider', `/operateur/dossiers/${id.toLowerCase()}`)).status).toBe(200);
  });

  test('its people and the guests of its agents are read by those who examine, and each reading is recorded', async () => {
    const member = createVisitor(world());
    await member.signIn('visio', people.association);
    await member.browser.close();
    await operator().invite({
      address: 'invitee@ailleurs.example',
      service_id: 'tchap',
      ends_on: '2099-12-31',
    });
    const { db } = world().broker.stores;
    await db
      .updateTable('invitation')
      .set({ sponsor_siret: `${association}00011` })
      .execute();
    const organization = `/operateur/organisations/${association}`;
    expect((await get('reviewer', organization)).body).toContain(`${organization}/personnes`);
    const page = said(await get('reviewer', `${organization}/personnes`));
    for (const part of ['membre@asso.example', 'À confirmer', 'invitee@ailleurs.example', 'Camille Renaud'])
      expect(page).toContain(part);
    expect((await get('rules', organization)).body).not.toContain('/personnes');
    expect((await get('rules', `${organization}/personnes`)).status).toBe(403);
    const traces = await db
      .selectFrom('audit_entry')
      .select(['actor', 'subject'])
      .where('act', '=', 'organization.people')
      .execute();
    expect(traces).toEqual([{ actor: 'operator:nadia-lefort', subject: `organization:${association}` }]);
    await operator().restore();
  });

  test('its e-mail domains stand with who says so', async () => {
    const siret = `${association}00009`;
    await world()
      .broker.stores.db.insertInto('register_record')
      .values({
        shelf: 'email_domain',
        key: `asso.example/${siret}`,
        source: 'email_domains',
        record: JSON.stringify({ domain: 'asso.example', siret, origin: 'essai' }),
        source_date: '2026-11-01',
        import_id: null,
      })
      .execute();
    await operator().declareCopy('identity_provider', 'demo', {
      id: 'essai',
      name: 'Essai',
      issuer: 'https://essai.example',
      domains: ['asso.example', 'asso-fictive.example'],
      sirets: [siret],
    });
    const page = said(await get('reviewer', `/operateur/organisations/${association}`));
    await operator().restore();
    expect(page).toMatch(
      /asso\.example\s*fournisseur d’identité Essai · liste publique des domaines de messagerie, 1er novembre 2026/u,
    );
    expect(page).toMatch(/asso-fictive\.example\s*fournisseur d’identité Essai/u);
  });
}
