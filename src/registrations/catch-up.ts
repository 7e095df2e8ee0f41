import type { Kysely } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import type { OrganizationPage } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { Act, Actor } from './act.ts';
import { apply, followFormer, lastAt } from './apply.ts';
import type { Performed } from './apply.ts';
import { checkClock } from './clocks.ts';
import { silenceOf } from './due.ts';
import { among, inForce, suspended } from './file.ts';
import type { RegistrationFile } from './file.ts';
import { identification } from './identified.ts';
import { organizationOf } from './organization-of.ts';
import { dueByNow } from './lifecycle.ts';
import type { RegistrationsNeeds, RightConcerned } from './needs.ts';
import { readFile, readRow } from './open.ts';

/** Whether time has decided or ended something that the file does not say yet. */
export const isBehind = (needs: RegistrationsNeeds, file: RegistrationFile): boolean =>
  dueNow(needs, file).some(({ act }) => act === 'silence' || act === 'expire');

const dueNow = ({ clock, silence }: RegistrationsNeeds, file: RegistrationFile): readonly Act[] =>
  dueByNow(file, clock(), { silence: silenceOf(file, silence), organizationSiren: undefined });

/**
 * What time and the register have brought about in one file, once, whatever the number of processes that try.
 *
 * @param lock `skip`: whoever holds the file does it, or the next turn does
 * @returns undefined when there was nothing to do
 * @throws BrokerError M-FILE-007 while the clock of this process is not the one of the database
 */
export async function catchUp(
  needs: RegistrationsNeeds,
  id: string,
  lock: 'wait' | 'skip',
): Promise<Performed | undefined> {
  await checkClock(needs);
  const seen = await readRow(needs.db, id);
  const organization = seen && (await organizationOf(needs, seen));
  return needs.db.transaction().execute(async (trx) => {
    const row = await readRow(trx, id, lock);
    if (row === undefined || row.version === 0) return undefined;
    let file = await readFile(trx, row);
    const rights: RightConcerned[] = [];
    const audit: AuditEvent[] = [];
    const keep = (done: Pick<Performed, 'rights' | 'audit'>): void => {
      rights.push(...done.rights);
      audit.push(...done.audit);
    };
    const renewed = await renewedElsewhere(trx, id);
    for (;;) {
      const next = nextAct(needs, file, renewed, organization);
      if (next === undefined) break;
      const done = await apply(needs, trx, { row, file, ...next, organization });
      file = done.file;
      keep(done);
    }
    const identify = await identification(trx, { row, file }, organization, parisDate(needs.clock()));
    if (identify !== undefined) {
      const actor: Actor = { kind: 'register' };
      const done = await apply(needs, trx, { row, file, actor, act: identify, organization });
      file = done.file;
      keep(done);
    }
    if (row.renews !== undefined)
      keep(await followFormer(needs, trx, { renews: row.renews, file, at: needs.clock() }));
    if (audit.length === 0) return undefined;
    await appendAudit(trx, lastAt(file), audit);
    return { file, rights, audit };
  });
}

function nextAct(
  needs: RegistrationsNeeds,
  file: RegistrationFile,
  renewed: ReadonlySet<string>,
  organization: OrganizationPage | undefined,
): { readonly actor: Actor; readonly act: Act } | undefined {
  // Whoever has already renewed is not told to.
  const due = dueNow(needs, file).find((act) => act.act !== 'remind' || !renewed.has(act.service));
  if (due !== undefined) return { actor: { kind: 'clock' }, act: due };
  if (organization?.active !== false) return undefined;
  const ceased = file.requests.find(({ state }) => among(inForce, state) || among(suspended, state));
  return (
    ceased && {
      actor: { kind: 'register' },
      act: {
        act: 'close',
        service: ceased.service,
        text: 'Le registre public indique que l’organisation a cessé son activité.',
      },
    }
  );
}

/** Services that a later file was granted, whether its days have begun or not. */
async function renewedElsewhere(trx: Kysely<Database>, id: string): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('registration')
    .innerJoin('registration_request', 'registration_request.registration_id', 'registration.id')
    .select('registration_request.service_id as service')
    .where('registration.renews', '=', id)
    .where('registration_request.state', 'in', [...inForce])
    .execute();
  return new Set(rows.map(({ service }) => service));
}
