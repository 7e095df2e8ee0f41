import type { OperatorAtWork } from '../appointments/appointments.ts';
import type { Registrations } from '../registrations/registrations.ts';

/**
 * The files of somebody who was removed are free for others at once. One that changes at this very moment is left: whoever
 * wants it takes it half an hour later all the same.
 */
export async function letGoFiles(
  registrations: Pick<Registrations, 'queue' | 'act'>,
  operatorId: string,
  actor: OperatorAtWork['actor'],
): Promise<void> {
  const failures: unknown[] = [];
  const tried = new Set<string>();
  for (;;) {
    // One page at a time, always the first: what was let go is no longer there.
    const { files } = await registrations.queue({ taken: 'me' }, { operatorId, perimeter: {} });
    const next = files.filter(({ id }) => !tried.has(id));
    if (next.length === 0) break;
    for (const { id, version } of next) {
      tried.add(id);
      try {
        await registrations.act({ id, seen: version, actor, act: { act: 'release', of: operatorId } });
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `files of ${operatorId}`);
}
