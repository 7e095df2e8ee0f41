import type { OrganizationPage } from '../register/register.ts';
import type { RegistrationsNeeds } from './needs.ts';
import type { HeldRow } from './open.ts';

/** The number of its own register, for an organization that asked before it had a SIREN. */
export const numberOf = ({ registerNumber, siren, organization }: HeldRow): string | undefined =>
  registerNumber ?? (siren === undefined ? organization : undefined);

/** The organization of the file as the register has it now, whatever number it has got since, or lost. */
export async function organizationOf(
  needs: Pick<RegistrationsNeeds, 'organization'>,
  row: HeldRow,
): Promise<OrganizationPage | undefined> {
  const number = numberOf(row) ?? row.organization;
  return number === undefined ? undefined : needs.organization(number);
}
