import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import type { Change } from './diff.ts';

/**
 * Takes out what the files no longer declare. Organizations are never among them: accounts and decisions refer to them,
 * and a register is not closed by forgetting a line (`unit_state: C` closes one).
 */
export async function removeDeclared(db: Kysely<Database>, removed: readonly Change[]): Promise<void> {
  for (const { kind, id } of removed) {
    switch (kind) {
      case 'service':
      case 'client':
      case 'resource_server':
      case 'identity_provider':
      case 'policy':
      case 'operator':
        await db.deleteFrom('declared_object').where('kind', '=', kind).where('id', '=', id).execute();
        break;
      case 'approval':
        await db.deleteFrom('approval').where('id', '=', id).where('origin', '=', 'configuration').execute();
        break;
      case 'membership': {
        // The subject may hold any printable character, slashes included: the two others may not.
        const [idp = '', ...rest] = id.split('/');
        const siret = rest.at(-1) ?? '';
        const subject = rest.slice(0, -1).join('/');
        await db
          .deleteFrom('declared_membership')
          .where('idp_id', '=', idp)
          .where('subject', '=', subject)
          .where('siret', '=', siret)
          .execute();
        break;
      }
      case 'organization':
        throw new Error(`organization ${id}: never removed`);
    }
  }
}
