import { describe, expect, test } from 'vitest';
import { after, applicant, empty, said } from '../registrations/testing/people.ts';
import { signInFacts } from './applicant-facts.ts';

const applicantFact = async (sender: typeof applicant) => {
  const submit = said('2026-12-01', sender, { act: 'submit', content: {}, services: ['docs'] });
  const facts = await signInFacts(
    { file: after(empty, [submit]) },
    { organizationName: () => Promise.resolve(undefined), idpName: () => undefined },
  );
  return facts.find(({ words }) => words === 'applicant');
};

describe('who sent the file', () => {
  test('has an address for which nobody answers: that is said beside it', async () => {
    const fact = await applicantFact({ ...applicant, emailVerified: false });
    expect(fact?.values).toContain(applicant.email);
    expect(fact?.tag).toEqual({ tone: 'wait', t: 'op.fact.addressNotVerified' });
  });

  test('nothing is said of an address that was verified, nor of one of before', async () => {
    for (const sender of [{ ...applicant, emailVerified: true }, applicant])
      expect((await applicantFact(sender))?.tag).toBeUndefined();
  });
});
