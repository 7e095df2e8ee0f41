import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** What came on paper, and what the administration does on its own initiative. */
export const actErrors = {
  'M-FILE-071': entry(
    422,
    'invalid_request',
    'What came by post was received on a day that is in the future, or before what it is about.',
    text(
      'Le jour de réception n’est pas possible',
      'Un courrier n’est reçu ni dans le futur, ni avant la décision ou l’annonce à laquelle il répond. Rien n’a été enregistré.',
      'Lisez le tampon d’arrivée, puis corrigez le jour.',
    ),
    text(
      'The day of receipt is not possible',
      'Nothing is received in the future, nor before the decision or the notice that it answers. Nothing was recorded.',
      'Read the arrival stamp, then correct the day.',
    ),
  ),
  'M-FILE-072': entry(
    422,
    'invalid_request',
    'The register does not hold the organization, or holds it without a SIREN: nobody could sign in for it.',
    text(
      'Cette organisation ne peut pas recevoir d’accès',
      'Le registre ne la connaît pas, ou ne lui connaît pas de numéro d’entreprise (SIREN). Personne ne pourrait se connecter pour elle.',
      'Vérifiez son numéro. Si elle n’en a pas, elle le demande à l’Insee.',
    ),
    text(
      'This organization cannot be given access',
      'The register does not know it, or knows no company number (SIREN) of it. Nobody could sign in for it.',
      'Check its number. If it has none, it asks Insee for one.',
    ),
  ),
  'M-FILE-073': entry(
    409,
    'invalid_request',
    'A decision on the own initiative of the administration would give less than the right that it follows: that is an abrogation, with its hearing.',
    text(
      'Cette décision donnerait moins que le droit en cours',
      'L’organisation a déjà un droit plus large ou plus long. Le réduire est une abrogation : elle doit d’abord être entendue.',
      'Gardez au moins le niveau et le dernier jour du droit en cours, ou ouvrez son dossier.',
    ),
    text(
      'This decision would give less than the right held',
      'The organization already holds a wider or longer right. To reduce it is to abrogate it: it is heard first.',
      'Keep at least the level and the last day of the right held, or open its file.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
