import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applicantOf, association, mayors, operatorCalled } from '../registrations/testing/room.ts';
import type { Room } from '../registrations/testing/room.ts';
import type { MemberRequest, Members } from './members.ts';
import { openMembersRoom } from './testing/members-room.ts';
import type { MembersRoom } from './testing/members-room.ts';

const maelle = applicantOf('Maëlle');
const yann = applicantOf('Yann');
const zoe = applicantOf('Zoé');
const alice = operatorCalled('alice');
let room: Room;
let ended: string[];
let another: () => Members;
let seen: MembersRoom['seen'];

let ids: Readonly<Record<'maelle' | 'yann' | 'zoe', string>>;
const request = (change: Partial<MemberRequest>): MemberRequest => ({
  act: 'revoke',
  id: ids.zoe,
  siren: association,
  actor: maelle,
  seen: 0,
  reason: 'A quitté\nle bureau',
  ...change,
});
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

beforeAll(async () => {
  const opened = await openMembersRoom([maelle, yann, zoe]);
  ({ room, ended, another, seen } = opened);
  await opened.represents(maelle, 'docs');
  await opened.represents(yann, 'tchap');
}, 180_000);
afterAll(() => room.close());
beforeEach(async () => {
  ended.length = 0;
  await room.stores.db.deleteFrom('membership').execute();
  await room.stores.db.deleteFrom('mail').execute();
  ids = { maelle: await seen(maelle), yann: await seen(yann), zoe: await seen(zoe) };
});

describe('who represents', () => {
  const names = async () =>
    (await another().representativesOf(association)).map(({ givenName }) => givenName).toSorted();

  test('those whose file is approved, several if there are several; not whoever signed in', async () => {
    expect(await names()).toEqual(['Maëlle', 'Yann']);
    expect((await another().representedBy(yann.accountId)).map(({ siren }) => siren)).toEqual([association]);
    expect(await another().representedBy(zoe.accountId)).toEqual([]);
    expect(await another().representativesOf(mayors)).toEqual([]);
    // Within some services: by the files that ask for one of them.
    const inDocs = await another().representativesOf(association, ['docs', 'visio']);
    expect(inDocs.map(({ givenName }) => givenName)).toEqual(['Maëlle']);
    expect(await another().representativesOf(association, [])).toEqual([]);
  });

  test('not whoever is blocked, or was revoked', async () => {
    const blocked = (at: Date | null) =>
      room.stores.db
        .updateTable('account')
        .set({ blocked_at: at })
        .where('id', '=', yann.accountId)
        .execute();
    await blocked(room.needs.clock());
    expect(await names()).toEqual(['Maëlle']);
    await blocked(null);
    await another().change(request({ id: ids.yann, actor: alice }));
    expect(await names()).toEqual(['Maëlle']);
  });
});

describe('an act', () => {
  test('leaves row, mail and record, and ends what was issued', async () => {
    const members = another();
    await members.change(request({ act: 'confirm' }));
    await members.change(request({ seen: 1 }));
    expect(ended).toEqual([zoe.accountId]);
    expect(await members.one(ids.zoe, association)).toMatchObject({
      state: 'revoked',
      version: 2,
      confirmedAt: undefined,
      revokedBy: `account:${maelle.accountId}`,
      revokedReason: 'A quitté le bureau',
    });
    await members.change(request({ act: 'restore', actor: yann, seen: 2 }));
    expect(await members.one(ids.zoe, association)).toMatchObject({ state: 'unconfirmed', version: 3 });
    const mails = await room.stores.db.selectFrom('mail').select(['recipient', 'text']).execute();
    expect(mails.map(({ recipient }) => recipient)).toEqual([zoe.email, zoe.email]);
    expect(mails.some(({ text }) => text.includes('quitté'))).toBe(false);
    const acts = await room.stores.db
      .selectFrom('audit_entry')
      .select(['act', 'detail'])
      .where('subject', '=', `account:${zoe.accountId}`)
      .orderBy('seq')
      .execute();
    expect(acts.map(({ act }) => act)).toEqual(['member.confirm', 'member.revoke', 'member.restore']);
    expect(acts[1]?.detail).toContain('A quitté le bureau');
  });

  test.each([
    ['by somebody who represents nothing', { actor: zoe, id: '' }, 'M-MEMB-001'],
    ['on somebody of another organization', { siren: mayors }, 'M-MEMB-001'],
    ['on nobody', { id: "'" }, 'M-MEMB-001'],
    ['on a page of before', { seen: -1 }, 'M-MEMB-002'],
    ['on a page that was made up', { seen: 7 }, 'M-MEMB-002'],
    ['that was done already', { act: 'restore' }, 'M-MEMB-002'],
    [
      'of an operator on their own organization',
      { actor: operatorCalled('bob', [association]) },
      'M-FILE-005',
    ],
  ] as const)('%s does nothing', async (_what, change, code) => {
    const id = 'id' in change && change.id !== '' ? change.id : ids.zoe;
    expect(await codeOf(another().change(request({ ...change, id })))).toBe(code);
    expect(ended).toEqual([]);
    expect(await another().one(ids.zoe, association)).toMatchObject({ version: 0 });
  });

  test.each([
    ['filed for it', () => Promise.resolve(maelle.accountId)],
    ['acted for it', async () => (await member('Ana')).accountId],
    ['is declared to act for it', () => declaredMember()],
    [
      'acted for it until that was taken away',
      async () => {
        const { id, accountId } = await member('Ana');
        await another().change(request({ id }));
        return accountId;
      },
    ],
  ] as const)(
    'of an operator whose account %s does nothing, whatever the sign-in is for',
    async (_what, own) => {
      const actor = { ...operatorCalled('bob', [mayors]), accountId: await own() };
      expect(await another().actsFor(actor, association)).toMatchObject({ sirens: [mayors, association] });
      expect(await another().actsFor(actor, mayors)).toMatchObject({ sirens: [mayors] });
      ended.length = 0;
      for (const act of ['confirm', 'revoke'] as const)
        expect(await codeOf(another().change(request({ act, actor })))).toBe('M-FILE-005');
      await another().change(request({}));
      expect(await codeOf(another().change(request({ act: 'restore', actor, seen: 1 })))).toBe('M-FILE-005');
    },
  );

  test('two representatives who leave at the same second do not leave nobody', async () => {
    const leave = (who: typeof maelle, id: string) => codeOf(another().change(request({ actor: who, id })));
    const answers = await Promise.all([leave(maelle, ids.maelle), leave(yann, ids.yann)]);
    expect(answers.toSorted()).toEqual(['M-MEMB-004', 'done']);
  });

  test('two who revoke the same person at the same second do it once', async () => {
    const answers = await Promise.all([
      codeOf(another().change(request({}))),
      codeOf(another().change(request({ actor: yann }))),
    ]);
    expect(answers.toSorted()).toEqual(['M-MEMB-002', 'done']);
  });
});

