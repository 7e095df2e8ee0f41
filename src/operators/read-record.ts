import type { Clock } from '../config/config.ts';
import type { EphemeralStore } from '../storage/storage.ts';
import type { ActingOperator } from './actor.ts';

/** Somebody who works on a file opens it many times: once an hour says that they read it. */
const lifetimeSeconds = 3600;

export interface ReadEntry {
  readonly act: 'file.read' | 'letter.read' | 'organization.read' | 'organization.people' | 'batch.read';
  readonly subject: string;
  readonly after?: Readonly<Record<string, string>>;
}

export type RecordRead = (actor: ActingOperator, entry: ReadEntry) => Promise<void>;

/** Nobody reads the personal data of a file, a letter or an organization without a trace of it (RGPD art. 5, 2 and 32). */
export function createReadRecord({
  ephemeral,
  record,
  clock,
}: {
  readonly ephemeral: Pick<EphemeralStore, 'setIfAbsent' | 'delete'>;
  readonly record: (at: Date, entry: ReadEntry & { readonly actor: ActingOperator }) => Promise<void>;
  readonly clock: Clock;
}): RecordRead {
  return async (actor, entry) => {
    const { act, subject, after } = entry;
    const key = `operator-read:${JSON.stringify([actor.id, act, subject, after?.['letter']])}`;
    if (!(await ephemeral.setIfAbsent(key, '1', lifetimeSeconds))) return;
    try {
      await record(clock(), { ...entry, actor });
    } catch (error) {
      await ephemeral.delete(key);
      throw error;
    }
  };
}
