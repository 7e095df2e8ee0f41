import { describe, expect, test } from 'vitest';
import { composeLetter } from './compose.ts';
import type { LetterDocument } from './document.ts';
import type { LetterKind } from './facts.ts';
import { letterMail } from './mail.ts';
import { common, fromNobody, sample } from './testing/samples.ts';

const make = (kind: LetterKind): LetterDocument => composeLetter(kind, sample(kind));
const textOf = (document: LetterDocument): string =>
  letterMail(document, 'a@b.example', common.fileHref).text.replaceAll('\u00a0', ' ');

describe('to an organization that has not asked', () => {
  const facts = { ...fromNobody };
  const told: readonly LetterKind[] = [
    'grant',
    'suspension_notice',
    'observations_recorded',
    'suspension',
    'reinstatement',
    'abrogation',
    'withdrawal',
    'appeal_receipt',
    'appeal_decision',
    'renunciation',
    'identification',
    'expiry_reminder',
    'closure',
  ];
  test.each(told)(
    '%s: goes to whoever represents it, and sends nobody to a page that takes no answer',
    (kind) => {
      const document = composeLetter(kind, sample(kind, facts));
      const text = textOf(document);
      expect(document.recipient.lines).toEqual([
        'À l’attention de la personne qui représente l’organisation',
        expect.stringContaining('SIREN'),
        expect.stringContaining('RNA'),
        fromNobody.contact,
      ]);
      expect(text).not.toMatch(/page de votre dossier|observations écrites[^.]*page du dossier/u);
      expect(text).not.toContain('Cœurdassier');
    },
  );
  test('without an address, the letter has none', () => {
    const { recipient } = composeLetter('grant', sample('grant', { contact: undefined }));
    expect(recipient.lines).toHaveLength(3);
  });
  test('observations come in writing, until the same day', () => {
    const text = textOf(composeLetter('suspension_notice', sample('suspension_notice', facts)));
    expect(text).toContain('jusqu’au 25 décembre 2026 inclus, par courrier à 1 rue de l’Exemple');
    expect(text).toContain('ou par message à acces@operateur.example');
  });
  test('the decision says who decided and who prepared it, how it goes on and how to say no', () => {
    const text = textOf(make('grant'));
    for (const words of [
      'à l’initiative de l’administration',
      'Décision préparée par Noël Durand',
      'Continuer après cette date',
      'après le 31 décembre 2028',
      'Rien ne vous oblige à utiliser Docs et Tchap',
      'Convention du 2 mars 2026',
      'Elle ne lui donne pas la qualité d’administration',
    ])
      expect(text).toContain(words);
    expect(text).not.toMatch(/confirmée|votre demande/u);
  });
});

describe('a request that goes to another authority (art. L114-2)', () => {
  test('keeps its first day under refusal (art. L114-3)', () => {
    const text = textOf(make('transfer'));
    expect(text).toContain('court toujours depuis le 21 novembre 2026');
    expect(text).toContain('réputée rejetée à l’issue de la journée du 21 janvier 2027');
    expect(text).toContain('Direction interministérielle fictive');
  });
  test('under acceptance counts from the day on which the other one receives it', () => {
    const acceptance = { silence: 'acceptance', silenceOn: '2027-02-10' } as const;
    const text = textOf(composeLetter('transfer', sample('transfer', acceptance)));
    expect(text).toContain('court à compter du 10 décembre 2026');
    expect(text).toContain('réputée acceptée à l’issue de la journée du 10 février 2027');
  });
});
