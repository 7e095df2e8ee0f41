import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Identity providers that are asked by too many at once. */
export const upstreamLoadErrors = {
  'M-UPST-034': entry(
    503,
    'temporarily_unavailable',
    'As many people as the record allows (`concurrency`) are signing in with this identity provider at once, in this process: it is slow, or the number is too low.',
    text(
      '{{idp}} reçoit trop de connexions',
      'Beaucoup de personnes se connectent avec {{idp}} en ce moment. Nous n’avons pas terminé votre connexion, pour ne pas vous faire attendre.',
      'Recommencez dans une minute : le plus souvent, vous n’aurez pas à redonner votre mot de passe.',
      'Si cela dure, prévenez votre service informatique.',
    ),
    text(
      '{{idp}} receives too many sign-ins',
      'Many people are signing in with {{idp}} right now. We did not complete your sign-in, so as not to keep you waiting.',
      'Try again in a minute: you will seldom have to give your password again.',
      'If it lasts, tell your IT department.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
