import { isDeepStrictEqual } from 'node:util';
import { isAppealPending } from '../appeals.ts';
import type { RegistrationFile } from '../file.ts';

/** An appeal suspends nothing (CJA art. L4), nor gives anything: beside a right, it leaves it as it was. */
export const appealChangesNothing = (before: RegistrationFile, after: RegistrationFile): boolean =>
  after.requests.every((has, index) => {
    const had = before.requests[index];
    if (isDeepStrictEqual(has, had)) return true;
    return (
      isAppealPending(has) &&
      (has.state === 'appealed' || isDeepStrictEqual(has, { ...had, appeal: has.appeal }))
    );
  });
