import { revokedRule } from './decide.ts';
import type { Decision } from './decision.ts';
import {
  basisTexts,
  graceText,
  groundTexts,
  levelTexts,
  reasonTexts,
  revokedText,
  stepTexts,
} from './explanation-texts.ts';
import type { Language } from './explanation-texts.ts';

export interface Explanation {
  readonly summary: string;
  /** One sentence each; empty when allowed. */
  readonly todo: readonly string[];
}

const locales: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' };

/** A decision in plain words, without naming anybody: for the catalogue and for operators. */
export function explain(decision: Decision, language: Language): Explanation {
  return {
    summary: (decision.decision === 'allow'
      ? permission(decision, language)
      : refusal(decision, language)
    ).join(' '),
    todo: decision.nextSteps.map((step) => stepTexts[step][language]),
  };
}

function permission(
  { basis, grace, level, ground, validUntil }: Decision,
  language: Language,
): readonly string[] {
  return [
    grace === undefined ? basis && basisTexts[basis][language] : graceText(grace, language),
    ground && groundTexts[ground][language],
    level && levelTexts[level][language],
    validUntil && lastDay(validUntil, language),
  ].filter((sentence) => sentence !== undefined);
}

function refusal(
  { reason = 'not_eligible', rule, factsUsed }: Decision,
  language: Language,
): readonly string[] {
  if (rule === revokedRule) return [revokedText[language]];
  const sentence = reasonTexts[reason][language];
  const population = factsUsed.find(({ name }) => name === 'org.population');
  if (reason !== 'population_too_large' || typeof population?.value !== 'number') return [sentence];
  const count = new Intl.NumberFormat(locales[language]).format(population.value);
  return [sentence, language === 'fr' ? `Nombre retenu : ${count}.` : `Number used: ${count}.`];
}

/** `validUntil` is the first instant after: the last day is the one just before. */
function lastDay(validUntil: Date, language: Language): string {
  const day = new Intl.DateTimeFormat(locales[language], {
    dateStyle: 'long',
    timeZone: 'Europe/Paris',
  }).format(validUntil.getTime() - 1);
  return language === 'fr' ? `Valable jusqu’au ${day}.` : `Valid until ${day}.`;
}
