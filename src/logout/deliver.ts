import type { GuardedFetch } from '../http/http.ts';
import type { Answer } from './attempts.ts';

export interface Message {
  /** Where the tool wants to be told, as it is declared now. */
  readonly uri: string;
  /** A logout token, signed (and encrypted when the tool wants it) for this attempt: it lives two minutes at most. */
  readonly token: string;
}

/** Undefined when the tool is no longer declared, or no longer wants to be told. */
export type MessageOf = (departure: {
  readonly clientId: string;
  readonly accountId: string;
  readonly sid: string | undefined;
}) => Promise<Message | undefined>;

/** Posts a logout token (Back-Channel Logout §2.5). Never rejects: whatever happened is an answer. */
export async function deliver(fetch: GuardedFetch, { uri, token }: Message): Promise<Answer> {
  try {
    const { status } = await fetch(uri, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
    });
    return status === 200 || status === 204 ? { status } : { status, problem: `HTTP ${status}` };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

export const problemOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 500);
