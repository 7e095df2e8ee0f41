import { z } from 'zod';
import { requestStates } from './file.ts';

export const filesPerPage = 25;

/** PostgreSQL takes no U+0000. */
const words = z
  .string()
  .regex(/^[^\0]*$/u)
  .trim()
  .max(200);

/** What an operator asks of the queue: kept in the address of the page, so every field is hostile. Unknown fields are refused. */
export const queueFilterSchema = z
  .strictObject({
    /** Number of a file, SIREN, RNA number, or words of the name of the organization. */
    text: words.optional(),
    stage: z.enum(['examination', 'decided', 'ended']).optional(),
    state: z.enum(requestStates).optional(),
    service: words.optional(),
    /** A type of organization, or its first segment. */
    type: words.optional(),
    department: words.optional(),
    taken: z.enum(['me', 'nobody', 'anyone']).optional(),
    /** The day on which an answer was due has passed; false: it has not. So for the next three. */
    overdue: z.boolean().optional(),
    /** Under examination for longer than the administration means to take; false: within. */
    beyondTarget: z.boolean().optional(),
    /** A right in force ends within 30 days. */
    expiring: z.boolean().optional(),
    /** Waits for a second person. */
    proposed: z.boolean().optional(),
    /** The register has moved under an approval of the file, and nobody has said that they looked. */
    review: z.boolean().optional(),
    /** A letter that nobody could send is not posted yet. */
    toPost: z.boolean().optional(),
    /** What is left out: a file with such a request, of such an organization. */
    except: z
      .strictObject({
        states: z.array(z.enum(requestStates)).max(30).default([]),
        services: z.array(words).max(30).default([]),
        types: z.array(words).max(30).default([]),
        departments: z.array(words).max(30).default([]),
      })
      .optional(),
    sort: z.enum(['due', 'received', 'name', 'changed']).default('due'),
    order: z.enum(['up', 'down']).default('up'),
    page: z.int().min(1).max(10_000).default(1),
  })
  .readonly();
export type QueueFilter = z.output<typeof queueFilterSchema>;

/** Of what an operator may see, by département, service and federation; undefined: without limit. */
export interface Perimeter {
  readonly departments?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
  /** Ids of federations: the organizations below them, at any depth, and themselves. */
  readonly federations?: readonly string[] | undefined;
}

/** Who looks. */
export interface Viewer {
  readonly operatorId: string;
  readonly perimeter: Perimeter;
}
