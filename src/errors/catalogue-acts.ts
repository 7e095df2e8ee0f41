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
  'M-FILE-074': entry(
    409,
    'invalid_request',
    'Since the lot was decided, somebody refused, suspended or ended this right, or examines a request for it: the list does not overrule them.',
    text(
      'Une autre décision est venue depuis',
      'Depuis que le lot a été décidé, ce droit a été refusé, suspendu ou retiré, ou une demande est en cours d’examen. Le lot n’y change rien.',
      'Ouvrez le dossier de l’organisation : c’est là qu’on en décide.',
    ),
    text(
      'Another decision has come since',
      'Since the lot was decided, this right was refused, suspended or taken back, or a request for it is being examined. The lot changes nothing of it.',
      'Open the file of the organization: it is decided there.',
    ),
  ),
  'M-FILE-075': entry(
    403,
    'access_denied',
    'The membership of whoever sent the file was revoked for its organization: they act for it no more.',
    text(
      'Vous n’agissez plus pour cette organisation',
      'Votre rattachement à l’organisation de ce dossier vous a été retiré. Vous pouvez encore lire le dossier, mais rien y faire.',
      'Si c’est une erreur, demandez à la personne qui représente l’organisation de vous la rendre.',
    ),
    text(
      'You no longer act for this organization',
      'Your membership of the organization of this file was taken away. You can still read the file, but do nothing on it.',
      'If this is a mistake, ask the person who represents the organization to give it back.',
    ),
  ),
  'M-FILE-076': entry(
    409,
    'invalid_request',
    'Whoever proposed the decision may not decide on the file today: their role or delegation has ended, their perimeter has changed, or they act for the organization (CRPA art. L212-1).',
    text(
      'La personne qui l’a proposé ne peut plus en décider',
      'Son rôle, sa délégation ou son périmètre a changé depuis, ou elle agit pour cette organisation. Rien n’a été fait.',
      'Écartez la proposition, puis proposez la décision à votre tour : une autre personne la confirme.',
    ),
    text(
      'Whoever proposed it may decide on it no more',
      'Their role, their delegation or their perimeter has changed since, or they act for this organization. Nothing was done.',
      'Decline the proposal, then propose the decision yourself: somebody else confirms it.',
    ),
  ),
  'M-FILE-080': entry(
    409,
    'invalid_request',
    'What the register says of the rights of the file is not what the page showed: it moved again, came back, or somebody else marked it as seen.',
    text(
      'Le registre dit autre chose que ce que vous avez lu',
      'Depuis que vous avez ouvert cette page, le registre a de nouveau changé, ou un collègue a déjà marqué ce changement comme vu. Rien n’a été enregistré.',
      'Relisez ce que dit le registre, puis marquez-le comme vu si rien n’est à décider.',
    ),
    text(
      'The register says something else than what you read',
      'Since you opened this page the register has changed again, or a colleague has marked this change as seen. Nothing was recorded.',
      'Read again what the register says, then mark it as seen if there is nothing to decide.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
