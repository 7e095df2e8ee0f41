import { z } from 'zod';
import { bilingual, contact, page, slug } from './scalars.ts';

/** A tool of the catalogue. One service may own several clients, or none yet. */
export const serviceSchema = z
  .strictObject({
    id: slug,
    name: bilingual,
    description: bilingual,
    url: page,
    /** Its terms of use: whoever asks for it accepts them. */
    terms_url: page.optional(),
    /** Who may use it: one sentence, for people. */
    audience: bilingual,
    /** Who decides on requests, for people who were refused (CRPA art. L112-3: the service in charge and how to reach it). */
    decided_by: z
      .strictObject({
        name: bilingual,
        contact,
        /** How long an answer takes. */
        delay: bilingual.optional(),
      })
      .readonly(),
  })
  .readonly();

export type Service = z.output<typeof serviceSchema>;
