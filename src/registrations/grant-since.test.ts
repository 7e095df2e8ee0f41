// What people decide in a file after a lot was decided: the lot does not overrule it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GrantRequest } from './grant.ts';
import { applicantOf, mayors, openRoom, operatorCalled, reasons } from './testing/room.ts';
import type { Room } from './testing/room.ts';

const [anne, bruno, chloe] = [operatorCalled('anne'), operatorCalled('bruno'), operatorCalled('chloe')];
const rule = 'Article L. 242-1 du code des relations entre le public et l’administration';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
}, 120_000);
afterAll(() => room.close());

const opened = async (id: string) => {
  const found = await room.registrations.forOperator(id);
  if (found === undefined) throw new Error('no file');
  return found;
};
const request = (change: Pick<GrantRequest, 'lot' | 'organization' | 'services'>): GrantRequest => ({
  text: 'Convention du 2 mars 2026.',
  proposedBy: anne,
  actor: bruno,
  decidedAt: room.needs.clock(),
  ...change,
});

test('what was decided or is examined since the lot was decided stands', async () => {
  const since = request({
    lot: 'L-26-7K3QXWPZ',
    organization: mayors,
    services: [{ service: 'tchap', terms: room.terms() }],
  });
  const zoe = applicantOf('Zoé');
  const id = await room.draft(zoe, ['tchap'], mayors);
  await room.submit(id, zoe);
  await expect(room.registrations.grant(since)).rejects.toMatchObject({ code: 'M-FILE-074' });
  expect(await room.registrations.previewGrant(since)).toMatchObject({ refused: 'M-FILE-074' });
  room.pass(0.01);
  await room.act(id, bruno, { act: 'take' });
  const refused = { decision: 'refuse' as const, ...reasons };
  await room.act(id, bruno, { act: 'propose', service: 'tchap', proposal: refused });
  await room.act(id, chloe, { act: 'confirm', service: 'tchap' });
  await expect(room.registrations.grant(since)).rejects.toMatchObject({ code: 'M-FILE-074' });
  // A lot that is decided with the refusal in front of everybody is another one.
  room.pass(0.01);
  const later = { ...since, decidedAt: room.needs.clock() };
  expect((await room.registrations.previewGrant(later)).refused).toBeUndefined();
});

test('what somebody kept against a notice is not told of again, nor taken back', async () => {
  const lot = { lot: 'L-26-7K3QXWPY', organization: mayors };
  const terms = room.terms();
  const file = await room.registrations.grant(request({ ...lot, services: [{ service: 'tchap', terms }] }));
  const asked = { id: file.id, proposedBy: anne, actor: chloe, text: 'Erreur de liste.', rule };
  await expect(room.registrations.takeBack({ ...asked, stage: 'withdraw' })).rejects.toMatchObject({
    code: 'M-FILE-003',
  });
  await room.registrations.takeBack({ ...asked, stage: 'announce' });
  await room.act(file.id, bruno, { act: 'take' });
  await room.act(file.id, bruno, { act: 'reinstate', service: 'tchap', text: 'La règle est publiée.' });
  for (const stage of ['announce', 'withdraw'] as const)
    await expect(room.registrations.takeBack({ ...asked, stage })).rejects.toMatchObject({
      code: 'M-FILE-003',
    });
  expect((await opened(file.id)).file.requests).toMatchObject([{ state: 'approved' }]);
});
