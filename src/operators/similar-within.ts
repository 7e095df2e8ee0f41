import type { Similar } from '../registrations/registrations.ts';
import { whereItLies } from './route.ts';
import type { AskedOfFile } from './route.ts';

/** What stands beside a file, of what this operator may see. */
export async function similarWithin({ me, needs, opened }: AskedOfFile): Promise<Similar> {
  const { perimeter } = me.operator;
  const similar = await needs.registrations.similar(opened, perimeter ?? {});
  if (perimeter === undefined) return similar;
  const homonyms = await Promise.all(
    similar.homonyms.map(async (one) => {
      const found = await needs.organization(one.id);
      const isTheirs = found !== undefined && me.may('organization.read', await whereItLies(found, needs));
      return isTheirs ? [one] : [];
    }),
  );
  return { ...similar, homonyms: homonyms.flat() };
}
