import type { Kysely } from 'kysely';
import { anyMember, approvalsBetween, compare } from '../../eligibility/eligibility.ts';
import type { Policy, Verdict } from '../../eligibility/eligibility.ts';
import type { PublicServiceExceptions, TerritoryIndex } from '../../organizations/organizations.ts';
import { everyOrganization } from '../../register/register.ts';
import type { Database } from '../../storage/storage.ts';
import { instantOf, sideOf } from '../preview.ts';

/** Every organization read as a whole, and asked about by itself: what the preview has to come to by its shorter way. */
export async function plainPreview(
  { before, after }: { readonly before: Policy | undefined; readonly after: Policy },
  needs: {
    readonly db: Kysely<Database>;
    readonly territories: TerritoryIndex;
    readonly exceptions: PublicServiceExceptions;
    readonly now: Date;
  },
) {
  const at = instantOf(after, needs.now);
  const person = anyMember(at);
  const organizations: Record<Verdict, number> = { gains: 0, loses: 0, changes: 0, unchanged: 0 };
  const categories: Record<string, number> = {};
  const listed: Record<Verdict, unknown[]> = { gains: [], loses: [], changes: [], unchanged: [] };
  for await (const batch of everyOrganization(needs.db, { ...needs, now: at })) {
    const approvals = await approvalsBetween(needs.db, batch.after, batch.to);
    for (const organization of batch.organizations) {
      const own = approvals.get(organization.siren) ?? [];
      const compared = compare(before, after, { ...person, organization, approvals: own }, at);
      const { verdict, fields } = compared;
      organizations[verdict] += 1;
      const key = `${organization.category} ${verdict}`;
      categories[key] = (categories[key] ?? 0) + 1;
      listed[verdict].push({
        siren: organization.siren,
        siret: organization.siret,
        name: organization.name,
        type: organization.type,
        category: organization.category,
        department: organization.territory.department,
        fields,
        approvals: own.filter(({ service }) => service === after.service).map(({ id }) => id),
        before: sideOf(compared.before),
        after: sideOf(compared.after),
      });
    }
  }
  const { gains, loses, changes } = listed;
  return { organizations, categories, listed: { gains, loses, changes } };
}
