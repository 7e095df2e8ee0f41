import { expect, test } from 'vitest';
import { decisionSentence, eligibilityOf } from './decision.ts';
import { untilWords } from './french-dates.ts';

const sentence = (claim: unknown): string => decisionSentence('Docs', eligibilityOf({ eligibility: claim }));

test.each([
  [
    { decision: 'allow', level: 'member', basis: 'approval', reason: null, valid_until: 1861916400 },
    'Docs vous est ouvert, comme membre, jusqu’au 31 décembre 2028 inclus. Pourquoi : votre organisation a reçu un accord.',
  ],
  [{ decision: 'allow', level: 'guest' }, 'Docs vous est ouvert, comme personne invitée.'],
  [
    { decision: 'allow', level: 'new_level', basis: 'new_basis' },
    'Docs vous est ouvert, comme new_level. Pourquoi : new_basis.',
  ],
  [
    { decision: 'deny', reason: 'service_not_covered' },
    'Le portail indique que Docs n’est pas ouvert à votre organisation. Pourquoi : l’accord donné à votre organisation ne couvre pas cet outil.',
  ],
  [
    { decision: 'step_up', reason: 'acr_insufficient' },
    'Docs demande une connexion plus sûre. Pourquoi : cet outil demande une connexion plus sûre.',
  ],
  [undefined, 'Le portail ne dit pas si Docs vous est ouvert.'],
  [{ decision: 'perhaps' }, 'Le portail ne dit pas si Docs vous est ouvert.'],
  ['allow', 'Le portail ne dit pas si Docs vous est ouvert.'],
])('%j', (claim, expected) => {
  expect(sentence(claim)).toBe(expected);
});

test.each([
  ['2029-01-01T00:00:00+01:00', 'jusqu’au 31 décembre 2028 inclus'],
  ['2027-07-01T00:00:00+02:00', 'jusqu’au 30 juin 2027 inclus'],
  ['2027-03-29T00:00:00+02:00', 'jusqu’au 28 mars 2027 inclus'],
  ['2027-07-01T14:05:00+02:00', 'jusqu’au 1 juillet 2027 à 14:05'],
])('%s is %s', (instant, expected) => {
  expect(untilWords(Date.parse(instant) / 1000)).toBe(expected);
});
