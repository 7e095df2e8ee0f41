import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGrant } from '../storage/testing/open-grant.ts';
import { applicantOf, association, mayors, openRoom, operatorCalled } from './testing/room.ts';
import type { Room } from './testing/room.ts';

const anne = operatorCalled('anne');
const ada = applicantOf('Ada');
const at = (siren: string) => `${siren}00002`;

let room: Room;
beforeAll(async () => {
  room = await openRoom();
}, 60_000);
afterAll(() => room.close());

async function approved(organization: string, ...services: string[]): Promise<string> {
  const id = await room.draft(ada, services, organization);
  await room.submit(id, ada);
  await room.act(id, anne, { act: 'take' });
  for (const service of services)
    await room.act(id, anne, { act: 'approve', service, terms: room.terms(), text: 'Accordé.' });
  return id;
}

test('several files together concern each person once, and nobody of another service or organization', async () => {
  const { db } = room.stores;
  const files = [await approved(association, 'docs', 'tchap'), await approved(mayors, 'tchap')];
  const give = (account: string, siren: string, more: object = {}) =>
    openGrant(db, { account, siret: at(siren), ...more });
  await give('one', association, { session: 'browser' });
  await give('one', association, { session: 'browser', client: 'tchap' });
  await give('one', mayors, { client: 'tchap' });
  await give('two', mayors, { client: 'tchap' });
  // Of another right, of another organization, over, revoked.
  await give('three', mayors);
  await give('four', '130025265');
  await give('five', association, { until: new Date('2026-01-01') });
  await give('six', association, { revokedAt: new Date('2026-01-01') });

  expect(await room.registrations.impactOfFiles(files)).toEqual({
    people: 2,
    sessions: 3,
    grants: 4,
    clients: ['docs', 'tchap'],
    more: false,
  });
  expect(await room.registrations.impact(mayors)).toMatchObject({ people: 3, grants: 3 });
  expect(await room.registrations.impact(mayors, ['docs'])).toMatchObject({ people: 1, clients: ['docs'] });
  expect(await room.registrations.impact(undefined)).toMatchObject({ people: 0, grants: 0, clients: [] });

  // A right that is suspended closes nothing more.
  const [first = ''] = files;
  await room.act(first, anne, {
    act: 'suspend_urgently',
    service: 'docs',
    motive: 'security_incident',
    text: 'Un compte envoie des courriels frauduleux.',
    rule: 'Conditions d’utilisation, article 4',
  });
  expect(await room.registrations.impactOfFiles([first])).toMatchObject({ people: 1, clients: ['tchap'] });
  expect(await room.registrations.impactOfFiles([])).toMatchObject({ people: 0 });
});
