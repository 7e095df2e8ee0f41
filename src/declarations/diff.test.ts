import { describe, expect, it } from 'vitest';
import { diffDeclarations, formatDiff } from './diff.ts';
import type { Comparable } from './diff.ts';

const client = (id: string, fields: Readonly<Record<string, unknown>> = {}): Comparable => ({
  kind: 'client',
  id,
  fields: { client_id: id, ...fields },
});

describe('the diff', () => {
  it('is empty between two equal sides, whatever the order of objects and of fields', () => {
    const left = [client('a', { x: 1, y: { b: [1], c: 2 } }), client('b')];
    const right = [client('b'), client('a', { y: { c: 2, b: [1] }, x: 1 })];
    expect(diffDeclarations(left, right)).toEqual({ changes: [], same: 2 });
  });

  it('tells what is added, changed and removed', () => {
    const { changes, same } = diffDeclarations(
      [client('new'), client('same'), client('other', { scope: 'openid email', pkce: 'required' })],
      [client('gone'), client('same'), client('other', { scope: 'openid', pkce: 'required' })],
    );
    expect(same).toBe(1);
    expect(changes).toEqual([
      { kind: 'client', id: 'new', change: 'added', fields: [] },
      {
        kind: 'client',
        id: 'other',
        change: 'changed',
        fields: [{ field: 'scope', before: 'openid', after: 'openid email' }],
      },
      { kind: 'client', id: 'gone', change: 'removed', fields: [] },
    ]);
  });

  it('does not take a service for a client of the same id', () => {
    const service: Comparable = { kind: 'service', id: 'a', fields: { client_id: 'a' } };
    expect(diffDeclarations([client('a')], [service]).changes.map(({ change }) => change)).toEqual([
      'added',
      'removed',
    ]);
  });

  it('sees the order of a list, a field that comes and a field that goes', () => {
    const fields = (before: object, after: object) =>
      diffDeclarations([client('a', { ...after })], [client('a', { ...before })]).changes[0]?.fields;
    expect(fields({ l: [1, 2] }, { l: [2, 1] })).toHaveLength(1);
    expect(fields({}, { l: 1 })).toEqual([{ field: 'l', before: undefined, after: 1 }]);
    expect(fields({ l: 1 }, {})).toEqual([{ field: 'l', before: 1, after: undefined }]);
  });
});

describe('on a terminal', () => {
  it('one line per object, one per field, and a count', () => {
    const diff = diffDeclarations(
      [client('new'), client('other', { scope: 'b' })],
      [client('gone'), client('other', { scope: 'a' })],
    );
    expect(formatDiff(diff)).toBe(
      [
        '+ client new',
        '~ client other',
        '    scope: "a" → "b"',
        '- client gone',
        '1 added, 1 changed, 1 removed, 0 unchanged.',
      ].join('\n'),
    );
  });

  it('says that there is nothing to do', () => {
    expect(formatDiff({ changes: [], same: 3 })).toBe(
      'Nothing to do: 0 added, 0 changed, 0 removed, 3 unchanged.',
    );
  });

  it('says what was left alone, even when there is nothing to do', () => {
    expect(formatDiff({ changes: [], same: 3, notes: ['! operator eve: left out'] })).toBe(
      '! operator eve: left out\nNothing to do: 0 added, 0 changed, 0 removed, 3 unchanged.',
    );
  });

  it.each(['client_secret', 'client_secret_sha256', 'client_secret_sealed'])(
    'names %s and never shows it',
    (field) => {
      const diff = diffDeclarations(
        [client('a', { [field]: 'new-secret' })],
        [client('a', { [field]: 'old-secret' })],
      );
      expect(formatDiff(diff)).toContain(`${field}: changed (not shown)`);
      expect(JSON.stringify(diff) + formatDiff(diff)).not.toMatch(/new-secret|old-secret/);
    },
  );

  it('cuts what is long', () => {
    const diff = diffDeclarations([client('a', { x: 'y'.repeat(5000) })], [client('a', { x: 1 })]);
    expect(formatDiff(diff).length).toBeLessThan(400);
  });
});