test('the list: those to confirm first, those who were revoked last; representatives need no confirmation', async () => {
  const members = another();
  await members.change(request({ id: (await member('Ana')).id }));
  expect(await members.list(association, 99)).toMatchObject({ total: 4, toConfirm: 1, page: 1, pages: 1 });
  expect(await members.list(association, 1, [maelle.accountId])).toMatchObject({
    total: 1,
    toConfirm: 0,
    members: [{ name: 'Maëlle Fictive' }],
  });
  expect(await members.list(association, 1, [])).toMatchObject({ total: 0, members: [] });
  const { members: found } = await members.list(association, 1);
  expect(found.map(({ name }) => name)).toEqual([
    'Zoé Fictive',
    'Maëlle Fictive',
    'Yann Fictive',
    'Ana Fictive',
  ]);
});

test('another process sees it for a minute, and one that starts sees it too', async () => {
  const other = another();
  await other.watch();
  room.pass(1 / 2880);
  await room.stores.db
    .updateTable('membership')
    .set({ revoked_at: room.needs.clock(), revoked_by: 'operator:anne' })
    .where('id', '=', ids.zoe)
    .execute();
  await other.watch();
  expect(ended).toEqual([zoe.accountId]);
  room.pass(61 / 86_400);
  await other.watch();
  room.pass(61 / 86_400);
  ended.length = 0;
  await other.watch();
  expect(ended).toEqual([]);
  // Nobody looked for weeks.
  room.pass(30);
  await another().watch();
  expect(ended).toEqual([zoe.accountId]);
});

test('a year after the last sign-in it goes; of what was revoked the mark stays, without a name', async () => {
  const members = another();
  await members.change(request({}));
  room.pass(364);
  expect(await members.purge(10)).toBe(0);
  room.pass(2);
  expect(await members.purge(1)).toBe(2);
  expect(await members.purge(10)).toBe(1);
  expect(await members.purge(10)).toBe(0);
  const rows = await room.stores.db.selectFrom('membership').selectAll().execute();
  expect(rows).toMatchObject([
    { account_id: zoe.accountId, email: null, given_name: null, usual_name: null, revoked_reason: null },
  ]);
  expect(rows[0]?.revoked_at).not.toBeNull();
});

/** Declared to act for the association, for which they have never signed in. */
async function declaredMember(): Promise<string> {
  const { db } = room.stores;
  const account_id = await newAccount();
  const at = room.needs.clock();
  const [idp_id, subject] = ['demo', account_id];
  const identity = { idp_id, subject, issuer: 'http://localhost:3001', account_id };
  await db
    .insertInto('identity')
    .values({ ...identity, created_at: at, last_seen_at: at })
    .execute();
  const proof = { level: 'moderated', method: 'proof_received', verified_at: at } as const;
  await db
    .insertInto('declared_membership')
    .values({ idp_id, subject, siret: `${association}00000`, ...proof })
    .execute();
  return account_id;
}

async function member(name: string): Promise<{ readonly id: string; readonly accountId: string }> {
  const accountId = await newAccount();
  return { id: await seen({ ...applicantOf(name), accountId }), accountId };
}

async function newAccount(): Promise<string> {
  const id = randomUUID();
  await room.stores.db
    .insertInto('account')
    .values({ id, created_at: room.needs.clock(), blocked_at: null })
    .execute();
  return id;
}
