import { z } from 'zod';

import data from './data/public-service-exceptions.json' with { type: 'json' };
import { isSiren } from './identifiers.ts';
import type { Siren } from './identifiers.ts';

/** ProConnect's lists of SIREN that correct the legal category: data, none of them in the code. */
export interface PublicServiceExceptions {
  /** Never public, whatever the category. */
  readonly excluded: ReadonlySet<Siren>;
  /** Operators of the State in the sense of the finance acts (LOLF): public, and State. */
  readonly lolf: ReadonlySet<Siren>;
  /** Public, without any facet: ProConnect gives `agent_public` alone. */
  readonly whitelist: ReadonlySet<Siren>;
  /** How the lists are named to people, and the day on which they were copied. */
  readonly label?: string;
  readonly asOf?: string;
}

export const noExceptions: PublicServiceExceptions = {
  excluded: new Set(),
  lolf: new Set(),
  whitelist: new Set(),
};

const list = z.array(z.custom<Siren>((value) => typeof value === 'string' && isSiren(value), 'SIREN'));
const fileSchema = z.object({
  label: z.string().min(1),
  as_of: z.iso.date(),
  excluded: list,
  lolf: list,
  whitelist: list,
});

/** @throws ZodError when a line of the file holds no SIREN */
export function loadPublicServiceExceptions(): PublicServiceExceptions {
  const { label, as_of: asOf, excluded, lolf, whitelist } = fileSchema.parse(data);
  return {
    excluded: new Set(excluded),
    lolf: new Set(lolf),
    whitelist: new Set(whitelist),
    label,
    asOf,
  };
}
