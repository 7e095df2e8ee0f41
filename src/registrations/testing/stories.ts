import { createApprovals } from '../../eligibility/eligibility.ts';
import { BrokerError } from '../../errors/errors.ts';
import type { Act } from '../act.ts';
import { changedContent } from '../registrations.ts';
import { applicantOf, association, operatorCalled, reasons } from './room.ts';
import type { Room } from './room.ts';

export const anne = operatorCalled('anne');
export const bruno = operatorCalled('bruno');
export const chloe = operatorCalled('chloe');

export const refuse: Act = {
  act: 'propose',
  service: 'docs',
  proposal: { decision: 'refuse', ...reasons },
};
export const confirm: Act = { act: 'confirm', service: 'docs' };

/** Code of the error of ours with which this fails; undefined when it does not. */
export const code = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof BrokerError) return error.code;
      throw error;
    },
  );

/** What most tests begin with, and look at in the end. */
export function createStories(room: Room) {
  const approvals = async (siren = association) =>
    createApprovals({ db: room.stores.db, clock: () => new Date(), ttlMs: 0 }).forSiren(siren);
  const statusOf = async (id: string) => {
    const { db } = room.stores;
    const own = db.selectFrom('approval').select('status').where('id', '=', `${id.toLowerCase()}-docs`);
    return (await own.executeTakeFirst())?.status;
  };
  const mailsAbout = async (id: string) =>
    (
      await room.stores.db
        .selectFrom('mail')
        .select('subject')
        .where('about', '=', `registration:${id}`)
        .orderBy('created_at')
        .execute()
    ).map(({ subject }) => subject);
  const lettersOf = async (id: string) =>
    (await room.registrations.forOperator(id))?.letters.map(({ kind }) => kind);
  /** What the tests before asked for is not pending any more, and what they were granted is no right. */
  const settled = async () => {
    const { db } = room.stores;
    await db
      .updateTable('registration_request')
      .set({ state: 'withdrawn', proposed: false, due_on: null })
      .execute();
    await db.deleteFrom('approval').where('origin', '=', 'registration').execute();
  };
  const submitted = async (services = ['docs'], organization = association) => {
    await settled();
    const applicant = applicantOf('Ada');
    const id = await room.draft(applicant, services, organization);
    await room.submit(id, applicant);
    return { id, applicant };
  };
  const taken = async (services = ['docs']) => {
    const file = await submitted(services);
    await room.act(file.id, anne, { act: 'take' });
    return file;
  };
  const approve = (change = {}): Act => ({
    act: 'approve',
    service: 'docs',
    terms: room.terms(change),
    text: 'L’association remplit les conditions.',
  });
  const approved = async (change = {}) => {
    const file = await taken();
    await room.act(file.id, anne, approve(change));
    return file;
  };

  /** A right that ends in January, and its renewal, sent and taken by Bruno; with what grants it. */
  const renewed = async (startsOn = '2027-02-01', askedOn = '2026-11-23') => {
    const { id, applicant } = await approved({ endsOn: '2027-01-31' });
    // Its last ninety days have begun.
    room.goTo(`${askedOn}T09:00:00Z`);
    await room.registrations.turn();
    const renewal = await room.registrations.startDraft(applicant, { renews: id });
    const draft = await room.registrations.forApplicant(renewal, applicant.accountId);
    if (draft === undefined) throw new Error('no draft');
    const now = `${askedOn}T09:00:00Z`;
    const services = draft.content.services.map((one) => ({ ...one, termsAcceptedAt: now }));
    const content = { ...changedContent(draft.content, { services }), declaredAt: now };
    await room.registrations.saveDraft(renewal, applicant.accountId, content);
    await room.submit(renewal, applicant);
    await room.act(renewal, bruno, { act: 'take' });
    const grant = approve({ startsOn, endsOn: '2028-01-31' });
    return { id, applicant, renewal, grant };
  };

  /** The organization has taken away from this account that it acts for it. */
  const revoked = async (accountId: string, siren = association) => {
    const { db } = room.stores;
    const now = room.needs.clock();
    await db.insertInto('account').values({ id: accountId, created_at: now, blocked_at: null }).execute();
    await db
      .insertInto('membership')
      .values({
        account_id: accountId,
        siren,
        siret: `${siren}00010`,
        idp_id: 'demo',
        origin: 'idp',
        level: 'declared',
        method: 'x',
        first_seen_at: now,
        last_seen_at: now,
        revoked_at: now,
        revoked_by: 'operator:anne',
      })
      .execute();
  };
  return {
    renewed,
    revoked,
    approvals,
    statusOf,
    mailsAbout,
    lettersOf,
    settled,
    submitted,
    taken,
    approve,
    approved,
  };
}
