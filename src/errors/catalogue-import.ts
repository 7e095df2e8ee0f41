import { entry, text } from './entry.ts';
import type { ErrorEntry } from './entry.ts';

/** `maillon import`. */
export const importErrors = {
  'M-IMPT-001': entry(
    400,
    'invalid_request',
    'This file cannot be imported, and nothing was changed.',
    text(
      'Ce fichier ne peut pas être importé',
      'Le fichier ne peut pas être lu en entier. Rien n’a été modifié.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'This file cannot be imported',
      'The file cannot be read to its end. Nothing was changed.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-IMPT-002': entry(
    400,
    'invalid_request',
    'The columns of this file are not those of the register, and nothing was changed.',
    text(
      'Les colonnes de ce fichier ne sont pas celles du registre',
      'La première ligne du fichier ne nomme pas toutes les colonnes nécessaires. Rien n’a été modifié.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The columns of this file are not those of the register',
      'The first line of the file does not name all the columns that are needed. Nothing was changed.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-IMPT-003': entry(
    409,
    'invalid_request',
    'One import runs at a time.',
    text(
      'Un autre import est en cours',
      'Un seul import peut avoir lieu à la fois. Rien n’a été modifié.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'Another import is running',
      'Only one import can run at a time. Nothing was changed.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-IMPT-004': entry(
    409,
    'invalid_request',
    'An import was interrupted: it must be finished or undone first.',
    text(
      'Un autre import n’est pas terminé',
      'Un import a été interrompu : il faut le reprendre ou l’annuler d’abord. Rien n’a été modifié.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'Another import is not finished',
      'An import was interrupted: it must be resumed or undone first. Nothing was changed.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-IMPT-005': entry(
    400,
    'invalid_request',
    'The letters of this file cannot be read for certain, and nothing was changed.',
    text(
      'Les lettres de ce fichier ne sont pas lisibles',
      'Le fichier mélange plusieurs façons d’écrire les lettres accentuées. Rien n’a été modifié.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The letters of this file cannot be read',
      'The file mixes several ways to write accented letters. Nothing was changed.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-IMPT-006': entry(
    400,
    'invalid_request',
    'Reading stopped at a line that cannot be told from the next ones.',
    text(
      'La lecture s’est arrêtée sur une ligne illisible',
      'Une ligne du fichier est si abîmée que la suite ne peut pas être lue.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'Reading stopped at a line that cannot be read',
      'A line of the file is so damaged that what follows cannot be read.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-IMPT-007': entry(
    503,
    'temporarily_unavailable',
    'The import was stopped.',
    text(
      'L’import a été arrêté',
      'Ce qui était déjà lu est enregistré. La même commande reprendra la suite.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The import was stopped',
      'What was read already is kept. The same command will go on from there.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-IMPT-008': entry(
    404,
    'invalid_request',
    'This import cannot be undone.',
    text(
      'Cet import ne peut pas être annulé',
      'Aucun import ne porte ce numéro, ou il est déjà annulé.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'This import cannot be undone',
      'No import has this number, or it is undone already.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-IMPT-009': entry(
    500,
    'server_error',
    'The import stopped, because the database refused some lines: what is before them is kept.',
    text(
      'L’import s’est arrêté',
      'La base de données a refusé une partie des lignes. Ce qui les précède est enregistré.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The import stopped',
      'The database refused some of the lines. What is before them is kept.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
  'M-IMPT-010': entry(
    400,
    'invalid_request',
    'The rejects file cannot be written, and nothing was changed: --rejects FILE names another one.',
    text(
      'Le fichier des lignes refusées ne peut pas être écrit',
      'L’emplacement choisi n’est pas utilisable. Rien n’a été modifié.',
      'Prévenez la personne qui administre ce site et donnez-lui la référence ci-dessous.',
    ),
    text(
      'The file of refused lines cannot be written',
      'The chosen place cannot be used. Nothing was changed.',
      'Tell the person who runs this site and give them the reference below.',
    ),
  ),
} as const satisfies Record<string, ErrorEntry>;
