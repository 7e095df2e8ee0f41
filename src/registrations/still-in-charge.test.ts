/** Who proposed is in charge on the day on which somebody else confirms; and nobody decides for whom they ever acted. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyAudit } from '../audit/audit.ts';
import type { Act, OperatorActor } from './act.ts';
import type { RegistrationsNeeds } from './needs.ts';
import { isOwn, possible } from './registrations.ts';
import { standingsOf } from './standings.ts';
import {
  applicantOf,
  association,
  createDesk,
  mayors,
  openRoom,
  operatorCalled,
  reasons,
} from './testing/room.ts';
import type { Room } from './testing/room.ts';

const ada = applicantOf('Ada');
const refuse: Act = { act: 'propose', service: 'docs', proposal: { decision: 'refuse', ...reasons } };
const confirm: Act = { act: 'confirm', service: 'docs' };
const decline: Act = { act: 'decline', service: 'docs', text: 'À proposer de nouveau.' };

let room: Room;
/** Declared, with the accounts of their sign-ins. */
let helene: OperatorActor;
let olivier: OperatorActor;

beforeAll(async () => {
  room = await openRoom();
  helene = await signedIn('helene-marchand');
  olivier = await signedIn('olivier-garnier');
}, 180_000);
afterAll(() => room.close());
beforeEach(async () => {
  const { db } = room.stores;
  await db.deleteFrom('membership').execute();
  await db.deleteFrom('declared_membership').execute();
  await db.updateTable('registration_request').set({ state: 'withdrawn', proposed: false }).execute();
  await db.updateTable('registration').set({ stage: 'ended' }).execute();
});

/** A declared operator who has signed in at their identity provider. */
async function signedIn(id: string): Promise<OperatorActor> {
  const { operators, identityProviders } = room.needs.snapshot();
  const { idp = '', subject = '' } = operators.get(id) ?? {};
  const accountId = randomUUID();
  const at = room.needs.clock();
  const { db } = room.stores;
  await db.insertInto('account').values({ id: accountId, created_at: at, blocked_at: null }).execute();
  await db
    .insertInto('identity')
    .values({
      idp_id: idp,
      issuer: identityProviders.get(idp)?.issuer ?? '',
      subject,
      account_id: accountId,
      created_at: at,
      last_seen_at: at,
    })
    .execute();
  return { ...operatorCalled(id), accountId };
}

/** Has signed in once for this legal unit, and for others since. */
const actedFor = ({ accountId = '' }: OperatorActor, siren: string, revoked = false) =>
  room.stores.db
    .insertInto('membership')
    .values({
      account_id: accountId,
      siren,
      siret: `${siren}00000`,
      idp_id: 'demo',
      origin: 'idp',
      level: 'moderated',
      method: 'proof_received',
      first_seen_at: room.needs.clock(),
      last_seen_at: room.needs.clock(),
      ...(revoked && { revoked_at: room.needs.clock(), revoked_by: 'account:x' }),
    })
    .execute();

/** A refusal that Olivier proposes. */
async function proposed(): Promise<string> {
  const id = await room.draft(ada);
  await room.submit(id, ada);
  await room.act(id, olivier, { act: 'take' });
  await room.act(id, olivier, refuse);
  return id;
}

const code = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
const deskWhere = (chargeOf: RegistrationsNeeds['chargeOf']) => {
  const registrations = room.another({ chargeOf });
  return { registrations, ...createDesk(registrations, room.needs.clock) };
};
const stateOf = async (id: string) =>
  (await room.registrations.forOperator(id))?.file.requests.map(({ state }) => state);

describe('a proposal is confirmed while whoever made it is in charge (CRPA art. L212-1)', () => {
  test.each([
    ['removed, or their delegation has ended', undefined, 'M-FILE-076'],
    ['charged with another département', { departments: ['2A'] }, 'M-FILE-076'],
    ['charged with other services', { services: ['tchap'] }, 'M-FILE-076'],
    ['charged with another federation', { federations: [mayors] }, 'M-FILE-076'],
    ['charged with that service', { services: ['docs', 'tchap'] }, 'done'],
    ['charged with everything', {}, 'done'],
  ])('%s', async (_name, perimeter, expected) => {
    const id = await proposed();
    const desk = deskWhere((by) =>
      by === 'olivier-garnier' ? perimeter && { perimeter } : { perimeter: {} },
    );
    const opened = await desk.registrations.forOperator(id);
    if (opened === undefined) throw new Error('no file');
    const offered = possible(opened.file, helene, room.needs.clock(), opened.circumstances);
    expect(offered.some(({ act }) => act === 'confirm')).toBe(expected === 'done');
    expect(await code(desk.act(id, helene, confirm))).toBe(expected);
    expect(await stateOf(id)).toEqual([expected === 'done' ? 'refused' : 'under_review']);
    expect(await verifyAudit(room.stores.db)).toMatchObject({ broken: 0 });
  });

  test('it is declined all the same, and proposed again by somebody in charge', async () => {
    const id = await proposed();
    const desk = deskWhere((by) => (by === 'olivier-garnier' ? undefined : { perimeter: {} }));
    await desk.act(id, helene, decline);
    await desk.act(id, olivier, { act: 'release' });
    await desk.act(id, helene, { act: 'take' });
    await desk.act(id, helene, refuse);
    expect(await code(desk.act(id, operatorCalled('paul-mercier'), confirm))).toBe('done');
    const decided = (await room.registrations.forOperator(id))?.file.requests[0]?.decided;
    expect([decided?.author?.id, decided?.second?.id]).toEqual(['helene-marchand', 'paul-mercier']);
  });

  test('nor is it once whoever made it is known to act for the organization', async () => {
    const id = await proposed();
    await actedFor(olivier, association);
    expect(await code(room.act(id, helene, confirm))).toBe('M-FILE-076');
    expect(await stateOf(id)).toEqual(['under_review']);
  });
});

