import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import type { OrganizationPage } from '../register/register.ts';
import type { ApprovalHeld, LetterDocument, OperatorActor } from '../registrations/registrations.ts';
import { termsFor, writtenReasons } from './decision.ts';
import type { DryRun, Viewer } from './examine.ts';
import type { BatchesNeeds } from './needs.ts';
import type { Newcomer } from './newcomer.ts';
import type { Batch, KeptLine } from './rows.ts';
import { typedDay } from './typed-day.ts';

/** What one line would send: nothing is sent that could not be read before. */
export interface LetterOfLine {
  readonly line: number;
  readonly name: string;
  readonly email: string | undefined;
  readonly letter: LetterDocument | undefined;
  /** Why there is none. */
  readonly refused: ErrorCode | undefined;
  readonly before: readonly ApprovalHeld[];
}

interface InFront {
  readonly batch: Batch;
  readonly run: DryRun | undefined;
  readonly lines: readonly KeptLine[];
}

/** Which letter of a taking back a line waits for: the notice until it went out, then the withdrawal. */
export const waitsFor = (
  { state }: Batch,
  { outcome, registration }: KeptLine,
): 'announce' | 'withdraw' | undefined => {
  if (registration === undefined) return undefined;
  if (state === 'undo_proposed' && outcome === 'done') return 'announce';
  return state === 'announced' && outcome === 'notified' ? 'withdraw' : undefined;
};

/**
 * Signed by whoever would decide: of what waits for a second person, by whoever looks when they are not the first.
 *
 * @throws BrokerError M-BULK-001 for a line that sends nothing
 */
export async function letterOf(
  needs: BatchesNeeds,
  { batch, run, lines }: InFront,
  { actor }: Viewer,
  line: number,
): Promise<LetterOfLine> {
  const kept = lines.find((one) => one.line === line);
  const stage = kept === undefined ? undefined : waitsFor(batch, kept);
  if (kept !== undefined && stage !== undefined) return takingBack(needs, batch, kept, { stage, actor });
  const found = run?.judged.find((one) => one.line === line);
  const organization = found?.organization;
  if (found === undefined || organization === undefined || found.changes.length === 0)
    throw new BrokerError('M-BULK-001', { detail: `${batch.id}: no letter for line ${line}` });
  const own = typedDay(found.cells.endsOn);
  const now = needs.clock();
  const terms = termsFor(batch.decision, parisDate(now), own);
  const { letter, refused, before } = await needs.registrations.previewGrant({
    lot: batch.id,
    organization: organization.id,
    services: found.changes.map(({ service }) => ({ service, terms })),
    text: writtenReasons(batch.decision),
    contact: found.email,
    decidedAt: now,
    ...(found.newcomer !== undefined && { newcomer: asRegistered(found.newcomer, parisDate(now)) }),
    ...(batch.author.id !== actor.id && { proposedBy: batch.author }),
    actor,
  });
  return { line, name: organization.name, email: found.email, letter, refused, before };
}

/** As the register will hold it. */
const asRegistered = ({ organization }: Newcomer, today: string): OrganizationPage => ({
  ...organization,
  origins: {},
  flags: [],
  source: 'organizations',
  sourceDate: today,
});

async function takingBack(
  { registrations }: BatchesNeeds,
  { id, undo }: Batch,
  { line, name, registration }: KeptLine,
  { stage, actor }: { readonly stage: 'announce' | 'withdraw'; readonly actor: OperatorActor },
): Promise<LetterOfLine> {
  const opened = registration === undefined ? undefined : await registrations.forOperator(registration);
  if (opened === undefined || undo === undefined)
    throw new BrokerError('M-BULK-001', { detail: `${id}: no letter for line ${line}` });
  const { author: proposedBy, text, rule } = undo;
  const letter = registrations.previewTakeBack(opened, { stage, proposedBy, actor, text, rule });
  return {
    line,
    name: name ?? opened.file.id,
    email: opened.file.opened?.contact,
    letter,
    refused: letter === undefined ? 'M-FILE-003' : undefined,
    before: [],
  };
}
