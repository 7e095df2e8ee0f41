// A file that the administration opens on its own initiative, from its decision to the trace that is left of it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { verifyAudit } from '../audit/audit.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { eventWithoutWords } from './destroy-file.ts';
import type { GrantRequest } from './grant.ts';
import { applicantOf, association, openRoomIn, operatorCalled } from './testing/room.ts';
import type { Room } from './testing/room.ts';

const postgres = await startPostgres('Files opened by the administration, on PostgreSQL');
afterAll(() => postgres?.stop());
const backEnds: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) backEnds.push(['PostgreSQL', () => postgres.createDatabase()]);

const [anne, bruno, chloe] = [operatorCalled('anne'), operatorCalled('bruno'), operatorCalled('chloe')];
const perimeter = {};
const rule = 'Article L. 242-1 du code des relations entre le public et l’administration';

describe.each(backEnds)('on %s', (_name, databaseUrl) => {
  let room: Room;
  let lots = 0;
  const ids = { first: '', second: '' };
  beforeAll(async () => {
    room = await openRoomIn(await databaseUrl());
  }, 120_000);
  afterAll(() => room.close());

  const request = (change: Partial<GrantRequest> = {}): GrantRequest => ({
    lot: `L-26-7K3QXWP${'0123456789ABCDEFGHJK'.charAt(lots)}`,
    organization: association,
    services: [{ service: 'docs', terms: room.terms() }],
    text: 'Convention du 2 mars 2026.',
    contact: 'contact@asso.example',
    proposedBy: anne,
    actor: bruno,
    decidedAt: room.needs.clock(),
    ...change,
  });
  const approvals = async (service = 'docs') =>
    (await room.registrations.organizationApprovals(association)).filter(
      (one) => one.service === service && one.origin === 'registration',
    );
  const mails = () =>
    room.stores.db.selectFrom('mail').select(['recipient', 'subject']).orderBy('created_at').execute();
  const opened = async (id: string) => {
    const found = await room.registrations.forOperator(id);
    if (found === undefined) throw new Error('no file');
    return found;
  };

  test.each<[string, () => Partial<GrantRequest>, ErrorCode]>([
    ['an organization that nobody knows', () => ({ organization: '999999999' }), 'M-FILE-072'],
    ['their own organization', () => ({ actor: operatorCalled('bruno', [association]) }), 'M-FILE-005'],
    [
      'the own organization of who prepared it',
      () => ({ proposedBy: operatorCalled('anne', [association]) }),
      'M-FILE-005',
    ],
    ['one person for two', () => ({ proposedBy: bruno }), 'M-FILE-004'],
    ['a number that is none', () => ({ lot: 'D-26-7K3QXWPB' }), 'M-FILE-017'],
    ['an address that is none', () => ({ contact: 'a@b\r\nBcc: c@d.example' }), 'M-FILE-017'],
    [
      'yesterday',
      () => ({ services: [{ service: 'docs', terms: room.terms({ startsOn: '2020-01-01' }) }] }),
      'M-FILE-017',
    ],
    [
      'a service that nobody declared',
      () => ({ services: [{ service: 'fax', terms: room.terms() }] }),
      'M-FILE-019',
    ],
  ])('is refused: %s', async (_, change, code) => {
    const wrong = request(change());
    await expect(room.registrations.grant(wrong)).rejects.toMatchObject({ code });
    expect(await room.registrations.previewGrant(wrong)).toMatchObject({ refused: code, before: [] });
    expect(await approvals()).toEqual([]);
  });

  test('opens the service at once, once, with the two people named', async () => {
    const asked = request();
    const preview = await room.registrations.previewGrant(asked);
    expect(preview.refused).toBeUndefined();
    const [file, again] = await Promise.all([
      room.registrations.grant(asked),
      room.registrations.grant(asked),
    ]);
    expect(again.id).toBe(file.id);
    ids.first = file.id;
    expect(file.accountId).toBeUndefined();
    expect(file.requests).toMatchObject([
      { service: 'docs', state: 'approved', decided: { author: { id: 'bruno' }, second: { id: 'anne' } } },
    ]);
    expect(await approvals()).toMatchObject([{ status: 'active', level: 'member' }]);
    const { letters } = await opened(file.id);
    expect(letters).toMatchObject([{ kind: 'grant', toPost: false }]);
    const document = letters[0]?.document;
    expect([document?.title, document?.reference]).toEqual([preview.letter?.title, file.id]);
    expect(document?.signature).toEqual(preview.letter?.signature);
    expect(await mails()).toMatchObject([{ recipient: 'contact@asso.example' }]);
    const [summary] = (await room.registrations.queue({}, { operatorId: 'anne', perimeter })).files;
    expect(summary).toMatchObject({ id: file.id, stage: 'decided', accountId: undefined });
    expect(
      await room.registrations.statistics({ from: '2020-01-01', to: '2030-01-01' }, perimeter),
    ).toMatchObject({ files: 0, requests: 0, granted: 1 });
    const records = await room.stores.db
      .selectFrom('audit_entry')
      .select(['act', 'actor', 'detail'])
      .where('subject', '=', `registration:${file.id}`)
      .execute();
    expect(records).toMatchObject([{ act: 'registration.grant', actor: 'operator:bruno' }]);
    expect(records[0]?.detail).toContain('anne');

    // Who signs in for the organization finds it; nobody else does.
    expect(await room.registrations.openedFor([association])).toMatchObject([{ id: file.id }]);
    expect(await room.registrations.openedFor(['000000109'])).toEqual([]);
    expect(await room.registrations.forOrganization(file.id, ['000000109'])).toBeUndefined();
    const shown = await room.registrations.forOrganization(file.id, [association]);
    expect(shown?.file.requests).toHaveLength(1);
    const letter = letters[0]?.id ?? '';
    await room.registrations.letterForOrganization(file.id, [association], letter);
    expect((await opened(file.id)).letters[0]?.readAt).toBeUndefined();
    const zoe = applicantOf('Zoé');
    await expect(room.registrations.letterForApplicant(file.id, zoe.accountId, letter)).rejects.toMatchObject(
      {
        code: 'M-FILE-001',
      },
    );
  });

  test('a later lot goes on from it, and never gives less', async () => {
    lots += 1;
    const former = ids.first;
    const less = request({ services: [{ service: 'docs', terms: room.terms({ level: 'guest' }) }] });
    await expect(room.registrations.grant(less)).rejects.toMatchObject({ code: 'M-FILE-073' });
    const longer = request({ services: [{ service: 'docs', terms: room.terms({ endsOn: '2028-12-31' }) }] });
    const file = await room.registrations.grant(longer);
    ids.second = file.id;
    expect((await opened(former)).file.requests).toMatchObject([{ state: 'renewed' }]);
    expect((await approvals()).filter(({ status }) => status === 'active')).toMatchObject([
      { endsOn: '2028-12-31' },
    ]);

    // Taken back by mistake of the lot: first announced, then done, and the former right lives again.
    const wrong = {
      stage: 'announce' as const,
      id: file.id,
      proposedBy: anne,
      actor: chloe,
      text: 'Erreur de liste.',
      rule,
    };
    await expect(room.registrations.takeBack({ ...wrong, actor: anne })).rejects.toMatchObject({
      code: 'M-FILE-004',
    });
    expect((await room.registrations.takeBack(wrong)).requests).toMatchObject([
      { state: 'suspension_notified' },
    ]);
    const notified = await opened(file.id);
    expect((await room.registrations.takeBack(wrong)).version).toBe(notified.file.version);
    const last = { ...wrong, stage: 'withdraw' as const };
    await expect(room.registrations.takeBack(last)).rejects.toMatchObject({ code: 'M-FILE-007' });
    await room.act(file.id, bruno, {
      act: 'answer_notice',
      service: 'docs',
      text: 'Par téléphone : d’accord.',
      receivedOn: room.terms().startsOn,
    });
    // What somebody wrote down for it does not end its days.
    await expect(room.registrations.takeBack(last)).rejects.toMatchObject({ code: 'M-FILE-007' });
    room.pass(16);
    const back = await room.registrations.takeBack(last);
    expect(back.requests).toMatchObject([
      { state: 'withdrawn_by_authority', decided: { author: { id: 'anne' }, second: { id: 'chloe' } } },
    ]);
    expect(back.taken).toBeUndefined();
    expect((await opened(former)).file.requests).toMatchObject([{ state: 'approved' }]);
    expect((await approvals()).filter(({ status }) => status === 'active')).toMatchObject([
      { endsOn: '2027-12-31' },
    ]);
    expect((await room.registrations.takeBack(last)).version).toBe(back.version);
    // Whatever is written later in the file does not end the former right again.
    await room.act(file.id, bruno, { act: 'note', text: 'Vu.' });
    expect((await opened(former)).file.requests).toMatchObject([{ state: 'approved' }]);
  });

  test('an appeal that comes by post has its receipt; another person decides', async () => {
    const id = ids.second;
    await expect(
      room.act(id, bruno, { act: 'appeal', service: 'docs', text: 'Non.', receivedOn: '2020-01-01' }),
    ).rejects.toMatchObject({ code: 'M-FILE-071' });
    await room.act(id, bruno, {
      act: 'appeal',
      service: 'docs',
      text: 'Nous contestons.',
      receivedOn: room.terms().startsOn,
    });
    const { letters } = await opened(id);
    expect(letters.at(-1)).toMatchObject({ kind: 'appeal_receipt', toPost: false });
    expect((await mails()).at(-1)).toMatchObject({ recipient: 'contact@asso.example' });
  });

  test('time reminds and ends it; whoever acts for the organization renews it as a file of theirs', async () => {
    const former = ids.first;
    const [zoe, sirens] = [applicantOf('Zoé'), [association]];
    await expect(room.registrations.startDraft(zoe, { renews: former, sirens })).rejects.toMatchObject({
      code: 'M-FILE-003',
    });
    room.goTo('2027-10-02T09:00:00Z');
    await room.registrations.turn();
    expect((await mails()).at(-1)?.subject).toContain('prend fin le 31 décembre 2027');
    await expect(
      room.registrations.startDraft(zoe, { renews: former, sirens: ['000000109'] }),
    ).rejects.toMatchObject({
      code: 'M-FILE-001',
    });
    const draft = await room.registrations.startDraft(zoe, { renews: former, sirens });
    const { content } = (await room.registrations.forApplicant(draft, zoe.accountId)) ?? {};
    expect(content).toMatchObject({ organization: association, services: [{ id: 'docs' }] });
    room.goTo('2028-01-01T09:00:00Z');
    await room.registrations.turn();
    expect((await opened(former)).file.requests).toMatchObject([{ state: 'expired' }]);
  });

  test('without an address its letters are posted, which somebody says', async () => {
    lots += 1;
    const terms = room.terms({ endsOn: '2028-12-31' });
    const before = await mails();
    const file = await room.registrations.grant(
      request({ contact: undefined, proposedBy: undefined, services: [{ service: 'tchap', terms }] }),
    );
    expect(await mails()).toEqual(before);
    const [letter] = (await opened(file.id)).letters;
    expect(letter).toMatchObject({ toPost: true, postedAt: undefined });
    await room.registrations.postedLetter(file.id, anne, letter?.id ?? '');
    await room.registrations.postedLetter(file.id, bruno, letter?.id ?? '');
    expect((await opened(file.id)).letters[0]?.postedAt).toBeDefined();
    const posted = await room.stores.db
      .selectFrom('audit_entry')
      .select('actor')
      .where('act', '=', 'letter.post')
      .execute();
    expect(posted).toEqual([{ actor: 'operator:anne' }]);

    // The urgent suspension, the end, and what is left at the end of its time.
    await room.act(file.id, chloe, {
      act: 'suspend_urgently',
      service: 'tchap',
      motive: 'security_incident',
      text: 'Un incident.',
      rule: 'Conditions d’utilisation',
    });
    expect(await approvals('tchap')).toMatchObject([{ status: 'suspended' }]);
    room.goTo('2029-01-01T09:00:00Z');
    await room.registrations.turn();
    room.goTo('2034-01-02T09:00:00Z');
    for (const job of room.registrations.purges) await job(100);
    const bare = await opened(file.id);
    expect(JSON.stringify(bare.file.events)).not.toMatch(/Convention|Rester une association|asso\.example/u);
    expect(bare.file.requests).toMatchObject([{ state: 'expired' }]);
    expect(await verifyAudit(room.stores.db)).toMatchObject({ breaks: [] });
  });
});

test('what is destroyed of a decision: conditions, reasons and address; not who decided', () => {
  const { act } = eventWithoutWords({
    actor: bruno,
    act: {
      act: 'grant',
      lot: 'L-26-7K3QXWPB',
      services: [
        {
          service: 'docs',
          terms: {
            level: 'member',
            ground: 'operator_doctrine',
            conditions: ['Une condition.'],
            startsOn: '2026-12-01',
            endsOn: '2027-12-01',
          },
        },
      ],
      text: 'Des motifs.',
      contact: 'contact@asso.example',
      proposedBy: anne,
    },
  });
  expect(JSON.stringify(act)).not.toMatch(/condition\.|motifs|asso\.example/u);
  expect(act).toMatchObject({ lot: 'L-26-7K3QXWPB', proposedBy: { id: 'anne' } });
});
