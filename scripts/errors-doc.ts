// Writes docs/errors.md from the catalogue of errors: node scripts/errors-doc.ts
import { writeFileSync } from 'node:fs';
import { catalogue } from '../src/errors/errors.ts';
import type { ErrorEntry } from '../src/errors/errors.ts';

const families: readonly (readonly [prefix: string, title: string])[] = [
  ['M-CONF', 'Configuration'],
  ['M-STOR', 'Storage'],
  ['M-KEYS', 'Signing keys'],
  ['M-HTTP', 'Requests'],
  ['M-OIDC', 'Requests of relying parties'],
  ['M-ROUT', 'From an e-mail address to an identity provider'],
  ['M-UPST', 'Identity providers'],
  ['M-ELIG', 'Eligibility'],
  ['M-ACCT', 'One’s own sign-ins and accounts'],
  ['M-PART', 'Accounts of people without an identity provider'],
  ['M-LIMI', 'Limits of attempts'],
  ['M-JOIN', 'Joining an organization'],
  ['M-DOMN', 'Mail domains of organizations'],
  ['M-IMPT', 'Imports of registers'],
  ['M-REGI', 'The register, by hand'],
  ['M-FILE', 'Files of organizations, and the console'],
  ['M-BULK', 'Lots: one decision for many organizations'],
  ['M-GUES', 'Guests'],
  ['M-POLI', 'Policies'],
  ['M-OPER', 'Operators'],
  ['M-MEMB', 'Who acts for an organization'],
  ['M-DATA', 'What is kept of people'],
];

const section = (code: string, entry: ErrorEntry): string => `### ${code}

| | |
|---|---|
| Status | ${entry.status} |
| \`error\` | \`${entry.oauthError}\` |
| Operator | ${entry.hint.replaceAll('|', '\\|')} |

**${entry.fr.title}.** ${entry.fr.why}

${entry.fr.todo.map((step) => `- ${step}`).join('\n')}

*${entry.en.title}.* ${entry.en.why}

${entry.en.todo.map((step) => `- ${step}`).join('\n')}
`;

export const errorsDocument = (): string =>
  [
    '# Errors',
    '',
    'Generated from the catalogue by `node scripts/errors-doc.ts`: do not edit.',
    '',
    'Every error page shows a code of this list and an id such as `7F3A-91C2`; the log bears the same id, with the cause.',
    'A code is never used again for something else. “Status” is that of our own page; `error` is what a relying party',
    'receives when the person goes back to it. `{{service}}`, `{{idp}}`, `{{email}}`, `{{domain}}` and `{{organization}}`',
    'stand for what is known at that moment.',
    '',
    ...families.flatMap(([prefix, title]) => [
      `## ${title}`,
      '',
      ...Object.entries(catalogue)
        .filter(([code]) => code.startsWith(`${prefix}-`))
        .map(([code, entry]) => section(code, entry)),
    ]),
  ].join('\n');

if (import.meta.main) writeFileSync(new URL('../docs/errors.md', import.meta.url), errorsDocument());
