import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** Attempts that are too many. */
export const limitErrors = {
  'M-LIMI-001': entry(
    429,
    'temporarily_unavailable',
    'Too many attempts by the address, account, network or device that the log names (docs/operating.md, “Limits of attempts”). Retry-After says when to come back. A network: is TRUSTED_PROXIES right, or does the whole site share one address?',
    text(
      'Il y a eu trop d’essais',
      'Pour protéger les comptes, ce site limite le nombre d’essais dans un temps donné. Rien n’a été modifié.',
      'Attendez {{wait}}, puis recommencez.',
      'Si vous n’avez rien essayé, d’autres personnes se servent peut-être de votre connexion à internet ou de votre adresse : vous pouvez aussi essayer depuis un appareil où vous vous êtes déjà connecté.',
    ),
    text(
      'There were too many attempts',
      'To protect accounts, this site limits the number of attempts in a given time. Nothing was changed.',
      'Wait {{wait}}, then try again.',
      'If you tried nothing, others may be using your internet connection or your address: you can also try from a device where you have signed in before.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
