import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { basisTexts, groundTexts, levelTexts, reasonTexts, stepTexts } from './explanation-texts.ts';
import { explain } from './explain.ts';
import { reasonCodes, reasonSteps } from './reasons.ts';
import { approval, authority, demoPolicy, dinum, now, subject } from './testing/factory.ts';

const docs = demoPolicy('docs');

describe('an explanation', () => {
  it('says on what ground and until when the door is open', () => {
    const decision = decide(docs, subject({ approvals: [approval()] }), now);
    expect(explain(decision, 'fr')).toEqual({
      summary:
        'Accès ouvert : l’organisation a reçu un accord pour ce service. Motif : tous ses membres sont des collectivités ou des organismes publics. La personne entre comme membre. Valable jusqu’au 31 décembre 2028.',
      todo: [],
    });
    expect(explain(decision, 'en').summary).toMatch(/Valid until 31 December 2028\.$/);
  });

  it('says no date where there is none', () => {
    expect(explain(decide(docs, subject({ organization: dinum }), now), 'fr').summary).toBe(
      'Accès ouvert : l’organisation fait partie du service public. La personne entre comme membre.',
    );
  });

  it('says why the door is closed and what to do', () => {
    const decision = decide(demoPolicy('tchap'), subject({ approvals: [approval()] }), now);
    expect(explain(decision, 'fr')).toEqual({
      summary: 'L’organisation a reçu un accord pour d’autres services, mais pas pour celui-ci.',
      todo: [
        'La personne qui dirige l’organisation peut demander un accord pour ce service.',
        'Un agent public peut inviter la personne.',
      ],
    });
  });

  it('gives the number of inhabitants that was compared', () => {
    const decision = decide(
      demoPolicy('anct'),
      subject({ organization: authority('7210', 5222, 'none') }),
      now,
    );
    expect(explain(decision, 'fr').summary).toMatch(/Nombre retenu : 5\s222\.$/u);
    expect(explain(decision, 'en').summary).toMatch(/Number used: 5,222\.$/);
  });

  it.each(reasonCodes)('%s has a sentence and a way on, in both languages', (reason) => {
    const decision: Decision = {
      ...decide(undefined, subject(), now),
      reason,
      nextSteps: reasonSteps[reason],
    };
    for (const language of ['fr', 'en'] as const) {
      const { summary, todo } = explain(decision, language);
      expect(summary).toMatch(/^\p{Lu}.*\.$/u);
      expect(todo.length).toBeGreaterThan(0);
    }
  });
});

describe('the French texts', () => {
  const texts = [reasonTexts, basisTexts, levelTexts, groundTexts, stepTexts].flatMap((group) =>
    Object.values(group).map(({ fr }) => fr),
  );

  it.each(texts)('%s', (sentence) => {
    // Plain words: no English, no code of a register, no acronym.
    expect(sentence).not.toMatch(/\b(login|token|claim|policy|email|e-mail|IdP|MFA)\b/i);
    expect(sentence).not.toMatch(/\p{Lu}{2,}|\d{4}/u);
    expect(sentence.length).toBeLessThan(110);
  });
});
