import { isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node, Scalar, YAMLMap } from 'yaml';

/** One reason why a folder is refused, where a person will look for it. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export interface YamlFile {
  readonly name: string;
  /** The plain value of the document; null for an empty one; undefined when it could not be read. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Line of the value at a path, or of the nearest thing around it that exists; of the key itself with `key`. */
  lineOf(path: readonly PropertyKey[], key?: string): number;
}

/** Values of `${VARIABLE}` in the files. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads one YAML 1.2 document, one only, without anything that runs code; every position is kept. */
export function readYamlFile(name: string, text: string, variables: Variables): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Looked at below: the library compares each key with each other one, and a text of 100 kB stops a process for seconds.
    uniqueKeys: false,
    version: '1.2',
  });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const problem = (offset: number, reason: string): Problem => ({ file: name, line: lineAt(offset), reason });

  const syntax = [...document.errors, ...document.warnings].map((error) =>
    problem(error.pos[0], firstLine(error.message)),
  );
  if (syntax.length > 0) return { name, value: undefined, problems: syntax, lineOf: () => 1 };

  const problems: Problem[] = [];
  // In the order of the text. The library would go through the whole document again for each alias.
  const anchors = new Set<string>();
  visit(document, {
    Alias(_key, alias) {
      if (!anchors.has(alias.source))
        problems.push(problem(offsetOf(alias), `*${alias.source}: nothing is called &${alias.source} above`));
    },
    Collection(_key, collection) {
      if (collection.anchor !== undefined) anchors.add(collection.anchor);
      if (!isMap(collection)) return;
      for (const key of repeatedKeys(collection))
        problems.push(problem(offsetOf(key), 'Map keys must be unique'));
    },
    Scalar(key, scalar) {
      if (scalar.anchor !== undefined) anchors.add(scalar.anchor);
      if (key === 'key' || typeof scalar.value !== 'string') return;
      scalar.value = interpolate(scalar.value, variables, (reason) =>
        problems.push(problem(offsetOf(scalar), reason)),
      );
    },
  });
  return {
    name,
    ...plainValue(document, problems, name),
    lineOf: (path, key) => lineAt(offsetOf(nodeAt(document, path, key))),
  };
}

function repeatedKeys({ items }: YAMLMap): readonly Scalar[] {
  const seen = new Set<unknown>();
  return items.flatMap(({ key }): Scalar[] => {
    if (!isScalar(key)) return [];
    if (seen.has(key.value)) return [key];
    seen.add(key.value);
    return [];
  });
}

/** `${NAME}`, as many times as one likes, within a text. The result is always text, and is not read again. */
function interpolate(text: string, variables: Variables, refuse: (reason: string) => void): string {
  return text.replaceAll(/\$\{([^}]*)\}?/g, (whole, name: string) => {
    if (!/^\$\{[A-Z][A-Z0-9_]*\}$/.test(whole)) {
      refuse(`${JSON.stringify(whole)} is not a variable: write \${NAME}, in capitals`);
      return whole;
    }
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined || value === '') refuse(`the variable ${name} is not set`);
    return value ?? '';
  });
}

function plainValue(
  document: Document,
  problems: readonly Problem[],
  file: string,
): Pick<YamlFile, 'value' | 'problems'> {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { value, problems };
  } catch (error) {
    // Aliases of aliases that would fill the memory.
    const reason = error instanceof Error ? firstLine(error.message) : 'unreadable';
    return { value: undefined, problems: problems.length > 0 ? problems : [{ file, line: 1, reason }] };
  }
}

function nodeAt(document: Document, path: readonly PropertyKey[], key: string | undefined): unknown {
  let found: unknown = document.contents;
  for (const step of path) {
    const next = childOf(resolved(document, found), step);
    if (next === undefined) return found;
    found = next;
  }
  return key === undefined ? found : (keyOf(resolved(document, found), key) ?? found);
}

const resolved = (document: Document, node: unknown): unknown =>
  isAlias(node) ? node.resolve(document) : node;

function childOf(node: unknown, step: PropertyKey): unknown {
  if (isSeq(node)) return node.items[Number(step)];
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  // A key without a value, `name:`, has no node of its own to point at.
  return pair === undefined ? undefined : isPositioned(pair.value) ? pair.value : pair.key;
}

const keyOf = (node: unknown, name: string): unknown =>
  isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === name)?.key : undefined;

const isPositioned = (node: unknown): node is Node | Scalar =>
  (isScalar(node) || isCollection(node) || isAlias(node)) && node.range !== null && node.range !== undefined;

const offsetOf = (node: unknown): number => (isPositioned(node) ? (node.range?.[0] ?? 0) : 0);

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message;
