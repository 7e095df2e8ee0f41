import { text } from './entry.ts';
import type { ErrorText } from './entry.ts';

/** The answer of an identity provider that fails a check: the person can only start again or tell their IT department. */
export const refusedAnswerFr = (why: string): ErrorText =>
  text(
    'La réponse reçue n’est pas sûre',
    `${why} Par sécurité, nous ne l’avons pas acceptée.`,
    'Recommencez depuis le service que vous vouliez ouvrir.',
    'Si cela se reproduit, donnez la référence ci-dessous à votre service informatique.',
  );

export const refusedAnswerEn = (why: string): ErrorText =>
  text(
    'The answer received is not safe',
    `${why} For your safety we did not accept it.`,
    'Start again from the service you wanted to open.',
    'If it happens again, give the reference below to your IT department.',
  );

/** Nobody attacks: an identity provider and we do not understand each other. */
export const failedFr = (why: string): ErrorText =>
  text(
    'La connexion avec {{idp}} a échoué',
    why,
    'Recommencez depuis le service que vous vouliez ouvrir.',
    'Si cela se reproduit, donnez la référence ci-dessous à votre service informatique.',
  );

export const failedEn = (why: string): ErrorText =>
  text(
    'Signing in with {{idp}} failed',
    why,
    'Start again from the service you wanted to open.',
    'If it happens again, give the reference below to your IT department.',
  );
