import { describe, expect, test } from 'vitest';
import { composeLetter } from './compose.ts';
import { letterDigest } from './document.ts';
import type { LetterDocument } from './document.ts';
import type { LetterKind } from './facts.ts';
import { letterMail } from './mail.ts';
import { common, kinds, sample } from './testing/samples.ts';

const make = (kind: LetterKind): LetterDocument => composeLetter(kind, sample(kind));
const textOf = (document: LetterDocument): string =>
  letterMail(document, 'a@b.example', common.fileHref).text.replaceAll('\u00a0', ' ');

/** CRPA art. R112-5: what every receipt holds, and who says so. */

const signed: readonly LetterKind[] = [
  'pieces_asked',
  'transfer',
  'grant',
  'approval',
  'refusal',
  'motives',
  'suspension_notice',
  'suspension',
  'reinstatement',
  'abrogation',
  'withdrawal',
  'appeal_decision',
];
/** Decisions, and what time decided: they can be contested. A notice, a question and a reminder decide nothing. */
const contestable: readonly LetterKind[] = [
  'grant',
  'approval',
  'refusal',
  'implicit_refusal',
  'implicit_acceptance',
  'motives',
  'suspension',
  'reinstatement',
  'abrogation',
  'withdrawal',
  'appeal_decision',
  'closure',
];
/** With reasons in law and in fact (CRPA art. L211-2, L211-5). */
const reasoned: readonly LetterKind[] = [
  'refusal',
  'motives',
  'suspension_notice',
  'suspension',
  'abrogation',
  'withdrawal',
];

describe('a decision', () => {
  test.each(signed)('%s names its author, with first name, surname and capacity (art. L212-1)', (kind) => {
    expect(make(kind).signature).toEqual({
      givenName: 'Ada',
      usualName: 'Martin',
      capacity: 'cheffe du bureau des accès, par délégation',
      organization: 'Opérateur de démonstration',
    });
  });
  test.each(['givenName', 'usualName', 'capacity', 'organization'] as const)(
    'without %s of its author is not made',
    (member) => {
      const author = {
        givenName: 'Ada',
        usualName: 'Martin',
        capacity: 'cheffe',
        organization: 'X',
        [member]: ' ',
      };
      expect(() => composeLetter('refusal', sample('refusal', { author }))).toThrow();
    },
  );
  test.each(kinds.filter((kind) => !signed.includes(kind)))('%s decides nothing: nobody signs', (kind) => {
    expect(make(kind).signature).toBeUndefined();
  });
  test.each(contestable)('%s says how and until when to appeal (CJA art. R421-1, R421-5)', (kind) => {
    const text = textOf(make(kind));
    expect(text).toContain('dans un délai de deux mois à compter d');
    for (const words of ['L. 411-2', 'L. 411-7', 'R. 421-1', 'R. 421-2', 'R. 421-5', common.authority.court])
      expect(text).toContain(words);
  });
  test.each(reasoned)('%s states its reasons in fact and in law (art. L211-5)', (kind) => {
    const text = textOf(make(kind));
    expect(text).toContain(
      'Les membres de l’organisation ne sont pas tous des personnes morales de droit public.',
    );
    expect(text).toContain('La liste fournie compte 12 membres, dont trois sociétés.');
    expect(text).toContain('La part publique est de 75 %.');
    expect(text).toContain('Règle appliquée : article L. 100-3');
  });
  test('names who confirmed it, when a second person had to', () => {
    expect(textOf(make('refusal'))).toContain(
      'Décision confirmée par Noël Durand, adjoint à la cheffe de bureau, Opérateur de démonstration.',
    );
    expect(textOf(make('approval'))).not.toContain('confirmée');
  });
  test('mentions the algorithm when it helped: purpose, right to the rules, how, and the commission (art. L311-3-1)', () => {
    const text = textOf(make('approval'));
    for (const words of [
      '« traitement algorithmique »',
      'Sa finalité : indiquer si l’organisation remplit les règles d’accès du service',
      'Ce programme ne décide rien',
      'à la personne qui signe, et c’est elle qui a décidé',
      'communication des règles de ce traitement et des principales caractéristiques',
      'L. 311-3-1',
      'en écrivant à acces@operateur.example',
      'Commission d’accès aux documents administratifs',
    ])
      expect(text).toContain(words);
    expect(textOf(make('refusal'))).not.toContain('algorithmique');
    // Decides nothing, or was decided by silence: no rule had a part in it.
    for (const kind of ['suspension_notice', 'motives'] as const)
      expect(textOf(make(kind))).not.toContain('algorithmique');
  });
});

