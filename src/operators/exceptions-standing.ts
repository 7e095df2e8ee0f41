import type { CorrectionProposal } from '../corrections/corrections.ts';
import type { ExceptionsOfOrganization } from '../http/http.ts';
import { decidingFacts } from '../register/register.ts';
import { authorName, endPath, exceptionFact, factSaid } from './exception-words.ts';
import type { AskedOfOrganization } from './route.ts';
import type { ConsoleNeeds } from './section.ts';

/** The exceptions in force for an organization: what each says, and the two people who made it. */
export async function standingOf(
  { id, origins }: AskedOfOrganization['organization'],
  proposals: readonly CorrectionProposal[],
  { needs, lang }: { readonly needs: ConsoleNeeds; readonly lang: 'fr' | 'en' },
): Promise<ExceptionsOfOrganization['standing']> {
  const { corrections, basePath } = needs;
  const standing = decidingFacts.flatMap((fact) => {
    const correction = origins[fact]?.correction;
    return correction === undefined ? [] : [{ fact, correction }];
  });
  return Promise.all(
    standing.map(async ({ fact, correction }) => {
      const word = exceptionFact(fact);
      // What is confirmed is corrected in that very moment.
      const second = proposals.find(
        (one) => one.fact === fact && one.answeredAt?.toISOString() === correction.at,
      )?.second;
      const { value } = await corrections.now(id, fact);
      return {
        fact: word,
        value: factSaid(fact, { value }, lang),
        by: authorName(correction),
        second: second && authorName({ author: second }),
        at: new Date(correction.at),
        reason: correction.reason,
        endHref: `${basePath}${endPath(id, word)}`,
      };
    }),
  );
}
