import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { proposalSchema } from './act.ts';
import type { Act, OperatorActor, Proposal } from './act.ts';
import { apply, lastAt } from './apply.ts';
import type { Performed } from './apply.ts';
import { catchUp } from './catch-up.ts';
import type { RegistrationFile, Request } from './file.ts';
import { isSamePerson } from './guards.ts';
import { withdrawalLimit } from './legal-clock.ts';
import type { RegistrationsNeeds, RightConcerned } from './needs.ts';
import { readFile, readRow } from './open.ts';
import { refusal, unknownFile } from './refusals.ts';

export interface TakeBackRequest {
  /** A file that a lot opened. */
  readonly id: string;
  readonly proposedBy: OperatorActor;
  readonly actor: OperatorActor;
  /** Reasons in fact, and the rule (CRPA art. L211-5). */
  readonly text: string;
  readonly rule: string;
}

/** Days to answer, of every notice unless somebody says otherwise. */
const daysToAnswer = 15;

/** What taking back would do now: tell the organization that it is considered, or do it. */
const isFirst = ({ state }: Request): boolean => state === 'approved' || state === 'renewal_due';

/** The notice that announced it, and not one of something else. */
const isAnnounced = ({ events }: RegistrationFile, { service, state }: Request): boolean => {
  const notice = events
    .map(({ act }) => act)
    .findLast((act) => act.act === 'notify_suspension' && act.service === service);
  return (
    state === 'suspension_notified' &&
    notice?.act === 'notify_suspension' &&
    notice.motive === 'decision_illegal'
  );
};

/**
 * Takes back what a lot granted by mistake: the withdrawal of the lifecycle, by the same rules. It is a decision that states
 * reasons, so the organization is heard first (CRPA art. L121-1, L211-2 4°): asked for the first time, this announces it;
 * asked again once the organization has answered, or its fifteen days are over, this does it, within four months of the
 * grant (art. L242-1). Each time in one transaction, for every service of the file.
 *
 * @throws BrokerError M-FILE-001, 003 (something else has happened to the file), 004 (one person), 005 (their own
 * organization), 007 (the notice runs, or it is too late), 016 (somebody has the file in hand), 017 (malformed)
 */
export async function takeBack(needs: RegistrationsNeeds, request: TakeBackRequest): Promise<Performed> {
  const { id, proposedBy, actor } = request;
  const read = proposalSchema.safeParse({
    decision: 'withdraw',
    motive: 'decision_illegal',
    because: 'illegal',
    text: request.text,
    rule: request.rule,
  });
  if (!read.success) throw new BrokerError('M-FILE-017', { cause: read.error, detail: id.slice(0, 40) });
  const proposal = read.data;
  const seen = await readRow(needs.db, id);
  if (seen === undefined || seen.version === 0) throw unknownFile(id);
  // A right that has ended by now has ended: time comes first, in a transaction of its own.
  await catchUp(needs, id, 'wait');
  const organization =
    seen.organization === undefined ? undefined : await needs.organization(seen.organization);
  return needs.db.transaction().execute(async (trx) => {
    const row = await readRow(trx, id, 'wait');
    if (row === undefined) throw unknownFile(id);
    let file = await readFile(trx, row);
    if (file.opened === undefined) throw refusal('not_possible', id, 'confirm');
    if (isSamePerson(proposedBy, actor)) throw refusal('same_person', id, 'confirm');
    // Whoever was interrupted begins again: what is taken back already is not taken back twice.
    if (file.requests.every(({ state }) => state === 'withdrawn_by_authority'))
      return { file, rights: [], audit: [] };
    const rights: RightConcerned[] = [];
    const audit: AuditEvent[] = [];
    for (const { by, act } of stepsOf(file, { proposedBy, actor, proposal }, parisDate(needs.clock()))) {
      const current = await readRow(trx, id);
      if (current === undefined) throw unknownFile(id);
      const done = await apply(needs, trx, { row: current, file, actor: by, act, organization, ofLot: true });
      file = done.file;
      rights.push(...done.rights);
      audit.push(...done.audit);
    }
    await appendAudit(trx, lastAt(file), audit);
    return { file, rights, audit };
  });
}

interface Step {
  readonly by: OperatorActor;
  readonly act: Act;
}

function stepsOf(
  file: RegistrationFile,
  {
    proposedBy,
    actor,
    proposal,
  }: { readonly proposedBy: OperatorActor; readonly actor: OperatorActor; readonly proposal: Proposal },
  today: string,
): readonly Step[] {
  const { id, requests, taken } = file;
  const announces = requests.every(isFirst);
  if (!announces && !requests.every((request) => isAnnounced(file, request)))
    throw refusal('not_possible', id, 'confirm');
  const tooLate = requests.some(
    ({ granted }) => granted === undefined || today > withdrawalLimit(granted.on),
  );
  if (tooLate) throw refusal('too_late', id, 'confirm');
  // Who announces signs alone; who proposes holds the file, and somebody else confirms.
  const holder = announces ? actor : proposedBy;
  const { motive, text, rule } = proposal;
  const acts = requests.flatMap(({ service }): readonly Step[] =>
    announces
      ? [{ by: actor, act: { act: 'notify_suspension', service, motive, text, rule, days: daysToAnswer } }]
      : [
          { by: proposedBy, act: { act: 'propose', service, proposal } },
          { by: actor, act: { act: 'confirm', service } },
        ],
  );
  const taking: readonly Step[] = taken?.by.id === holder.id ? [] : [{ by: holder, act: { act: 'take' } }];
  return [...taking, ...acts, { by: holder, act: { act: 'release' } }];
}
