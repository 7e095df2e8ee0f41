/**
 * What operators and importers change while people are signed in: approvals, the register, declared documents. Each
 * change is a row of the database, seen at once; `restore` puts everything back as the demonstration declares it.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Insertable, Updateable } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../src/storage/storage.ts';
import type { World } from '../support/world.ts';

type Document = Readonly<Record<string, unknown>>;

export interface Operator {
  approval(id: string, change: Updateable<Database['approval']>): Promise<void>;
  approve(approval: Pick<Insertable<Database['approval']>, 'id' | 'siren' | 'service_id'>): Promise<void>;
  withdraw(approvalId: string): Promise<void>;
  /** An invitation by nobody in particular. */
  invite(
    invitation: Pick<Insertable<Database['invitation']>, 'address' | 'service_id' | 'ends_on'>,
  ): Promise<void>;
  organization(siren: string, change: Updateable<Database['organization']>): Promise<void>;
  establishment(siret: string, change: Updateable<Database['establishment']>): Promise<void>;
  /** The register forgets an establishment. */
  forget(siret: string): Promise<void>;
  /** Changes one declared document, as `maillon apply` would; `undefined` removes it. */
  declare(
    kind: Database['declared_object']['kind'],
    id: string,
    change: (document: Document) => Document | undefined,
  ): Promise<void>;
  /** Declares a copy of a document under another id. */
  declareCopy(
    kind: Database['declared_object']['kind'],
    id: string,
    change: Document & { readonly id: string },
  ): Promise<void>;
  /** Back to how it was when this operator was created. */
  restore(): Promise<void>;
}

const documentSchema = z.record(z.string(), z.unknown());

/** Remembers the state of now as the one to go back to. */
export async function createOperator({ broker }: Pick<World, 'broker'>): Promise<Operator> {
  const { db } = broker.stores;
  const before = {
    approval: await db.selectFrom('approval').selectAll().execute(),
    organization: await db.selectFrom('organization').selectAll().execute(),
    establishment: await db.selectFrom('establishment').selectAll().execute(),
    declared_object: await db.selectFrom('declared_object').selectAll().execute(),
  };

  async function raiseRevision(): Promise<void> {
    await db
      .updateTable('declared_revision')
      .set({ revision: sql`revision + 1` })
      .execute();
    await broker.refresh();
  }

  return {
    async approval(id, change) {
      await db.updateTable('approval').set(change).where('id', '=', id).executeTakeFirstOrThrow();
    },
    async approve(approval) {
      const [model] = before.approval;
      if (model === undefined) throw new Error('the demonstration declares no approval');
      await db
        .insertInto('approval')
        .values({ ...model, ...approval })
        .execute();
    },
    async withdraw(approvalId) {
      await db.deleteFrom('approval').where('id', '=', approvalId).execute();
    },
    async invite(invitation) {
      const sponsor = randomUUID();
      await db
        .insertInto('account')
        .values({ id: sponsor, created_at: new Date(), blocked_at: null })
        .execute();
      await db
        .insertInto('invitation')
        .values({
          id: randomUUID(),
          written_address: invitation.address,
          sponsor_account_id: sponsor,
          sponsor_name: 'Camille Renaud',
          sponsor_email: 'agent@etat.example',
          sponsor_siret: '13002526500013',
          sponsor_organization: 'Direction inventée',
          reason: 'Préparer les réunions.',
          starts_on: '2026-01-01',
          created_at: new Date(),
          ...invitation,
        })
        .execute();
    },
    async organization(siren, change) {
      // A row without statements, as version N−1 writes it: its columns are what the register says.
      await db
        .updateTable('organization')
        .set({ statements: '{}', ...change })
        .where('siren', '=', siren)
        .execute();
    },
    async establishment(siret, change) {
      await db.updateTable('establishment').set(change).where('siret', '=', siret).execute();
    },
    async forget(siret) {
      await db.deleteFrom('establishment').where('siret', '=', siret).execute();
    },
    async declare(kind, id, change) {
      const named = db
        .selectFrom('declared_object')
        .select('document')
        .where('kind', '=', kind)
        .where('id', '=', id);
      const { document } = await named.executeTakeFirstOrThrow();
      const changed = change(documentSchema.parse(JSON.parse(document)));
      await (
        changed === undefined
          ? db.deleteFrom('declared_object').where('kind', '=', kind).where('id', '=', id)
          : db
              .updateTable('declared_object')
              .set({ document: JSON.stringify(changed) })
              .where('kind', '=', kind)
              .where('id', '=', id)
      ).execute();
      await raiseRevision();
    },
    async declareCopy(kind, id, change) {
      const model = before.declared_object.find((each) => each.kind === kind && each.id === id);
      if (model === undefined) throw new Error(`nothing declared as ${kind} ${id}`);
      const document = { ...documentSchema.parse(JSON.parse(model.document)), ...change };
      await db
        .insertInto('declared_object')
        .values({ ...model, id: change.id, document: JSON.stringify(document) })
        .execute();
      await raiseRevision();
    },
    async restore() {
      await db.deleteFrom('invitation').execute();
      await db.transaction().execute(async (trx) => {
        for (const table of ['approval', 'organization', 'declared_object'] as const)
          await trx.deleteFrom(table).execute();
        await trx.insertInto('approval').values(before.approval).execute();
        // The identifier is generated.
        const organizations = before.organization.map((row) => ({ ...row, id: undefined }));
        await trx.insertInto('organization').values(organizations).execute();
        await trx.insertInto('establishment').values(before.establishment).execute();
        await trx.insertInto('declared_object').values(before.declared_object).execute();
      });
      await raiseRevision();
    },
  };
}