describe('an operator whose declared address sent the file is kept from it', () => {
  const named = async (emailVerified: boolean | undefined) => {
    const { email = '' } = room.needs.snapshot().operators.get('helene-marchand') ?? {};
    const sender = { ...applicantOf('Ivo'), email, ...(emailVerified !== undefined && { emailVerified }) };
    const id = await room.draft(sender);
    await room.submit(id, sender);
    return (await room.registrations.forOperator(id))?.circumstances.named;
  };

  test('when somebody answers for that address, or when that was not kept', async () => {
    expect(await named(true)).toEqual(['helene-marchand']);
    expect(await named(undefined)).toEqual(['helene-marchand']);
  });

  test('nobody chooses who decides by writing the address of an operator as their own', async () => {
    expect(await named(false)).toEqual([]);
  });

  test('nor by writing it as one of those that the service may write to', async () => {
    const { email = '' } = room.needs.snapshot().operators.get('helene-marchand') ?? {};
    const id = await room.draft(ada);
    const content = (await room.registrations.forApplicant(id, ada.accountId))?.content;
    if (content === undefined) throw new Error('no draft');
    const typed = {
      ...content,
      dataProtection: { ...content.dataProtection, email },
      security: { ...content.security, email },
    };
    await room.registrations.saveDraft(id, ada.accountId, typed);
    await room.submit(id, ada);
    expect((await room.registrations.forOperator(id))?.circumstances.named).toEqual([]);
    expect(await code(room.act(id, helene, { act: 'take' }))).toBe('done');
  });
});

describe('one’s own organization is any for which one’s account has ever acted', () => {
  test.each([
    ['signed in for another one today', () => actedFor(helene, association)],
    ['even taken away since', () => actedFor(helene, association, true)],
    [
      'declared by an operator, before any sign-in',
      () =>
        room.stores.db
          .insertInto('declared_membership')
          .values({
            idp_id: 'demo',
            subject: 'operateur',
            siret: `${association}00000`,
            level: 'moderated',
            method: 'proof_received',
            verified_at: room.needs.clock(),
          })
          .execute(),
    ],
  ])('%s', async (_name, known) => {
    const id = await room.draft(ada);
    await room.submit(id, ada);
    await room.act(id, helene, { act: 'take' });
    await known();
    const opened = await room.registrations.forOperator(id);
    if (opened === undefined) throw new Error('no file');
    expect(isOwn(opened.file, helene, opened.circumstances)).toBe(true);
    expect(isOwn(opened.file, olivier, opened.circumstances)).toBe(false);
    const approve: Act = { act: 'approve', service: 'docs', terms: room.terms(), text: 'Oui.' };
    expect(await code(room.act(id, helene, approve))).toBe('M-FILE-005');
    expect(await stateOf(id)).toEqual(['under_review']);
  });

  test('and not another one', async () => {
    await actedFor(helene, mayors);
    const id = await room.draft(ada);
    await room.submit(id, ada);
    expect(await code(room.act(id, helene, { act: 'take' }))).toBe('done');
  });

  test('a lot leaves it out, and grants it nothing', async () => {
    await actedFor(helene, association);
    const { askedBy } = await standingsOf(room.stores.db, {
      organizations: [association, mayors].map((siren) => ({ id: siren, siren })),
      services: ['docs'],
      accounts: [helene.accountId ?? '', 'no account'],
      today: '2026-11-23',
      except: new Set(),
    });
    expect([...askedBy]).toEqual([association]);
    const granted = room.registrations.grant({
      lot: 'L-26-7K3QXWPB',
      organization: association,
      services: [{ service: 'docs', terms: room.terms() }],
      text: 'Convention.',
      actor: olivier,
      proposedBy: helene,
      decidedAt: room.needs.clock(),
    });
    expect(await code(granted)).toBe('M-FILE-005');
  });
});
