import { departmentByCode } from '../organizations/organizations.ts';
import type { Perimeter } from './perimeter.ts';
import type { ConsoleNeeds } from './section.ts';

export interface PerimeterWords {
  readonly departments: readonly string[] | undefined;
  readonly federations: readonly string[] | undefined;
  readonly services: readonly string[] | undefined;
}

/** A perimeter as people read it; what the register does not know is shown by its number. */
export async function perimeterWords(
  { departments, federations, services }: Perimeter,
  { snapshot, organizationName }: Pick<ConsoleNeeds, 'snapshot' | 'organizationName'>,
  lang: 'fr' | 'en',
): Promise<PerimeterWords> {
  return {
    departments: departments?.map((code) => `${departmentByCode(code)?.name ?? code} (${code})`),
    federations:
      federations &&
      (await Promise.all(
        federations.map(async (id) => {
          const name = await organizationName(id);
          return name === undefined ? id : `${name} (${id})`;
        }),
      )),
    services: services?.map((id) => snapshot().services.get(id)?.name[lang] ?? id),
  };
}
