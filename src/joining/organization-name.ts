import type { JoiningNeeds } from './needs.ts';

/** As a mail calls it. What the registers hold of it may be unreadable: its number stands for it, and what ends does end. */
export async function organizationName(
  { organization, logger }: Pick<JoiningNeeds, 'organization' | 'logger'>,
  siren: string,
): Promise<string> {
  try {
    return (await organization(siren))?.name ?? siren;
  } catch (error) {
    logger.error({ event: 'joining.name', err: error, siren }, 'an organization could not be read');
    return siren;
  }
}
