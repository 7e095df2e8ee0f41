import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from './policy.ts';
import { predicateWords } from './predicate-words.ts';
import { predicates } from './predicates.ts';
import { document } from './testing/arbitraries.ts';
import { demoPolicy, policy, rule } from './testing/factory.ts';
import { clause, policyWords } from './words.ts';
import type { PolicyWords } from './words.ts';

const textOf = ({ start, guards, rules, otherwise }: PolicyWords): string =>
  [...start, ...guards, ...rules.flatMap(({ lines }) => lines), ...otherwise]
    .map(({ depth, text }) => `${'  '.repeat(depth)}${text}`)
    .join('\n');

describe('the words', () => {
  it('are there for every predicate, and for nothing else', () => {
    expect(Object.keys(predicateWords).sort()).toEqual(Object.keys(predicates).sort());
  });

  it.each([
    [
      'org.type',
      { in: ['local_authority.commune', 'local_authority.epci'] },
      'l’organisation est : commune ou communauté de communes, communauté ou métropole',
      'the organization is: commune or grouping of communes',
    ],
    ['org.category', 'association', 'l’organisation est : association', 'the organization is: association'],
    [
      'org.population',
      { lt: 3500 },
      'elle compte moins de 3 500 habitants',
      'it has fewer than 3,500 inhabitants',
    ],
    [
      'org.population',
      { gte: 100, lt: 3500, measure: 'totale' },
      'elle compte moins de 3 500 habitants et au moins 100 habitants (population totale)',
      'it has fewer than 3,500 inhabitants and at least 100 inhabitants (total population)',
    ],
    [
      'org.public_service',
      false,
      'l’organisation ne fait pas partie du service public',
      'the organization does not belong to the public service',
    ],
    [
      'org.department',
      { in: ['56', '2A', '974'] },
      'elle se trouve dans le département Morbihan (56), Corse-du-Sud (2A) ou La Réunion (974)',
      'it lies in the département Morbihan (56), Corse-du-Sud (2A) or La Réunion (974)',
    ],
    [
      'approval',
      { service: 'docs', status: 'active' },
      'l’accord pour « docs » est en cours',
      'the approval for “docs” is in force',
    ],
    [
      'user.link',
      { lt: 'email_domain' },
      'la preuve du lien de la personne avec l’organisation est en dessous de : l’adresse électronique de l’organisation',
      'the proof that the person belongs to the organization is below: the e-mail domain of the organization',
    ],
    [
      'time',
      { gte: '2027-01-01' },
      'la date du jour est à partir du 1er janvier 2027',
      'today is on or after 1 January 2027',
    ],
  ])('%s %o', (name, expected, fr, en) => {
    expect(clause(name, expected, 'fr').replaceAll(/[\u202f\u00a0]/gu, ' ')).toBe(fr);
    expect(clause(name, expected, 'en')).toBe(en);
  });

  it('say any policy, each rule and guard, in both languages', () => {
    fc.assert(
      fc.property(document, (written) => {
        const parsed = parsePolicy(written);
        for (const language of ['fr', 'en'] as const) {
          const words = policyWords(parsed, language);
          expect(words.rules.map(({ id }) => id)).toEqual(parsed.rules.map(({ id }) => id));
          expect(words.guards.length).toBeGreaterThanOrEqual(parsed.guards.length * 2);
          expect(textOf(words)).not.toMatch(/undefined|NaN|\[object|\b(?:org|user|auth)\.[a-z]/);
        }
      }),
    );
  });

  it('show what is combined under what combines it', () => {
    const nested = policy({
      rules: [
        rule({
          any: [
            { 'org.active': true },
            { not: { all: [{ 'org.type': 'company' }, { 'org.naf': '8411Z' }] } },
          ],
        }),
      ],
    });
    expect(policyWords(nested, 'en').rules[0]?.lines.slice(0, 6)).toEqual([
      { depth: 0, text: 'Open if one of these at least holds:' },
      { depth: 1, text: 'the organization and its establishment are active' },
      { depth: 1, text: 'this is not true:' },
      { depth: 2, text: 'all of these hold:' },
      { depth: 3, text: 'the organization is: company' },
      { depth: 3, text: 'the code of its activity is 8411Z' },
    ]);
  });

  it('whether a code sent by e-mail may serve', () => {
    const said = (email_code?: boolean) =>
      policyWords(parsePolicy({ ...demoPolicy('docs'), email_code }), 'fr').start.map(({ text }) => text);
    const sentence = 'Un code envoyé par courriel peut servir de deuxième preuve.';
    expect(said(true)).toContain(sentence);
    expect(said(false)).not.toContain(sentence);
    expect(said()).not.toContain(sentence);
  });

  it('of the demonstration', () => {
    expect(textOf(policyWords(demoPolicy('anct'), 'fr')).replaceAll(/[\u202f\u00a0]/gu, ' ')).toBe(
      `En vigueur à partir du 1er janvier 2026.
Les habitants sont ceux de la population municipale.
Refusé si l’organisation ou son établissement est fermé
  D’après le registre officiel, l’organisation ou son établissement est fermé.
Refusé si une décision suspend tous les accès de l’organisation
  Tous les accès de l’organisation sont suspendus par une décision.
Refusé si la preuve du lien de la personne avec l’organisation est en dessous de : l’adresse électronique de l’organisation
  Rien ne prouve encore assez que la personne agit pour l’organisation.
Ouvert si toutes ces conditions sont remplies :
  l’organisation est : commune
  elle compte moins de 3 500 habitants
  Accès ouvert : la collectivité remplit la condition de territoire ou de population.
  La personne entre comme membre.
  Droits transmis : use.
Ouvert si toutes ces conditions sont remplies :
  l’organisation est : communauté de communes, communauté ou métropole
  elle compte moins de 15 000 habitants
  Accès ouvert : la collectivité remplit la condition de territoire ou de population.
  La personne entre comme membre.
  Droits transmis : use.
Ouvert si toutes ces conditions sont remplies :
  l’organisation est : commune
  son intercommunalité compte moins de 15 000 habitants
  Accès ouvert : la collectivité remplit la condition de territoire ou de population.
  La personne entre comme membre.
  Droits transmis : use.
Dans tous les autres cas, refusé.
  Le service n’est pas ouvert à ce type d’organisation.
  La personne qui gère le service peut répondre aux questions.`,
    );
  });
});
