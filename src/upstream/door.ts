import { setTimeout as sleep } from 'node:timers/promises';
import { customFetch } from 'openid-client';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Connection } from './connection.ts';
import { AnsweredStatus } from './guarded-fetch.ts';

/** Milliseconds after something of an IdP was heard, during which nobody asks whether it is there. */
export const heardFor = 2_000;
/** Milliseconds that a person waits to know whether it is there; thrice its usual time, when that is more. */
const patience = 1_000;
/** Waited for in so many slices: of a time when this process stood still, one is counted. */
const slices = 10;

/**
 * The authorization endpoint of one IdP, as it is seen from here. A browser does not come back from a server that is gone,
 * so that nobody is sent to one that answered before and does not now. One that never answered us says nothing: it may be
 * one that browsers alone can reach.
 */
export interface Door {
  /** Whether it has ever answered us. */
  readonly isKnown: () => boolean;
  /** Asks now; any answer but 5xx will do, since we say nothing that it could understand. Never rejects. */
  readonly knock: (connection: Connection | undefined, idp: IdentityProvider) => Promise<boolean>;
  /** Whether somebody may be sent there: known a moment ago, or asked now, within about a second. Never rejects. */
  readonly letsIn: (connection: Connection, idp: IdentityProvider) => Promise<boolean>;
  /** Something of it answered, or nothing came back where it should have. */
  readonly note: (answered: boolean) => void;
}

interface Knock {
  readonly answer: Promise<boolean>;
  /** Resolves when a person has waited for it long enough. */
  readonly late: Promise<false>;
}

export function createDoor(now: () => number): Door {
  let heardAt = Number.NEGATIVE_INFINITY;
  let isKnown = false;
  let usualMs = 0;
  let underWay: Knock | undefined;

  async function ask(connection: Connection | undefined, idp: IdentityProvider): Promise<boolean> {
    const href = connection?.config.serverMetadata().authorization_endpoint;
    const fetch = connection?.config[customFetch];
    if (href === undefined || fetch === undefined) return false;
    const startedAt = performance.now();
    const signal = AbortSignal.timeout(Math.ceil(idp.timeout_s * 1000));
    const answers = await fetch(href, {
      method: 'HEAD',
      headers: {},
      body: undefined,
      redirect: 'manual',
      signal,
    }).then(() => true, isAnswer);
    if (answers) {
      isKnown = true;
      usualMs = performance.now() - startedAt;
    }
    note(answers);
    return answers;
  }

  function begin(...asked: Parameters<typeof ask>): Knock {
    const answer = ask(...asked).finally(() => {
      underWay = undefined;
    });
    return { answer, late: awake(Math.max(patience, 3 * usualMs)).then(() => false) };
  }

  function note(answered: boolean): void {
    heardAt = answered ? now() : Number.NEGATIVE_INFINITY;
  }

  return {
    isKnown: () => isKnown,
    note,
    knock: (connection, idp) => (underWay ??= begin(connection, idp)).answer,
    async letsIn(connection, idp) {
      if (!isKnown || now() - heardAt < heardFor) return true;
      underWay ??= begin(connection, idp);
      return Promise.race([underWay.answer, underWay.late]);
    },
  };
}

/** Whatever is wrong with it. Asked too often it is there too: perhaps somebody had us ask. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof BrokerError && (!isSilence(error) || wasAskedTooOften(error));

/** Nothing came back, or too late. */
const isSilence = ({ code }: BrokerError): boolean => code === 'M-UPST-001' || code === 'M-UPST-046';

const wasAskedTooOften = ({ cause }: BrokerError): boolean =>
  cause instanceof AnsweredStatus && cause.status === 429;

async function awake(ms: number): Promise<void> {
  for (let slice = 0; slice < slices; slice += 1) await sleep(ms / slices, undefined, { ref: false });
}