test('a reminder says what the rules of the service leave open afterwards, and nothing else than before where they do not', () => {
  const reminder = (grace?: { lastDay: string; isLess: boolean }) =>
    textOf(composeLetter('expiry_reminder', sample('expiry_reminder', { grace })));
  expect(reminder()).toContain('ne pourront plus ouvrir Docs après cette date.');
  const goesOn = reminder({ lastDay: '2030-01-30', isLess: true });
  expect(goesOn).toContain(
    'pourront encore ouvrir Docs jusqu’au 30 janvier 2030, comme invitées, avec moins de droits :',
  );
  expect(goesOn).toContain(
    'Il ne vaut pas si l’accord est suspendu ou retiré, ou si son renouvellement est refusé',
  );
  expect(goesOn).not.toContain('ne pourront plus');
  expect(reminder({ lastDay: '2030-01-30', isLess: false })).toContain(
    'jusqu’au 30 janvier 2030 : les règles',
  );
});

describe('each kind', () => {
  test.each(kinds)('%s: its words', async (kind) => {
    const { text } = letterMail(make(kind), 'a@b.example', common.fileHref);
    await expect(text).toMatchFileSnapshot(`./testing/golden/${kind}.txt`);
  });
  test.each(kinds)('%s: the same facts make the same digest; another name another', (kind) => {
    expect(letterDigest(make(kind))).toMatch(/^[\da-f]{64}$/u);
    expect(letterDigest(make(kind))).toBe(letterDigest(make(kind)));
    const other = { ...common.organization, name: 'Une autre' };
    expect(letterDigest(composeLetter(kind, sample(kind, { organization: other })))).not.toBe(
      letterDigest(make(kind)),
    );
  });
  test('conditions and end date of an approval are written, or its end could not rest on them (art. L242-2 1°)', () => {
    const text = textOf(make('approval'));
    expect(text).toContain('- Seuls les élus et les agents de l’association utilisent le service.');
    expect(text).toContain('Dernier jour : 31 décembre 2029 inclus');
    expect(text).toContain('1° de l’article L. 242-2');
    expect(text).toContain('Elle ne lui donne pas la qualité d’administration');
  });
  test('a suspension that could not wait says so and asks for observations (art. L121-2 1°)', () => {
    const urgent = { urgent: true, heard: undefined };
    const text = textOf(composeLetter('suspension', sample('suspension', urgent)));
    expect(text).toContain('1° de l’article L. 121-2');
    // The page of the file takes observations once a notice gave time for them; until then there is the post.
    expect(text).toContain('observations écrites, à l’adresse acces@operateur.example ou par courrier');
    expect(text).not.toContain('a été informée');
    expect(textOf(make('suspension'))).not.toContain('L. 121-2');
  });
  test('a suspension that could not wait for the answer to a notice keeps the time that it gave', () => {
    const heard = { notifiedOn: '2026-12-01', answerBy: '2026-12-25', answered: false };
    const urgent = { urgent: true, heard, answerBy: heard.answerBy };
    const text = textOf(composeLetter('suspension', sample('suspension', urgent)));
    expect(text).toContain('jusqu’au 25 décembre 2026 inclus');
    expect(text).not.toContain('Aucune observation');
    const answered = { ...urgent, heard: { ...heard, answered: true } };
    const later = textOf(composeLetter('suspension', sample('suspension', answered)));
    expect(later).toContain('attendre la fin de l’examen de vos observations');
    expect(later).not.toContain('n’a pas permis de recueillir');
  });
  test('a suspension that follows an urgent one says since when the access is closed', () => {
    const text = textOf(composeLetter('suspension', sample('suspension', { suspendedSince: '2026-11-18' })));
    expect(text).toContain('suspendu en urgence depuis le 18 novembre 2026, reste suspendu.');
    expect(text).not.toContain('est suspendu à compter');
  });
  test('a notice says what may be decided, and that the access is open until then (art. L121-1)', () => {
    const text = textOf(make('suspension_notice'));
    expect(text).toContain('L’accès reste ouvert en attendant la décision, sauf urgence.');
    for (const words of [
      'suspendre l’accès',
      'abroger l’accord',
      'retirer cet accord',
      'L. 122-1',
      'L. 122-2',
    ])
      expect(text).toContain(words);
    expect(text).not.toMatch(/Cette décision|confirmée/u);
  });
  test('a notice after an urgent suspension does not say that the access is open', () => {
    const after = { suspendedSince: '2026-12-01' };
    const text = textOf(composeLetter('suspension_notice', sample('suspension_notice', after)));
    expect(text).toContain('depuis le 1er décembre 2026, sans attendre vos observations');
    expect(text).toContain('L’accès reste fermé');
    expect(text).toContain('rétablir l’accès');
    expect(text).not.toMatch(/accès reste ouvert|accès ouvert/u);
  });
  test('what was only considered is given up: nothing is said to have been closed', () => {
    const never = { suspendedOn: undefined, noticedOn: '2026-12-01' };
    const document = composeLetter('reinstatement', sample('reinstatement', never));
    expect(document.title).toBe('Accès à Docs maintenu');
    expect(textOf(document)).toContain('La mesure envisagée le 1er décembre 2026 est abandonnée.');
    expect(textOf(document)).not.toContain('rétabli');
  });
  test.each([
    ['condition', '1° de l’article L. 242-2', 'L. 242-1'],
    ['illegal', 'dans les quatre mois qui suivent sa date (article L. 242-1', 'L. 242-2'],
    ['fraud', 'à tout moment (article L. 241-2', 'L. 242-1'],
  ] as const)('an abrogation because of %s cites the one article that opens it', (because, said, other) => {
    const text = textOf(composeLetter('abrogation', sample('abrogation', { because })));
    expect(text).toContain(said);
    expect(text).not.toContain(other);
  });
  test('after the rejection of an appeal there is the court, and no second appeal (art. L411-2)', () => {
    const text = textOf(
      composeLetter('appeal_decision', sample('appeal_decision', { outcome: 'upheld', terms: undefined })),
    );
    expect(text).toContain(
      'saisir le tribunal dans un délai de deux mois à compter de la notification de ce rejet',
    );
    for (const words of ['R. 421-1', 'R. 421-2', 'R. 421-5', common.authority.court])
      expect(text).toContain(words);
    expect(text).toContain('n’interromprait pas ce délai');
    expect(text).not.toContain('gracieux');
  });
  test('the page of the file takes an appeal against what is unfavourable only', () => {
    expect(textOf(make('refusal'))).toContain('depuis la page de votre dossier ou par courrier');
    for (const kind of [
      'approval',
      'implicit_acceptance',
      'reinstatement',
      'appeal_decision',
      'closure',
    ] as const)
      expect(textOf(make(kind)), kind).not.toContain('depuis la page de votre dossier ou par courrier');
  });
  test('an association without SIREN is told what it lacks', () => {
    const organization = { name: 'Association', rna: 'W000000109' };
    expect(textOf(composeLetter('approval', sample('approval', { organization })))).toContain(
      'L’accès ne s’ouvre pas encore',
    );
    expect(textOf(make('approval'))).not.toContain('Il en faut un');
  });
  test('a withdrawal says whether for fraud (art. L241-2) or illegality (art. L242-1)', () => {
    expect(textOf(make('withdrawal'))).toContain(
      'dans les quatre mois qui suivent sa date (article L. 242-1',
    );
    const fraud = textOf(composeLetter('withdrawal', sample('withdrawal', { because: 'fraud' })));
    expect(fraud).toContain('obtenu par fraude et peut être retiré à tout moment (article L. 241-2');
    expect(fraud).not.toContain('L. 242-1');
  });
  test('a piece that is not indispensable does not stop the clock (art. L114-5-1)', () => {
    const text = textOf(composeLetter('pieces_asked', sample('pieces_asked', { blocking: false })));
    expect(text).toContain('n’est pas suspendu (article L. 114-5-1');
    const blocking = textOf(make('pieces_asked'));
    expect(blocking).toContain('est suspendu depuis le 10 décembre 2026');
    expect(blocking).toContain('Pour les raisons indiquées ci-dessus');
  });
});

