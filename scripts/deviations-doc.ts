// Writes docs/identity-providers/refusals.md from the deviations that the tests try: node scripts/deviations-doc.ts
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { catalogue } from '../src/errors/errors.ts';
import { leavesNoTrace } from '../src/upstream/refusals.ts';
import { deviationNames, deviations } from '../test/support/mutating-idp-deviations.ts';
import type { Deviation, DeviationName } from '../test/support/mutating-idp-deviations.ts';

const row = (name: DeviationName): string => {
  const { expected, note = '' }: Deviation = deviations[name];
  const [code] = expected;
  const why = code === undefined ? '' : (catalogue[code].hint.split(/ \(|\. |\.$/)[0] ?? '');
  const link = code === undefined ? 'accepted' : `[${code}](../errors.md#${code.toLowerCase()})`;
  return `| \`${name}\` | ${link} | ${why} | ${note} |`;
};

export const deviationsDocument = (): Promise<string> =>
  format(
    [
      '# What is refused, and how it is named',
      '',
      'Generated from the tests by `node scripts/deviations-doc.ts`: do not edit.',
      '',
      'A test identity provider does each of these wrong, one at a time. The person sees a page with the code; the log has an',
      'event `upstream.refused` with identity provider, code and rule; [the record of acts](../audit.md) has an entry',
      '`upstream.refuse`, three times an hour for each code. Neither names a person.',
      '',
      'These leave no such trace, since nothing wrong was answered:',
      '',
      ...Object.entries(leavesNoTrace).map(
        ([code, why]) => `- [${code}](../errors.md#${code.toLowerCase()}): ${why}.`,
      ),
      '- [M-UPST-014](../errors.md#m-upst-014) of an identity provider that was closed before, and [M-UPST-015](../errors.md#m-upst-015) of a level that its record does not give: nobody was sent there. Closed while somebody was there, it leaves one.',
      '',
      '| Deviation | Code | Why | Under what condition |',
      '|---|---|---|---|',
      ...deviationNames.map(row),
      '',
    ].join('\n'),
    { parser: 'markdown', printWidth: 110, proseWrap: 'preserve' },
  );

if (import.meta.main)
  writeFileSync(
    new URL('../docs/identity-providers/refusals.md', import.meta.url),
    await deviationsDocument(),
  );
