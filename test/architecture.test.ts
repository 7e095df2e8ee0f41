// The house of docs/adr/0001-rooms-added.md: arrows run down, through doors only, and nothing goes in a circle.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** From the top to the bottom. Rooms of one floor do not know each other. */
const floors: readonly (readonly string[])[] = [
  ['main.ts'],
  ['cli'],
  ['broker.ts'],
  ['compose.ts'],
  ['own-pages.ts', 'casework.ts', 'partner-accounts.ts'],
  ['knowledge.ts', 'provider-stores.ts', 'beside-requests.ts', 'federation.ts', 'sign-in-safety.ts'],
  ['interaction', 'account', 'applicants', 'operators', 'sponsors', 'representatives'],
  ['visitor'],
  ['dynamic-clients'],
  ['provider', 'upstream'],
  ['logout'],
  ['keys'],
  ['homerealm', 'batches', 'members', 'personal-data', 'blocking'],
  ['partners', 'joining'],
  ['registrations', 'invitations', 'policies', 'appointments', 'corrections', 'domains'],
  ['identity'],
  ['declarations', 'importers', 'connectors'],
  ['register'],
  ['eligibility'],
  ['organizations'],
  ['codes', 'limits'],
  ['http'],
  ['audit', 'mail'],
  ['storage'],
  ['config'],
  ['errors'],
];
const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));

interface Import {
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** Path from the project folder; undefined for packages. */
  readonly to: string | undefined;
  readonly typeOnly: boolean;
}

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('src', name).split(sep).join('/'));

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

const isTest = (file: string): boolean =>
  file.endsWith('.test.ts') || file.includes('/testing/') || file.includes('conformance');

/** `src/config/seal.ts` → `config`; `src/main.ts` → `main.ts`. */
const roomOf = (file: string): string => file.split('/')[1] ?? '';

const isDoor = (file: string): boolean => {
  const [, room, name, ...deeper] = file.split('/');
  return deeper.length === 0 && (name === undefined || name === `${room ?? ''}.ts`);
};

function importsOf(from: string): readonly Import[] {
  const source = ts.createSourceFile(from, textOf(from), ts.ScriptTarget.ESNext, true);
  const found: Import[] = [];
  const add = (node: ts.Node, typeOnly: boolean): void => {
    if (!ts.isStringLiteral(node)) return;
    const specifier = node.text;
    const to = specifier.startsWith('.')
      ? relative(root, join(root, dirname(from), specifier))
          .split(sep)
          .join('/')
      : undefined;
    found.push({ from, specifier, to, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
      add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      for (const argument of node.arguments) add(argument, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const imports = files.flatMap(importsOf);
const show = (wrong: readonly Import[]): readonly string[] =>
  wrong.map(({ from, specifier }) => `${from} → ${specifier}`);

describe('the rooms', () => {
  it('are those of the list', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !floorOf.has(room))).toEqual([]);
    expect(files.length).toBeGreaterThan(100);
    expect(imports.length).toBeGreaterThan(500);
  });

  it('have each one door, whose header says what it does, how data flows and what it may import', () => {
    for (const room of [...floorOf.keys()].filter((name) => !name.endsWith('.ts'))) {
      const header = /^\/\*\*\n([\s\S]*?)\*\//.exec(textOf(`src/${room}/${room}.ts`))?.[1] ?? '';
      expect(header, `header of src/${room}/${room}.ts`).toContain(`${room}/:`);
      expect(header, `header of src/${room}/${room}.ts`).toMatch(/May import/);
      expect(
        header.trim().split('\n').length,
        `lines of the header of src/${room}/${room}.ts`,
      ).toBeGreaterThanOrEqual(6);
    }
  });
});

describe('arrows', () => {
  const between = imports.filter(
    ({ from, to }) => to?.startsWith('src/') === true && roomOf(to) !== roomOf(from),
  );

  it('run down', () => {
    const up = between.filter(
      ({ from, to }) => (floorOf.get(roomOf(to ?? '')) ?? -1) <= (floorOf.get(roomOf(from)) ?? 0),
    );
    expect(show(up)).toEqual([]);
  });

  it('go through doors; tests may also borrow what the tests of another room prepare', () => {
    const borrowed = ({ from, to }: Import): boolean => isTest(from) && to?.includes('/testing/') === true;
    expect(show(between.filter((one) => !isDoor(one.to ?? '') && !borrowed(one)))).toEqual([]);
  });

  it('leave src/ only for demo/, from cli/demo.ts, and for test/, from tests', () => {
    const out = imports.filter(({ to }) => to !== undefined && !to.startsWith('src/'));
    const wrong = out.filter(
      ({ from, to }) => !(from === 'src/cli/demo.ts' && to?.startsWith('demo/') === true) && !isTest(from),
    );
    expect(show(wrong)).toEqual([]);
  });

  it('do not lead from the code to its tests', () => {
    expect(show(imports.filter(({ from, to }) => to !== undefined && isTest(to) && !isTest(from)))).toEqual(
      [],
    );
  });

  it('make no circle between files', () => {
    const next = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports) {
      if (to !== undefined && !typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
    }
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
        return;
      }
      if (done.has(file)) return;
      for (const other of next.get(file) ?? []) walk(other, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });
});

describe('files', () => {
  it('only src/provider/library.ts reaches into what oidc-provider does not document', () => {
    const deep = imports.filter(({ specifier }) => /^oidc-provider\/.+/.test(specifier));
    expect(show(deep.filter(({ from }) => from !== 'src/provider/library.ts'))).toEqual([]);
  });

  it('hold one idea: at most 300 lines', () => {
    const long = files
      .map((file) => [file, textOf(file).trimEnd().split('\n').length] as const)
      .filter(([, lines]) => lines > 300);
    expect(long).toEqual([]);
  });

  it('take each another advisory lock: two of one number would wait for each other', () => {
    const numbers = files.flatMap((file) => textOf(file).match(/\b7_?214_?400_?\d{3}\b/g) ?? []);
    expect(numbers.length).toBeGreaterThan(4);
    const plain = numbers.map((one) => one.replaceAll('_', ''));
    expect(plain.filter((one, at) => plain.indexOf(one) !== at)).toEqual([]);
  });

  it('import each other with their extension, as the Node that runs them demands', () => {
    expect(show(imports.filter(({ to }) => to !== undefined && !/\.(?:ts|json)$/.test(to)))).toEqual([]);
  });
});
