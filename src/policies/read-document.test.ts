import { describe, expect, it } from 'vitest';
import { demoPolicy } from '../eligibility/testing/factory.ts';
import { diffLines } from './line-diff.ts';
import { longestDocument, policyText, readPolicyDocument } from './read-document.ts';

const containing = (words: string): unknown => expect.stringContaining(words);
const docs = demoPolicy('docs');
const text = policyText(docs);
const lineWith = (words: string): number => text.split('\n').findIndex((line) => line.includes(words)) + 1;
const end = text.split('\n').length;

describe('a document', () => {
  it('comes back as it was written, YAML or JSON, alone or under policies', () => {
    const indented = `policies:\n  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`;
    for (const written of [text, JSON.stringify(docs), indented])
      expect(readPolicyDocument(written)).toEqual({ kind: 'policy', policy: docs });
  });

  it.each([
    ['nothing', '', [[1, 'must be']]],
    ['another thing', '12', [[1, 'must be']]],
    ['two policies', 'policies: [{}, {}]', [[1, 'service']]],
    [
      'an unknown predicate',
      text.replace('org.public_service', 'org.publik'),
      [[lineWith('org.public_service'), 'unknown predicate "org.publik"']],
    ],
    [
      'a value that is none',
      text.replace('level: member', 'level: king'),
      [[lineWith('level: member'), 'rules[0].allow.level']],
    ],
    ['an unknown key', `${text}colour: red\n`, [[end, 'unknown key "colour"']]],
    ['a broken text', 'rules: [', [[1, '']]],
    ['a key twice', `${text}version: 2\n`, [[end, 'unique']]],
    ['a variable', text.replace('docs', '$' + '{HOME}'), [[1, 'HOME']]],
    ['words turned round', text.replace('docs', 'docs # \u202eeb ot'), [[1, 'U+202E']]],
    ['an unseen sign', text.replace('service: docs', 'service: docs\nx: "a\u200bb"'), [[2, 'U+200B']]],
    [
      'an unseen sign in the letters of YAML',
      text.replace('org.public_service: true', 'user.email_domain: "etat\\u200b.example"'),
      [[lineWith('org.public_service'), 'U+200B']],
    ],
    ['too deep', `a: ${'['.repeat(50)}${']'.repeat(50)}`, [[1, 'deep']]],
    ['too much', 'a'.repeat(longestDocument + 1), [[1, 'longer']]],
    [
      'an alias bomb',
      `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`,
      [[1, '']],
    ],
  ])('is refused by line: %s', (_what, written, expected) => {
    const read = readPolicyDocument(written);
    const found = read.kind === 'problems' ? read.problems : [];
    expect(found.length).toBeGreaterThan(0);
    for (const [line, reason] of expected)
      expect(found).toContainEqual(expect.objectContaining({ line, reason: containing(String(reason)) }));
  });

  it.each([
    ['one alias, again and again', `a: &a [1]\nb: [${'*a,'.repeat(20_000)}]\n`],
    ['many anchors', Array.from({ length: 5000 }, (_, at) => `- &a${at} x\n- *a${at}\n`).join('')],
    ['many keys', Array.from({ length: 10_000 }, (_, at) => `a${at}: 1\n`).join('')],
    ['many faults under an alias', `a: &a {guards: [${'{},'.repeat(12_000)}]}\npolicies: [*a]\n`],
  ])('stops no process, whoever sends it: %s', (_what, written) => {
    expect(written.length).toBeLessThanOrEqual(longestDocument);
    const before = process.cpuUsage();
    const read = readPolicyDocument(written);
    const { user, system } = process.cpuUsage(before);
    expect(read.kind).toBe('problems');
    // Microseconds: one took 45 seconds.
    expect(user + system).toBeLessThan(4_000_000);
  });

  it('is of the service and of the number that are expected', () => {
    expect(readPolicyDocument(text, { service: 'visio', version: 2 })).toEqual({
      kind: 'problems',
      problems: [
        { line: 1, kind: 'settled', name: 'service', reason: '"service" must be "visio" here' },
        { line: 2, kind: 'settled', name: 'version', reason: '"version" must be 2 here' },
      ],
    });
  });
});

describe('the difference of two texts', () => {
  it('makes the one of the other, and leaves the common lines', () => {
    const other = text.replace('version: 1', 'version: 2').replace('[use]', '[use]\nend: x');
    const lines = diffLines(text, other);
    const side = (leftOut: string) => lines.filter(({ sign }) => sign !== leftOut).map((one) => one.text);
    expect(side('+').join('\n')).toBe(text.trimEnd());
    expect(side('-').join('\n')).toBe(other.trimEnd());
    expect(lines.filter(({ sign }) => sign === '-')).toEqual([{ sign: '-', text: 'version: 1' }]);
    expect(diffLines(text, text).every(({ sign }) => sign === ' ')).toBe(true);
  });
});
