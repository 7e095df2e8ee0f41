import { isAlias, isMap, isNode, isSeq, parseDocument, visit } from 'yaml';
import type { Document } from 'yaml';
import { canonicalJson } from '../config/config.ts';
import { policySchema } from '../eligibility/eligibility.ts';
import type { Policy } from '../eligibility/eligibility.ts';
import { readPolicyDocument } from './read-document.ts';
import { fieldAt, sayTheSame } from './rule-form.ts';
import type { RuleField, RulePart } from './rule-form.ts';

/** One change to the rules, or to the guards. `value`: as a document would say it, not judged yet. */
export type PolicyEdit = { readonly part: RulePart } & (
  | { readonly kind: 'add'; readonly value: unknown }
  | { readonly kind: 'replace'; readonly index: number; readonly value: unknown }
  | { readonly kind: 'up' | 'down' | 'remove'; readonly index: number }
);

export type EditedDocument =
  | { readonly kind: 'document'; readonly document: string }
  /** Fields to be corrected, in no order. */
  | { readonly kind: 'fields'; readonly fields: readonly (RuleField | 'conditions')[] }
  /** It cannot be done without changing something else: by hand, in the document. */
  | { readonly kind: 'by_hand' };

/**
 * Writes one change into a document, and into nothing else of it: its notes, its order and its writing stay. What comes out
 * is read again by the parser of documents, and has to say what was there with this one change.
 */
export function editDocument(text: string, edit: PolicyEdit): EditedDocument {
  const before = readPolicyDocument(text);
  if (before.kind !== 'policy') return { kind: 'by_hand' };
  const { policy } = before;
  const held: readonly unknown[] = policy[edit.part];
  const at = edit.kind === 'add' ? held.length : edit.index;
  const list = changed(held, edit, (value) => value);
  if (list === undefined) return { kind: 'by_hand' };
  const judged = policySchema.safeParse({ ...policy, [edit.part]: list });
  if (!judged.success) {
    const fields = judged.error.issues.map(({ path }) =>
      path[0] === edit.part && path[1] === at ? fieldAt(path.slice(2)) : 'conditions',
    );
    return { kind: 'fields', fields: [...new Set(fields)] };
  }
  const document = written(text, edit);
  return document !== undefined && says(document, judged.data)
    ? { kind: 'document', document }
    : { kind: 'by_hand' };
}

function says(document: string, policy: Policy): boolean {
  const read = readPolicyDocument(document);
  return read.kind === 'policy' && canonicalJson(read.policy) === canonicalJson(policy);
}

function changed<T>(items: readonly T[], edit: PolicyEdit, made: (value: unknown) => T): T[] | undefined {
  if (edit.kind === 'add') return [...items, made(edit.value)];
  const { index } = edit;
  const item = items[index];
  if (item === undefined) return undefined;
  if (edit.kind === 'replace') return items.with(index, made(edit.value));
  const rest = items.toSpliced(index, 1);
  if (edit.kind === 'remove') return rest;
  const to = edit.kind === 'up' ? index - 1 : index + 1;
  return to < 0 || to >= items.length ? undefined : rest.toSpliced(to, 0, item);
}

function written(text: string, edit: PolicyEdit): string | undefined {
  // As the reader of files reads it, which has looked at its keys already (declarations/yaml-file.ts).
  const document = parseDocument(text.replace(/^\ufeff/u, ''), { uniqueKeys: false, version: '1.2' });
  const list = [['policies', 0, edit.part], [edit.part]]
    .map((path) => document.getIn(path))
    .find((node) => isSeq(node));
  if (!isSeq(list) || hasAlias(document)) return undefined;
  // A note above the first is read as one of the whole list.
  const [first] = list.items;
  if (isNode(first) && typeof list.commentBefore === 'string') {
    first.commentBefore = [list.commentBefore, first.commentBefore].filter(Boolean).join('\n');
    list.commentBefore = null;
  }
  const old = edit.kind === 'replace' ? list.items[edit.index] : undefined;
  if (edit.kind === 'replace' && isMap(old)) rewrite(document, old, edit.value);
  else {
    const items = changed(list.items, edit, (value) => document.createNode(value));
    if (items === undefined) return undefined;
    if (list.items.length === 0 && isMap(document.contents)) list.flow = document.contents.flow ?? false;
    list.items = items;
  }
  return document.toString({ lineWidth: 110 });
}

/** What is said once for two places cannot be moved by itself. */
function hasAlias(document: Document): boolean {
  let found = false;
  visit(document, (_key, node) => {
    found ||= isAlias(node);
  });
  return found;
}

/** Part by part, so that what is said again as it was keeps its notes and its writing. */
function rewrite(document: Document, item: { items: unknown[] }, value: unknown): void {
  if (!isMap(item) || typeof value !== 'object' || value === null) return;
  const young = new Map<string, unknown>(Object.entries(value));
  for (const { key } of [...item.items]) {
    const name = String(key);
    const held = item.get(key, true);
    if (!young.has(name)) item.delete(key);
    else if (isNode(held) && sayTheSame(held.toJS(document), young.get(name))) young.delete(name);
  }
  for (const [name, part] of young) item.set(name, document.createNode(part));
}
