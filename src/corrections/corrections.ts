/**
 * corrections/: exceptions, which two people make.
 *
 * What it does: an operator's correction of a fact of the register that rights follow from (register/correctable.ts says
 * which: what the organization is, public service, inhabitants…) opens services without an approval. It waits here until a
 * second person, in charge and of another organization, confirms or declines it, having seen what it opens and closes.
 * Its end waits alike, but when it only closes: safety waits for nobody. Corrections of other facts are made at once.
 *
 * Flow: operators/ (pages) or cli/ (`maillon registry correct`) ──▶ propose.ts: who may (own.ts), what it would do
 * (register: foreseeCorrection ──▶ effect.ts: the same `decide()` as a login), row, mails and audit entry in one
 * transaction ──▶ answer.ts, by a second person (rules.ts, pure): judged again, then the register's own correction in that
 * transaction ──▶ onFactsChanged(): what was issued under rights that are gone ends.
 *
 * May import: identity, declarations, register, eligibility, organizations, http (mails), audit, mail, storage, config,
 * errors. It knows no roles: `inCharge` says who may decide on an organization today.
 */
import type { ForeseenCorrection } from '../register/register.ts';
import { answerCorrection, foreseenOf } from './answer.ts';
import type { CorrectionAnswered } from './answer.ts';
import { effectOf, endsAlone, shownDigest } from './effect.ts';
import type { ServiceEffect } from './effect.ts';
import { authorOf } from './needs.ts';
import type { CorrectionsNeeds, CorrectorAtWork } from './needs.ts';
import { isOwn, ownAmong } from './own.ts';
import { proposeCorrection } from './propose.ts';
import type { CorrectionAsked, Proposed } from './propose.ts';
import { readCorrection, readCorrections } from './proposals.ts';
import type { CorrectionProposal } from './proposals.ts';
import { possibleCorrectionAnswers } from './rules.ts';
import type { CorrectionAnswer } from './rules.ts';
import { rulesFor } from './rules-for.ts';

export type { ServiceEffect } from './effect.ts';
export type { CorrectionsNeeds, Corrector, CorrectorAtWork } from './needs.ts';
export { proposeCorrection } from './propose.ts';
export type { CorrectionAsked, Proposed } from './propose.ts';
export type { CorrectionProposal } from './proposals.ts';
export type { CorrectionAnswer, CorrectionKind, CorrectionState } from './rules.ts';

/** What an exception would do, told before anybody does it. */
export interface CorrectionShown {
  readonly foreseen: ForeseenCorrection;
  /** Undefined while nobody can sign in for the organization. */
  readonly effect: readonly ServiceEffect[] | undefined;
  /** One person is enough to end it. */
  readonly atOnce: boolean;
  readonly digest: string;
}

export interface Corrections {
  /** Those that wait, or every one about an organization; the newest first. */
  list(organization?: string): Promise<readonly CorrectionProposal[]>;
  /** @throws BrokerError M-FILE-001 */
  get(id: string): Promise<CorrectionProposal>;
  /** What a fact is now, and who says so. */
  readonly now: CorrectionsNeeds['factNow'];
  /** @throws BrokerError M-REGI-001 when it could not be done */
  show(asked: Omit<CorrectionAsked, 'seen'> | CorrectionProposal): Promise<CorrectionShown>;
  /** What this person may answer; nothing to an organization of their own. */
  answers(proposal: CorrectionProposal, person: CorrectorAtWork): Promise<readonly CorrectionAnswer[]>;
  /** Which of them this person may confirm: ids. */
  confirmable(
    proposals: readonly CorrectionProposal[],
    person: CorrectorAtWork,
  ): Promise<ReadonlySet<string>>;
  /** Whether the organization is the person's own. */
  isOwn(organization: string, person: CorrectorAtWork): Promise<boolean>;
  /** Whether whoever proposed it may still do so. */
  stillInCharge(proposal: CorrectionProposal): Promise<boolean>;
  propose(asked: CorrectionAsked): Promise<Proposed>;
  answer(asked: CorrectionAnswered): Promise<CorrectionProposal>;
}

export function createCorrections(needs: CorrectionsNeeds): Corrections {
  const { db, clock } = needs;
  const own = (organization: string, { operator, actor }: CorrectorAtWork): Promise<boolean> =>
    isOwn(db, organization, operator, { snapshot: needs.snapshot(), actor });

  return {
    list: (organization) => readCorrections(db, { organization }),
    get: (id) => readCorrection(db, id),
    now: needs.factNow,
    async show(asked) {
      const foreseen = await ('by' in asked
        ? needs.foresee(db, { ...asked, author: authorOf(asked.by), now: clock() })
        : foreseenOf(needs, db, asked, clock()));
      const effect = effectOf(foreseen, await rulesFor(needs, foreseen.siren));
      const atOnce = endsAlone(asked, effect);
      return { foreseen, effect, atOnce, digest: shownDigest(foreseen, effect) };
    },
    answers: async (proposal, person) =>
      possibleCorrectionAnswers(proposal, {
        ...person.operator,
        own: await own(proposal.organization, person),
      }),
    async confirmable(proposals, person) {
      const theirs = await ownAmong(
        db,
        proposals.map(({ organization }) => organization),
        person.operator,
        { snapshot: needs.snapshot(), actor: person.actor },
      );
      const may = proposals.filter((one) =>
        possibleCorrectionAnswers(one, { ...person.operator, own: theirs.has(one.organization) }).includes(
          'confirm',
        ),
      );
      return new Set(may.map(({ id }) => id));
    },
    isOwn: own,
    stillInCharge: async ({ authorId, organization }) =>
      authorId === undefined || (await needs.inCharge(organization)).some(({ id }) => id === authorId),
    propose: (asked) => proposeCorrection(needs, asked),
    answer: (asked) => answerCorrection(needs, asked),
  };
}
