import { describe, expect, test } from 'vitest';
import {
  correctionAnswers,
  correctionStates,
  possibleCorrectionAnswers,
  refusedCorrectionAnswer,
} from './rules.ts';
import type { Answering, Standing } from './rules.ts';

const anne = { id: 'anne', given_name: 'Anne', usual_name: 'Le Goff', own: false };
const yann = { id: 'yann', given_name: 'Yann', usual_name: 'Bihan', own: false };
const proposed: Standing = { state: 'proposed', authorId: 'anne', author: anne };
const onServer: Standing = { ...proposed, authorId: undefined };

describe('who may answer an exception', () => {
  test.each<readonly [string, Standing, Answering, readonly string[]]>([
    ['another person', proposed, yann, ['confirm', 'decline']],
    ['its author', proposed, anne, ['withdraw']],
    ['another person of the organization itself', proposed, { ...yann, own: true }, []],
    ['its author, who has come to be of the organization', proposed, { ...anne, own: true }, ['withdraw']],
    ['another person, of one typed on the server', onServer, yann, ['confirm', 'decline']],
    ['whoever bears the name that was typed', onServer, anne, []],
    [
      'the same name, written otherwise',
      onServer,
      { ...anne, id: 'x', given_name: 'ANNE', usual_name: 'le-goff' },
      [],
    ],
    [
      'somebody of the same name, of one proposed in the console',
      proposed,
      { ...anne, id: 'x' },
      ['confirm', 'decline'],
    ],
  ])('%s', (_who, proposal, person, answers) => {
    expect(possibleCorrectionAnswers(proposal, person)).toEqual(answers);
  });

  test('nobody, once it has its answer', () => {
    for (const state of correctionStates.filter((one) => one !== 'proposed'))
      for (const answer of correctionAnswers)
        for (const person of [anne, yann])
          expect(refusedCorrectionAnswer({ ...proposed, state }, answer, person)).toBe('M-REGI-003');
  });
});
