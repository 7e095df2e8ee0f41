import { alice } from '../../src/registrations/testing/people.ts';
import { createDesk } from '../../src/registrations/testing/room.ts';
import type { World } from '../support/world.ts';
import type { Email } from './visitor.ts';

/** Somebody who has signed in represents a legal unit: an operator has approved a file of theirs. */
export function representing(world: () => World) {
  const accountOf = async (email: Email): Promise<string> => {
    const row = await world()
      .broker.stores.db.selectFrom('membership')
      .select('account_id')
      .where('email', '=', email)
      .executeTakeFirstOrThrow();
    return row.account_id;
  };
  /** @returns the number of the file */
  const represent = async (
    email: Email,
    { service = 'tchap', siren }: { service?: string; siren: string },
  ): Promise<string> => {
    const desk = createDesk(world().broker.registrations, () => new Date());
    const applicant = {
      kind: 'applicant',
      accountId: await accountOf(email),
      givenName: 'Maëlle',
      usualName: 'Le Goff',
      email,
    } as const;
    const id = await desk.draft(applicant, [service], siren);
    await desk.submit(id, applicant);
    await desk.act(id, alice, { act: 'take' });
    await desk.act(id, alice, { act: 'approve', service, terms: desk.terms(), text: 'Mandat vérifié.' });
    return id;
  };
  return { accountOf, represent };
}
