import { describe, expect, it } from 'vitest';
import { motives } from './act.ts';
import { motiveTexts } from './motives.ts';

describe('motives', () => {
  it.each(motives)('%s has a sentence in both languages and a rule', (motive) => {
    const { fr, en, rule } = motiveTexts[motive];
    expect(fr).toMatch(/^\p{Lu}.+\.$/u);
    expect(en).toMatch(/^\p{Lu}.+\.$/u);
    expect(fr).not.toBe(en);
    expect(rule).toMatch(/^\p{Lu}.+[^.]$/u);
  });

  it('rest on the article that opens each power', () => {
    expect(motiveTexts.fraud.rule).toContain('L. 241-2');
    expect(motiveTexts.decision_illegal.rule).toContain('L. 242-1');
    expect(motiveTexts.condition_no_longer_met.rule).toContain('L. 242-2');
    // Urgency (art. L121-2) spares the hearing; it is not a reason to suspend.
    expect(motiveTexts.security_incident.rule).not.toContain('121-2');
    expect(motiveTexts.incomplete_file.rule).toContain('L. 114-5');
  });
});
