// An association may live by its RNA number alone: its file is examined, and opens nothing until it has a SIREN. Then the
// register gives it one, and what was decided reaches whoever signs in for it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRna, parseSiren } from '../organizations/organizations.ts';
import { applyOrganizations } from '../register/register.ts';
import { approvalId } from './approval-id.ts';
import { applicantOf, openRoom, reasons } from './testing/room.ts';
import type { Room } from './testing/room.ts';
import { anne, bruno, code, createStories } from './testing/stories.ts';
import { filesToLookAt } from './turn.ts';

const parsed = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('no number');
  return value;
};

describe('a file known by the number of the register of associations', () => {
  let room: Room;
  let stories: ReturnType<typeof createStories>;
  beforeAll(async () => {
    room = await openRoom();
    stories = createStories(room);
  }, 120_000);
  afterAll(() => room.close());

  type Rna = NonNullable<ReturnType<typeof parseRna>>;
  type Siren = NonNullable<ReturnType<typeof parseSiren>>;
  const sirens = [
    '900000001',
    '900000019',
    '900000027',
    '900000035',
    '900000043',
    '900000050',
    '900000068',
    '900000076',
    '900000084',
    '900000092',
  ];
  let count = 0;
  /** Each story has an association of its own, and the SIREN that it gets one day. */
  const newNumbers = () => {
    const siren = parsed(parseSiren(sirens[count] ?? ''));
    count += 1;
    return { rna: parsed(parseRna(`W5610099${String(count).padStart(2, '0')}`)), siren };
  };
  const says = (source: 'rna' | 'sirene', records: Parameters<typeof applyOrganizations>[1], day: string) =>
    applyOrganizations(room.stores.db, records, { source, asOf: day, now: room.needs.clock() });
  const declared = (rna: Rna) => says('rna', [{ rna, facts: { name: 'Amicale fictive' } }], '2026-11-01');
  const named = (siren: Siren, rna: Rna | undefined, day: string) =>
    says(
      'sirene',
      [{ siren, facts: { name: 'Amicale fictive', legalCategory: '9220', unitState: 'A', rna } }],
      day,
    );
  const approved = async (rna: string, services = ['docs']) => {
    const { id, applicant } = await stories.submitted(services, rna);
    await room.act(id, anne, { act: 'take' });
    await room.act(id, anne, stories.approve());
    return { id, applicant };
  };
  const opened = async (id: string) => parsed(await room.registrations.forOperator(id));
  const turns = async () => {
    for (let times = 0; times < 3; times += 1) await room.registrations.turn();
  };
  const startsAt = (instant: string) => {
    room.goTo(instant);
    room.rights.splice(0);
  };

  it('opens nothing without a SIREN, and its letter says how to get one', async () => {
    startsAt('2026-11-23T09:00:00Z');
    const { rna } = newNumbers();
    await declared(rna);
    const { id } = await approved(rna);
    await turns();
    const { file, held, letters } = await opened(id);
    expect(file.requests[0]?.state).toBe('approved');
    expect(held.siren).toBeUndefined();
    expect(await stories.statusOf(id)).toBeUndefined();
    const letter = letters.find(({ kind }) => kind === 'approval');
    const text = JSON.stringify(letter?.document.blocks).replaceAll('\u00a0', ' ');
    expect(text).toContain('L’accès ne s’ouvre pas encore');
    expect(text).toContain('Immatriculation d’une association');
    expect(text).toContain('Le Compte Asso');
  });

  it('opens on the day on which the register gives it a SIREN: recorded, told to its applicant, once', async () => {
    startsAt('2026-11-23T09:00:00Z');
    const { rna, siren } = newNumbers();
    await declared(rna);
    const { id, applicant } = await approved(rna);
    await named(siren, rna, '2026-12-01');
    startsAt('2026-12-01T09:00:00Z');
    await Promise.all([room.registrations, room.another()].map((one) => one.turn()));
    await turns();

    const { file, held, organization } = await opened(id);
    expect(held).toMatchObject({ siren, organization: siren, registerNumber: rna });
    expect(organization?.id).toBe(siren);
    expect(file.events.map(({ act }) => act.act)).toEqual(['submit', 'take', 'approve', 'identify']);
    expect(file.events.at(-1)).toMatchObject({
      actor: { kind: 'register' },
      act: { act: 'identify', number: rna, siren },
    });
    expect(await stories.approvals(siren)).toMatchObject([
      { id: approvalId(id, 'docs'), service: 'docs', status: 'active', endsOn: '2027-12-31' },
    ]);
    expect(room.rights).toContainEqual({ siren, service: 'docs' });
    expect(await stories.lettersOf(id)).toEqual(['receipt', 'approval', 'identification']);
    expect(await stories.mailsAbout(id)).toHaveLength(3);
    const record = await room.stores.db
      .selectFrom('audit_entry')
      .select(['act', 'actor'])
      .where('subject', '=', `registration:${id}`)
      .where('act', '=', 'registration.identify')
      .execute();
    expect(record).toEqual([{ act: 'registration.identify', actor: 'register' }]);
    expect((await room.registrations.forApplicant(id, applicant.accountId))?.file.events).toHaveLength(3);
  });

  it('is found by either number before that, by whoever looks for the organization', async () => {
    startsAt('2026-11-23T09:00:00Z');
    const { rna, siren } = newNumbers();
    await declared(rna);
    const { id, applicant } = await approved(rna);
    await named(siren, rna, '2026-11-23');
    for (const number of [rna, siren])
      expect((await room.registrations.organizationFiles(number, {})).map((file) => file.id)).toEqual([id]);
    const eve = applicantOf('Eve');
    const later = await room.draft(eve, ['tchap'], siren);
    await room.submit(later, eve);
    const { circumstances } = await opened(later);
    expect(circumstances.filers?.toSorted()).toEqual([applicant.accountId, eve.accountId].toSorted());
    expect((await room.registrations.similar(await opened(later), {})).files.map((file) => file.id)).toEqual([
      id,
    ]);
    await turns();
    for (const text of [rna, siren])
      expect(
        (await room.registrations.queue({ text }, { operatorId: 'anne', perimeter: {} })).files.map(
          (file) => file.id,
        ),
      ).toContain(id);
  });

  it('and nobody decides on a page of before: the register comes first', async () => {
    startsAt('2026-11-23T09:00:00Z');
    const { rna, siren } = newNumbers();
    await declared(rna);
    const { id } = await approved(rna);
    await named(siren, rna, '2026-11-23');
    const { version } = (await opened(id)).file;
    expect(
      await code(
        room.registrations.act({ id, seen: version, actor: anne, act: { act: 'note', text: 'Vu.' } }),
      ),
    ).toBe('M-FILE-002');
    expect((await opened(id)).held.siren).toBe(siren);
  });

  it('is examined on under its SIREN when it gets one before the decision: there is nothing to tell yet', async () => {
    startsAt('2026-11-23T09:00:00Z');
    const { rna, siren } = newNumbers();
    await declared(rna);
    const { id } = await stories.submitted(['docs'], rna);
    await named(siren, rna, '2026-11-23');
    await turns();
    expect((await opened(id)).held.siren).toBe(siren);
    await room.act(id, anne, { act: 'take' });
    await room.act(id, anne, stories.approve());
    expect(await stories.statusOf(id)).toBe('active');
    expect(await stories.lettersOf(id)).toEqual(['receipt', 'approval']);
  });

  it('opens nothing beside another right of the same organization, before that one is settled', async () => {
    startsAt('2026-11-23T09:00:00Z');
    const { rna, siren } = newNumbers();
    await declared(rna);
    const { id } = await approved(rna);
    // Under its SIREN it is another organization, as far as the register knows, and its right is in question.
    await named(siren, undefined, '2026-11-23');
    const eve = applicantOf('Eve');
    const suspended = await room.draft(eve, ['docs'], siren);
    await room.submit(suspended, eve);
    await room.act(suspended, bruno, { act: 'take' });
    await room.act(suspended, bruno, stories.approve());
    await room.act(suspended, bruno, { act: 'suspend_urgently', service: 'docs', ...reasons });
    await named(siren, rna, '2026-11-24');
    startsAt('2026-11-24T09:00:00Z');
    await turns();
    await room.act(id, anne, { act: 'note', text: 'Le SIREN est connu.' });
    expect(await stories.statusOf(id)).toBeUndefined();
    expect((await opened(id)).held.siren).toBeUndefined();
    // Nothing has changed: no turn looks at it.
    expect(await filesToLookAt(room.needs, '', 100)).not.toContain(id);

    await room.act(suspended, eve, { act: 'renounce', service: 'docs', from: '2026-11-24', text: '' });
    room.goTo('2026-11-25T09:00:00Z');
    expect(await filesToLookAt(room.needs, '', 100)).toContain(id);
    await turns();
    expect(await stories.statusOf(id)).toBe('active');
  });

  const lapsesOf = async (siren: string, id: string) =>
    (await stories.approvals(siren)).find((one) => one.id === approvalId(id, 'docs'))?.lapses;
  /** A right that has ended by itself on 31 January 2027, of an association that has a SIREN. */
  const ended = async (rna: Rna, siren: Siren) => {
    startsAt('2026-11-23T09:00:00Z');
    await declared(rna);
    const { id } = await stories.submitted(['docs'], rna);
    await room.act(id, anne, { act: 'take' });
    await room.act(id, anne, stories.approve({ endsOn: '2027-01-31' }));
    await named(siren, rna, '2026-11-23');
    await turns();
    startsAt('2027-02-01T09:00:00Z');
    await turns();
    expect(await lapsesOf(siren, id)).toBe(true);
    return { id };
  };

  it('takes what goes on after its last day along to another SIREN, and no further than it went', async () => {
    const { rna, siren } = newNumbers();
    const other = newNumbers().siren;
    const { id } = await ended(rna, siren);
    await named(siren, undefined, '2027-02-01');
    await named(other, rna, '2027-02-01');
    await turns();
    expect([await lapsesOf(siren, id), await lapsesOf(other, id)]).toEqual([undefined, true]);
    expect(room.rights).toContainEqual({ siren, service: 'docs' });
    await room.stores.db
      .updateTable('approval')
      .set({ lapses: false })
      .where('id', '=', approvalId(id, 'docs'))
      .execute();
    await named(other, undefined, '2027-02-02');
    await named(siren, rna, '2027-02-02');
    startsAt('2027-02-02T09:00:00Z');
    await turns();
    expect([await lapsesOf(siren, id), await lapsesOf(other, id)]).toEqual([false, undefined]);
  });

  it('does not go on again when its SIREN comes back, once a later right was taken away', async () => {
    const { rna, siren } = newNumbers();
    const { id } = await ended(rna, siren);
    const eve = applicantOf('Eve');
    const later = await room.draft(eve, ['docs'], siren);
    await room.submit(later, eve);
    await room.act(later, bruno, { act: 'take' });
    await room.act(later, bruno, stories.approve());
    await room.act(later, bruno, { act: 'suspend_urgently', service: 'docs', ...reasons });
    expect(await lapsesOf(siren, id)).toBe(false);
    for (const [day, number] of [
      ['2027-02-02', undefined],
      ['2027-02-03', rna],
    ] as const) {
      await named(siren, number, day);
      startsAt(`${day}T09:00:00Z`);
      await turns();
    }
    expect(await lapsesOf(siren, id)).toBe(false);
  });

  it('closes again when the register separates what it had joined', async () => {
    startsAt('2026-11-23T09:00:00Z');
    const { rna, siren } = newNumbers();
    await declared(rna);
    const { id } = await approved(rna);
    await named(siren, rna, '2026-11-23');
    await turns();
    expect(await stories.statusOf(id)).toBe('active');
    await named(siren, undefined, '2026-11-24');
    startsAt('2026-11-24T09:00:00Z');
    await turns();
    expect(await stories.statusOf(id)).toBeUndefined();
    expect(room.rights).toContainEqual({ siren, service: 'docs' });
    expect((await opened(id)).held).toMatchObject({ siren: undefined, organization: rna });
    expect(await stories.lettersOf(id)).toEqual(['receipt', 'approval', 'identification', 'identification']);
    await turns();
    expect((await opened(id)).file.events).toHaveLength(5);
  });
});
