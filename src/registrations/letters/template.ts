import type { Block } from './document.ts';
import type { LetterFacts, LetterKind, SignatoryFacts } from './facts.ts';

/**
 * How one kind of letter is made. `version` rises with every change of its words: letters already sent keep the number,
 * and the words, of their time.
 */
export interface Template<K extends LetterKind> {
  readonly version: number;
  readonly title: (facts: LetterFacts<K>) => string;
  readonly blocks: (facts: LetterFacts<K>) => readonly Block[];
  /** Absent: the letter decides nothing and the service sends it. */
  readonly author?: (facts: LetterFacts<K>) => SignatoryFacts | undefined;
}
