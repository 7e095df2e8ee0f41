import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Author, Siret } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { isDecided } from './bound.ts';
import { writeChanges } from './changes.ts';
import { unsay } from './draft.ts';
import type { Draft } from './draft.ts';
import { federated } from './federations.ts';
import { documentOf, heldEstablishments } from './held-establishment.ts';
import { asOnlyWriter } from './one-writer.ts';
import { noRows, readRows } from './rows-at-hand.ts';
import { settle } from './settle.ts';
import { writeOrganizations } from './write-organizations.ts';

/** `register`: another source speaks of it; `operator`: somebody decided something of it; `members`: it is a federation of others. */
export type LeftRegister = 'withdrawn' | 'absent' | 'register' | 'operator' | 'members';

const source = 'organizations';

/**
 * Takes out of the register, with its one establishment, an organization that somebody entered by a line of our own form, as
 * long as the register says nothing else of it: neither another source, nor an operator, nor an organization below it. Where
 * another source holds it too, what the line said is taken back all the same.
 *
 * @param entered `label`: how that line was named as a source
 */
export function withdrawEntered(
  db: Kysely<Database>,
  entered: { readonly siren: string; readonly siret: Siret; readonly label: string },
  context: { readonly now: Date; readonly author: Author; readonly reason: string },
): Promise<LeftRegister> {
  return asOnlyWriter(db, async (transaction) => {
    const { siren, siret, label } = entered;
    const rows = noRows();
    await readRows(transaction, rows, { sirens: [siren], rnas: [], localRegisters: [] });
    const draft = rows.bySiren.get(siren);
    if (draft?.held === undefined) return 'absent';
    const establishments = await heldEstablishments(transaction, sql`siren = ${siren}`);
    const isSaid = draft.statements.get(source)?.label === label;
    const own = establishments.filter((one) => one.siret === siret && one.source === source);
    const isDecided = draft.statements.has('operator') || (await isDecidedAbout(transaction, siren));
    if (isSaid && isKnownElsewhere(draft)) await takeBack();
    if (isDecided) return 'operator';
    if (!isSaid || isKnownElsewhere(draft) || own.length < establishments.length) return 'register';
    const { rna, local_register: localRegister } = draft.held;
    const numbers: readonly (string | null)[] = [siren, rna, localRegister];
    if ((await federated(transaction)).some(({ parent }) => numbers.includes(parent))) return 'members';
    await takeBack();
    return 'withdrawn';

    /** All that the line said: what others say of the organization stays. */
    async function takeBack(): Promise<void> {
      const sirets = own.map((row) => row.siret);
      await sql`delete from establishment where siret = any(${sirets}::text[])`.execute(transaction);
      // The seat may have been that establishment.
      const left = noRows();
      await readRows(transaction, left, { sirens: [siren], rnas: [], localRegisters: [] });
      const unit = left.bySiren.get(siren);
      if (unit !== undefined) unsay(unit, source);
      await settle(transaction, left);
      await writeOrganizations(transaction, left.all, { ...context, source });
      const gone = own.map((row) => ({
        shelf: 'establishment',
        subject: row.siret,
        source,
        before: documentOf(row),
        after: undefined,
      }));
      await writeChanges(transaction, gone, context);
    }
  });
}

const isKnownElsewhere = ({ statements }: Draft): boolean =>
  [...statements.keys()].some((one) => one !== source && one !== 'operator');

async function isDecidedAbout(db: Kysely<Database>, siren: string): Promise<boolean> {
  const found = await db
    .selectFrom('organization')
    .select('id')
    .where('siren', '=', siren)
    .where(isDecided)
    .executeTakeFirst();
  return found !== undefined;
}
