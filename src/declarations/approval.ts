import { z } from 'zod';
import { grounds, levels } from '../eligibility/eligibility.ts';
import { isoDay, siren, slug, text } from './scalars.ts';

/**
 * A decision that lets one organization use one service. It names its author and gives its reasons in writing
 * (CRPA art. L212-1, L211-2, L211-5).
 */
export const approvalSchema = z
  .strictObject({
    // What files of organizations make has such ids (src/registrations/approval-rows.ts): two decisions never share one.
    id: slug.refine((id) => !/^d-[0-9]{2}-/.test(id), {
      error: 'must not begin like d-26-: such ids are those of decisions on files',
    }),
    siren,
    service: slug,
    level: z.enum(levels),
    ground: z.enum(grounds),
    reason: text,
    /** First and last day, both inclusive, Europe/Paris. */
    starts_on: isoDay,
    ends_on: isoDay,
    status: z.enum(['active', 'suspended', 'pending', 'refused']).default('active'),
    decided_by: z
      .strictObject({ given_name: text, usual_name: text, capacity: text, organization: text })
      .readonly(),
    decided_on: isoDay,
  })
  .refine(({ starts_on: start, ends_on: end }) => start <= end, {
    path: ['ends_on'],
    error: 'must not be before starts_on',
  })
  .readonly();

export type DeclaredApproval = z.output<typeof approvalSchema>;
