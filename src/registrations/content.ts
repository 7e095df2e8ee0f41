import { z } from 'zod';
import { grounds } from '../eligibility/eligibility.ts';
import { line, lines } from './content-text.ts';
import { memberCoverageSchema } from './members.ts';

/** Someone to write to. */
const contactSchema = z.strictObject({
  name: line.default(''),
  email: line.default(''),
  phone: line.default(''),
});
export type Contact = z.output<typeof contactSchema>;

const instant = z.iso.datetime();

const serviceAskedSchema = z.strictObject({
  /** Id in the catalogue. */
  id: line,
  /** What the organization would do with it. */
  why: lines.default(''),
  /** How many people would use it, as typed. */
  users: line.default(''),
  /** When the terms of use of this service were accepted: another service asked for needs its own. */
  termsAcceptedAt: instant.optional(),
});

/**
 * What the applicant says, and nothing else: name, numbers, legal category, address, officers' dates of an association
 * are in the registers, are shown from there and never asked (CRPA art. L114-8).
 *
 * A draft: everything may be missing, and values are kept as they were typed (`problemsOf()` says what is wrong with
 * them). The same document, without problems, is what the `submit` act freezes.
 */
export const draftContentSchema = z.strictObject({
  /** In the register: SIREN, else RNA, else the number in the register of a court. */
  organization: line.default(''),
  acting: z
    .strictObject({
      /** « présidente », « directrice, par délégation du président ». */
      capacity: line.default(''),
      /** End of the mandate or of the delegation, ISO day as typed; empty when it has none. */
      mandateUntil: line.default(''),
    })
    .prefault({}),
  services: z.array(serviceAskedSchema).max(100).default([]),
  purpose: lines.default(''),
  /** GDPR art. 13, 37: who answers for personal data. */
  dataProtection: contactSchema.prefault({}),
  /** Who is told of an incident, and tells of one. */
  security: contactSchema.prefault({}),
  /** E-mail domains that the organization itself owns. */
  domains: z.array(line).max(100).default([]),
  /** The ground that the applicant invokes; whoever decides may find another one. */
  ground: z.enum(grounds).optional(),
  /** Convention, delegation, order or decree that the ground rests on. */
  agreement: z
    .strictObject({
      reference: line.default(''),
      startsOn: line.default(''),
      /** Bounds the approval. */
      endsOn: line.default(''),
    })
    .prefault({}),
  /** Share of its resources that comes from public bodies, percent as typed (CE 21 March 2007, n° 281796). */
  publicShare: line.default(''),
  notes: lines.default(''),
  /** What the list of members shows. */
  members: memberCoverageSchema.optional(),
  /** When the applicant declared, on the review page, that all this is true (code pénal art. 441-1). */
  declaredAt: instant.optional(),
});
export type DraftContent = z.output<typeof draftContentSchema>;

export const emptyContent: DraftContent = draftContentSchema.parse({});

/** @throws ZodError when the text is none of ours: only what `contentText` wrote is in the database */
export const readContent = (text: string): DraftContent => draftContentSchema.parse(JSON.parse(text));

export const contentText = (content: DraftContent): string => JSON.stringify(content);

/**
 * The content changed: a declaration made before no longer covers it, and has to be made again (RGAA 11.12).
 */
export function changedContent(before: DraftContent, change: Partial<DraftContent>): DraftContent {
  return { ...before, declaredAt: undefined, ...change };
}
