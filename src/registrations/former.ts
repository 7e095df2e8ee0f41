import type { Kysely } from 'kysely';
import type { AuditEvent } from '../audit/audit.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import type { Act } from './act.ts';
import type { Applying, Performed } from './apply.ts';
import { isAhead } from './clocks.ts';
import { among, inForce } from './file.ts';
import type { RegistrationFile, Request } from './file.ts';
import { heldBackOf } from './held-back.ts';
import type { RegistrationsNeeds, RightConcerned } from './needs.ts';
import { readFile, readRow } from './open.ts';

type Apply = (needs: RegistrationsNeeds, trx: Kysely<Database>, applying: Applying) => Promise<Performed>;

/**
 * Of what this file renews: whatever has begun to be renewed by now ends, in the same transaction, so that a right has no
 * gap and is never held twice; and what it renewed lives again once the renewal is taken back, which is then deemed never
 * to have been (CRPA art. L240-1). Locks go from the newer file to the former one, never back.
 */
export async function settleFormer(
  needs: RegistrationsNeeds,
  trx: Kysely<Database>,
  { renews, file, at }: { readonly renews: string; readonly file: RegistrationFile; readonly at: Date },
  apply: Apply,
): Promise<Pick<Performed, 'rights' | 'audit'>> {
  const today = parisDate(at);
  const begun = file.requests.filter(
    ({ state, granted, terms }) =>
      state !== 'renounced' && granted !== undefined && terms !== undefined && terms.startsOn <= today,
  );
  const row = begun.length === 0 ? undefined : await readRow(trx, renews, 'wait');
  if (row === undefined) return { rights: [], audit: [] };
  let former = await readFile(trx, row);
  // Written by a clock that was wrong: it waits, and whoever acts on the newer file does not.
  if (isAhead(former.events.at(-1)?.at ?? new Date(0), needs.clock())) return { rights: [], audit: [] };
  const heldBack = await heldBackOf(trx, renews, file);
  const rights: RightConcerned[] = [];
  const audit: AuditEvent[] = [];
  for (const request of begun) {
    const act = isTakenBack(request)
      ? revival(former, request, file.id, today)
      : heldBack.has(request.service)
        ? undefined
        : renewal(former, request, file.id);
    if (act === undefined) continue;
    const done = await apply(needs, trx, {
      row: { ...row, renews: undefined },
      file: former,
      actor: { kind: 'clock' },
      act,
      organization: undefined,
    });
    former = done.file;
    rights.push(...done.rights);
    audit.push(...done.audit);
  }
  return { rights, audit };
}

/** Whatever appeal waits beside it, against this or against what was decided before. */
export const isTakenBack = ({ decided, appeal }: Request): boolean =>
  [decided, appeal?.against].some((one) => one?.as === 'withdrawn_by_authority');

/** What was ended by a decision is not renewed: the new right stands by itself. */
function renewal(former: RegistrationFile, { service }: Request, registration: string): Act | undefined {
  const state = former.requests.find((request) => request.service === service)?.state;
  const isRenewed = state !== undefined && (among(inForce, state) || state === 'expired');
  return isRenewed ? { act: 'renewed_by', service, registration } : undefined;
}

function revival(
  former: RegistrationFile,
  { service }: Request,
  registration: string,
  today: string,
): Act | undefined {
  const request = former.requests.find((one) => one.service === service);
  if (request?.state !== 'renewed' || (request.terms?.endsOn ?? '') < today) return undefined;
  const by = former.events
    .map(({ act }) => act)
    .findLast((act) => act.act === 'renewed_by' && act.service === service);
  return by?.act === 'renewed_by' && by.registration === registration
    ? { act: 'revive', service, registration }
    : undefined;
}