describe('hostile words', () => {
  const nasty = 'A\u202e B\u0000 C\r\nBcc: x@y.example <script>alert(1)</script> {{t}} "quoted"';
  const document = composeLetter(
    'refusal',
    sample('refusal', {
      organization: { name: nasty },
      reason: { motive: 'Un motif.', text: 'Un.\n\n\n\nDeux <b>.', rule: 'une règle' },
    }),
  );
  test('controls and turns of direction go; line breaks become spaces', () => {
    expect(document.recipient.name).toBe(
      'A B C Bcc\u00a0: x@y.example <script>alert(1)</script> {{t}} "quoted"'.replace('Bcc\u00a0:', 'Bcc:'),
    );
  });
  test('the mail escapes them, keeps them out of its headers, and fetches nothing', () => {
    const mail = letterMail(document, 'a@b.example', common.fileHref);
    expect(mail.html).not.toContain('<script');
    expect(mail.html).not.toContain('<b>');
    expect(mail.html).toContain('&lt;script&gt;');
    expect(mail.html).not.toMatch(/<(?:img|link|iframe|style|object)|url\(|src=/iu);
    expect(mail.html.match(/href="[^"]*"/gu)).toEqual([`href="${common.fileHref}"`]);
    expect(mail.subject).toBe('Refus d’accès à Docs (dossier D-26-7K3QXWPB)');
    expect(mail.about).toBe('registration:D-26-7K3QXWPB');
  });
  test('what is only blank is not a reason', () => {
    const reason = { motive: '\u202e', text: 'x', rule: 'y' };
    expect(() => composeLetter('refusal', sample('refusal', { reason }))).toThrow();
  });
});
