import { z } from 'zod';
import type { EphemeralStore } from './ephemeral.ts';
import { hashId, refreshAnswerPrefix } from './keys.ts';
import { graceMs } from './refresh-tokens.ts';
import { openUnder, sealUnder } from './seal-under.ts';

/** What a refresh was asked for, and what it answered. */
const answerSchema = z.object({ asked: z.string(), body: z.string() });
export type RefreshAnswer = z.output<typeof answerSchema>;

/**
 * The answers of the last refreshes, each sealed under the token that was consumed for it: who reads the store, but does
 * not hold that token, learns nothing. They are gone when the grace of that token is over.
 */
export interface RefreshAnswers {
  keep(token: string, answer: RefreshAnswer): Promise<void>;
  find(token: string): Promise<RefreshAnswer | undefined>;
}

export function createRefreshAnswers({ ephemeral }: { readonly ephemeral: EphemeralStore }): RefreshAnswers {
  const keyOf = (token: string) => refreshAnswerPrefix + hashId(token);
  return {
    keep: (token, answer) =>
      ephemeral.set(keyOf(token), sealUnder(token, JSON.stringify(answer)), graceMs / 1000),
    async find(token) {
      const sealed = await ephemeral.get(keyOf(token));
      return sealed === undefined ? undefined : answerSchema.parse(JSON.parse(openUnder(token, sealed)));
    },
  };
}
