import { z } from 'zod';
import { isCommuneCode, isSiren, isSiret } from '../organizations/organizations.ts';
import type {
  CommuneRecord,
  GroupingMemberRecord,
  GroupingRecord,
  PopulationRecord,
} from '../organizations/organizations.ts';

const text = z.string().min(1);
const communeCode = z.string().refine(isCommuneCode);
const siren = z.string().refine(isSiren);
const siret = z.string().refine(isSiret);
const inhabitants = z.int().nonnegative();

/** INSEE code → what it is, and which commune it is part of now. Source: COG, DPNT. */
const commune = z.strictObject({
  name: text,
  kind: z.enum(['commune', 'arrondissement', 'delegated', 'associated']),
  department: text.optional(),
  region: text.optional(),
  siren: siren.optional(),
  current: communeCode.optional(),
}) satisfies z.ZodType<CommuneRecord>;

/** INSEE code or SIREN, slash, census year → inhabitants. Source: INSEE, BANATIC, DPNT. */
const population = z.strictObject({
  municipal: inhabitants.optional(),
  total: inhabitants.optional(),
}) satisfies z.ZodType<PopulationRecord>;

/** SIREN → name and legal nature. Source: BANATIC, DPNT. */
const grouping = z.strictObject({
  name: text,
  nature: text,
  department: text.optional(),
}) satisfies z.ZodType<GroupingRecord>;

/** SIREN of the grouping, slash, INSEE code or SIREN of the member → who it is. Source: BANATIC, DPNT. */
const groupingMember = z.strictObject({
  name: text,
  siren: siren.optional(),
  commune: communeCode.optional(),
}) satisfies z.ZodType<GroupingMemberRecord>;

/** Domain, slash, SIRET → who uses it for mail. Source: domaines-email-de-contact-par-organisation. */
const emailDomain = z.strictObject({ domain: text, siret, origin: text });

/** What `register_record` holds, by shelf. */
export const shelfSchemas = {
  commune,
  population,
  grouping,
  grouping_member: groupingMember,
  email_domain: emailDomain,
} as const;
export type Shelf = keyof typeof shelfSchemas;

export const isShelf = (name: string): name is Shelf => Object.hasOwn(shelfSchemas, name);
