import { describe, expect, test } from 'vitest';
import { composeLetter } from './compose.ts';
import type { LetterDocument } from './document.ts';
import type { LetterKind } from './facts.ts';
import { letterMail } from './mail.ts';
import { common, sample } from './testing/samples.ts';

const make = (kind: LetterKind): LetterDocument => composeLetter(kind, sample(kind));
const textOf = (document: LetterDocument): string =>
  letterMail(document, 'a@b.example', common.fileHref).text.replaceAll('\u00a0', ' ');

/** CRPA art. R112-5: what every receipt holds, and who says so. */
const compulsory: readonly (readonly [string, string])[] = [
  ['1° la date de réception', '21 novembre 2026'],
  ['1° la date à laquelle le silence décide', 'réputée rejetée à l’issue de la journée du 21 janvier 2027'],
  ['2° la désignation du service', 'Service : Bureau des accès de l’opérateur de démonstration'],
  ['2° son adresse postale', 'Adresse postale : 1 rue de l’Exemple, 75000 Paris'],
  ['2° son adresse électronique', 'Adresse électronique : acces@operateur.example'],
  ['2° son téléphone', 'Téléphone : 01 00 00 00 00'],
  ['si le silence vaut rejet', 'peut donner lieu à une décision implicite de rejet'],
  ['les délais de recours', 'dans un délai de deux mois à compter de'],
  ['la voie gracieuse ou hiérarchique', 'recours gracieux'],
  ['la voie contentieuse', 'tribunal administratif de Paris, 7 rue de Jouy, 75181 Paris Cedex 04'],
];

describe('the receipt (CRPA art. R112-5)', () => {
  const refusal = textOf(make('receipt'));
  test.each(compulsory)('when silence is a refusal, says %s', (_mention, words) => {
    expect(refusal).toContain(words);
  });
  test('does not speak of a certificate then', () => {
    expect(refusal).not.toContain('L. 232-3');
    expect(refusal).not.toContain('acceptée');
  });

  const acceptance = textOf(composeLetter('receipt', sample('receipt', { silence: 'acceptance' })));
  const either = compulsory.filter(([mention]) => /^2°|réception/u.test(mention));
  test.each<readonly [string, string]>([
    ...either,
    [
      '1° la date à laquelle le silence décide',
      'réputée acceptée à l’issue de la journée du 21 janvier 2027',
    ],
    ['si le silence vaut acceptation', 'peut donner lieu à une décision implicite d’acceptation'],
    ['le droit à une attestation (art. L232-3)', 'l’attestation prévue à l’article L. 232-3'],
  ])('when silence is an acceptance, says %s', (_mention, words) => {
    expect(acceptance).toContain(words);
  });
  test('does not speak of a refusal by silence then', () => {
    expect(acceptance).not.toMatch(/implicite de rejet|rejet implicite|Voies et délais/u);
  });

  test('3° lists the missing pieces and the time given, when there are some (art. L114-5)', () => {
    const text = textOf(
      composeLetter(
        'receipt',
        sample('receipt', { missing: { pieces: ['Statuts signés'], until: '2026-12-21' } }),
      ),
    );
    expect(text).toContain('- Statuts signés');
    expect(text).toContain('au plus tard le 21 décembre 2026 (article L. 114-5');
    expect(refusal).not.toContain('Pièces manquantes');
  });
  test.each(['name', 'address', 'email', 'phone'] as const)(
    'without %s of the service is not made',
    (hole) => {
      const authority = { ...common.authority, [hole]: '' };
      expect(() => composeLetter('receipt', sample('receipt', { authority }))).toThrow();
    },
  );
  test('the receipt of an appeal says the same of the appeal', () => {
    const text = textOf(make('appeal_receipt'));
    for (const [mention, words] of compulsory.filter(([each]) => each.startsWith('2°')))
      expect(text, mention).toContain(words);
    expect(text).toContain('a été reçu le 10 décembre 2026');
    expect(text).toContain('réputé rejeté à l’issue de la journée du 10 février 2027');
    expect(text).toContain('tribunal administratif de Paris');
  });
});
