import { examined } from '../registrations/registrations.ts';
import type { RegistrationFile, Request } from '../registrations/registrations.ts';

/** Whom the file was transferred to, while the answer is awaited: it comes from there (CRPA art. L114-2). Pure. */
export function transferredTo(
  { events }: Pick<RegistrationFile, 'events'>,
  requests: readonly Pick<Request, 'state'>[],
): string | undefined {
  if (!requests.some(({ state }) => examined.some((one) => one === state))) return undefined;
  const last = events.findLast(({ act }) => act.act === 'transfer')?.act;
  return last?.act === 'transfer' ? last.to : undefined;
}
