import type { Kysely } from 'kysely';
import { accountsOf, actedFor } from '../identity/identity.ts';
import type { Database } from '../storage/storage.ts';
import type { RegistrationFile } from './file.ts';
import type { Circumstances } from './lifecycle.ts';
import type { RegistrationsNeeds } from './needs.ts';
import { isWithin } from './within-perimeter.ts';

/** What is known today of the operators who decide on a file, or proposed to: for whom they ever acted, what they are charged with. */
export async function ofOperators(
  db: Kysely<Database>,
  needs: Pick<RegistrationsNeeds, 'snapshot' | 'chargeOf'>,
  { file, siren }: { readonly file: RegistrationFile; readonly siren: string | undefined },
): Promise<Required<Pick<Circumstances, 'members' | 'outOfCharge'>>> {
  return { members: await membersAmong(db, needs, siren), outOfCharge: await outOfCharge(db, needs, file) };
}

/** Accounts of operators that have ever acted for this organization. */
export async function membersAmong(
  db: Kysely<Database>,
  { snapshot }: Pick<RegistrationsNeeds, 'snapshot'>,
  siren: string | undefined,
): Promise<readonly string[]> {
  if (siren === undefined) return [];
  const { operators, identityProviders } = snapshot();
  const people = [...operators.values()].flatMap(({ idp, subject }) => {
    const issuer = identityProviders.get(idp)?.issuer;
    return issuer === undefined ? [] : [{ issuer, subject }];
  });
  const acted = await actedFor(db, { accounts: await accountsOf(db, people), sirens: [siren] });
  return acted.map(({ accountId }) => accountId);
}

async function outOfCharge(
  db: Kysely<Database>,
  { chargeOf }: Pick<RegistrationsNeeds, 'chargeOf'>,
  { id, requests }: RegistrationFile,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { service, proposed } of requests) {
    if (proposed === undefined) continue;
    const perimeter = chargeOf(proposed.by.id)?.perimeter;
    const isCharged =
      perimeter !== undefined &&
      perimeter.services?.includes(service) !== false &&
      (await isWithin(db, id, perimeter));
    if (!isCharged) found.push(service);
  }
  return found;
}
