import { BrokerError } from '../errors/errors.ts';
import { changedContent, draftContentSchema } from '../registrations/registrations.ts';
import type { DraftContent, Opened } from '../registrations/registrations.ts';
import type { ApplicantNeeds } from './needs.ts';
import { digestOfStep } from './steps.ts';
import type { Step } from './steps.ts';
import type { Visit } from './visit.ts';

export interface PartKept {
  /** `stale`: another tab changed the same step since the page was read. `too_long`: more than a draft may hold. */
  readonly outcome: 'kept' | 'stale' | 'too_long';
  /** As it is now. */
  readonly opened: Opened;
}

/** As many tabs as nobody has. */
const attempts = 5;

/**
 * Keeps what one step says. What another tab wrote in another step meanwhile stays; what it wrote in this one is not
 * replaced without a word.
 *
 * @param seen what the page showed of this step; null for a form that does not say it
 */
export async function keepPart(
  { registrations }: Pick<ApplicantNeeds, 'registrations'>,
  { opened, visitor }: Visit,
  change: { readonly step: Step; readonly part: Partial<DraftContent>; readonly seen: string | null },
): Promise<PartKept> {
  const { step, part, seen } = change;
  const { id } = opened.file;
  const reread = async (): Promise<Opened> =>
    (await registrations.forApplicant(id, visitor.accountId)) ?? opened;
  let now = opened;
  for (let attempt = 1; ; attempt += 1) {
    const content = draftContentSchema.safeParse(changedContent(now.content, part)).data;
    if (content === undefined) return { outcome: 'too_long', opened: now };
    const same = digestOfStep(content, step) === digestOfStep(now.content, step);
    if (!same && seen !== null && seen !== digestOfStep(now.content, step))
      return { outcome: 'stale', opened: now };
    try {
      await registrations.saveDraft(id, visitor.accountId, content, now.content);
      return { outcome: 'kept', opened: await reread() };
    } catch (error) {
      const raced = error instanceof BrokerError && error.code === 'M-FILE-002';
      if (!raced || attempt === attempts) throw error;
      now = await reread();
    }
  }
}
