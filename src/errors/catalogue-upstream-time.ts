import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Identity providers that answer, and take too long over it. */
export const upstreamTimeErrors = {
  'M-UPST-046': entry(
    504,
    'temporarily_unavailable',
    'Each answer of the identity provider may take `timeout_s`, and those of one sign-in together (tokens, keys, userinfo, or a pushed request) twice that: it answers, and took longer. It counts as a failure of it. Raise `timeout_s` if it always needs so long.',
    text(
      '{{idp}} met trop de temps à répondre',
      'Nous attendions ses réponses pour terminer votre connexion : elles tardaient trop. Les autres organisations ne sont pas touchées.',
      'Recommencez dans quelques minutes.',
      'Si cela dure, prévenez votre service informatique : la lenteur est de son côté.',
    ),
    text(
      '{{idp}} takes too long to answer',
      'We were waiting for its answers to complete your sign-in: they took too long. Other organizations are not affected.',
      'Try again in a few minutes.',
      'If it lasts, tell your IT department: the slowness is on its side.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
