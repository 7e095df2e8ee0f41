/**
 * Types (tsc) and rules (eslint) in one process: to know the types of the program is most of the work of both, and is
 * done once. Same files, settings and rules as `npm run typecheck` and `eslint .`.
 */
import { ESLint } from 'eslint';
import ts from 'typescript';
import { root } from './install.js';

const host = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => '\n',
};
const { config = {}, error } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
const { fileNames, options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const program = ts.createProgram(fileNames, options);
const diagnostics = [
  ...(error === undefined ? [] : [error]),
  ...errors,
  ...ts.getPreEmitDiagnostics(program),
];
process.stdout.write(ts.formatDiagnostics(diagnostics, host));

const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      languageOptions: { parserOptions: { projectService: false, programs: [program] } },
    },
  ],
});
const results = await eslint.lintFiles(['.']);
process.stdout.write(await (await eslint.loadFormatter('stylish')).format(results));
const wrong = results.some(({ errorCount, fatalErrorCount }) => errorCount + fatalErrorCount > 0);
process.exitCode = wrong || diagnostics.length > 0 ? 1 : 0;
