import { createHash } from 'node:crypto';
import { canonicalJson } from '../config/config.ts';
import type { ContentField, ContentProblem, DraftContent } from '../registrations/registrations.ts';

/** The steps of a request in their order, as their addresses name them; the last one shows everything and sends it. */
export const steps = ['organisation', 'vous', 'services', 'motif', 'pieces', 'contacts', 'relire'] as const;
export type Step = (typeof steps)[number];

/** Where the first segment of a field is asked. */
const stepOfPart: Readonly<Record<string, Step>> = {
  organization: 'organisation',
  acting: 'vous',
  services: 'services',
  purpose: 'motif',
  ground: 'motif',
  agreement: 'motif',
  publicShare: 'motif',
  notes: 'motif',
  members: 'pieces',
  dataProtection: 'contacts',
  security: 'contacts',
  domains: 'contacts',
  declaredAt: 'relire',
};

export const stepOf = (field: ContentField): Step => stepOfPart[field.split('.')[0] ?? ''] ?? 'relire';

/** What a step holds of the content, in one value: what a page showed, to be told from what is kept by now. */
export function digestOfStep(content: DraftContent, step: Step): string {
  const said = Object.entries(content).filter(([part]) => stepOfPart[part] === step);
  const plain: unknown = JSON.parse(JSON.stringify(Object.fromEntries(said)));
  return createHash('sha256').update(canonicalJson(plain)).digest('base64url');
}

export const problemsIn = (step: Step, problems: readonly ContentProblem[]): readonly ContentProblem[] =>
  problems.filter(({ field }) => stepOf(field) === step);

/** After this step; back to the review for whoever came from there. */
export function nextStep(step: Step, review: boolean): Step {
  return review ? 'relire' : (steps[steps.indexOf(step) + 1] ?? 'relire');
}

/** Where whoever comes back goes on: the first step that lacks something, else the review. */
export const firstOpen = (problems: readonly ContentProblem[]): Step =>
  steps.find((step) => problemsIn(step, problems).length > 0) ?? 'relire';

/** Steps that can be put right before the review: the declaration is made there. */
export const incomplete = (problems: readonly ContentProblem[]): readonly Step[] =>
  steps.filter((step) => step !== 'relire' && problemsIn(step, problems).length > 0);
