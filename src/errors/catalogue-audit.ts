import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** The record of acts. */
export const auditErrors = {
  'M-FILE-050': entry(
    500,
    'server_error',
    'The record of acts is not whole, or what was decided is not what it says: docs/audit.md says what each finding means, and what to do.',
    text(
      'Le journal des actes n’est plus complet',
      'Des lignes du journal, ou des décisions qu’il retient, ont été retirées, modifiées ou déplacées.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The record of acts is no longer complete',
      'Lines of the record, or decisions that it holds, were removed, altered or moved.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-FILE-051': entry(
    400,
    'invalid_request',
    'The export cannot be written there: --out names a file that does not exist yet, in a folder that does.',
    text(
      'La copie du journal ne peut pas être enregistrée',
      'L’emplacement choisi n’est pas utilisable, ou un fichier y porte déjà ce nom.',
      'Choisissez un autre nom de fichier, puis recommencez.',
    ),
    text(
      'The copy of the record cannot be saved',
      'The chosen place cannot be used, or a file there has this name already.',
      'Choose another file name, then try again.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
