import type { Person, PersonalData } from '../personal-data/personal-data.ts';

/** Characters of a reason. */
export const longestReason = 500;

export const personsPath = '/operateur/personnes';

export const textOf = (form: URLSearchParams, name: string): string => (form.get(name) ?? '').trim();

export const hasReason = (reason: string): boolean => reason !== '' && reason.length <= longestReason;

/**
 * Whom a form of a person's page names: a number, an address, or a number with the address by which it was found, which
 * counts only if it is proven to be theirs: whoever said an address without a proof is not given what others wrote there.
 * Undefined for nobody.
 */
export async function personNamed({
  needs,
  form,
}: {
  readonly needs: { readonly personalData: Pick<PersonalData, 'find'> };
  readonly form: URLSearchParams;
}): Promise<Person | undefined> {
  const [account, address] = [textOf(form, 'compte'), textOf(form, 'adresse')];
  const byAddress = address === '' ? undefined : await needs.personalData.find(address);
  if (account === '')
    return byAddress?.alone === true ? { accountId: undefined, address: byAddress.address } : undefined;
  const [one] = (await needs.personalData.find(account))?.accounts ?? [];
  if (one === undefined) return undefined;
  const { accountId } = one;
  const isTheirs =
    byAddress?.accounts.some((found) => found.accountId === accountId && found.proven) === true;
  return { accountId, address: isTheirs ? byAddress.address : undefined };
}
