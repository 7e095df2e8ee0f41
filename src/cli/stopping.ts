import type { Surroundings } from './surroundings.ts';

/** How long requests under way may take to end once somebody asked to stop, in ms. */
const patience = 15_000;

/**
 * Waits until somebody asks to stop, then closes. A second request, or a close that takes too long, leaves at once:
 * nothing is lost, since what must be kept is written before each answer.
 */
export async function untilStopped(
  { onStopRequest, exitNow, printError }: Surroundings,
  close: () => Promise<void>,
): Promise<void> {
  const asked = Promise.withResolvers<undefined>();
  let requests = 0;
  onStopRequest(() => {
    requests += 1;
    if (requests > 1) exitNow(130);
    asked.resolve(undefined);
  });
  await asked.promise;
  const late = setTimeout(() => {
    printError('maillon: stopped before every request had ended.');
    exitNow(1);
  }, patience);
  await close();
  clearTimeout(late);
}
