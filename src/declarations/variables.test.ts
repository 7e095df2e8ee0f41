import { describe, expect, it } from 'vitest';
import { readDeclarations } from './load.ts';
import { read, refused } from './testing/reading.ts';
import { aClient, aService, yamlOf } from './testing/samples.ts';

describe('a variable', () => {
  const withSecret = (secret: string) =>
    yamlOf({ services: [aService], clients: [{ ...aClient, client_secret: secret }] });

  it('stands for its value, within any text', () => {
    const set = read(
      yamlOf({ services: [{ ...aService, url: 'https://${HOST}/x' }] }).replace(
        '${HOST}',
        '${DOCS_SECRET}.test',
      ),
    );
    expect(set.services[0]?.url).toBe(`https://${'s'.repeat(43)}.test/x`);
    expect(read(withSecret('${DOCS_SECRET}')).clients).toHaveLength(1);
  });

  it.each([
    ['${ABSENT}', 'the variable ABSENT is not set'],
    ['${EMPTY}', 'the variable EMPTY is not set'],
    ['${docs_secret}', 'is not a variable'],
    ['${DOCS_SECRET', 'is not a variable'],
    ['${}', 'is not a variable'],
    ['${constructor}', 'is not a variable'],
  ])('%s is refused at its line', (text, reason) => {
    const lines = refused(withSecret(text.padEnd(43, 'x')));
    expect(lines.some((line) => line.includes(reason) && /^a\.yaml:\d+: /.test(line))).toBe(true);
  });

  it('is not looked for in the value of another', () => {
    const set = readDeclarations([{ name: 'a.yaml', text: withSecret('${A}') }], {
      production: false,
      variables: { A: `\${B}${'x'.repeat(43)}`, B: 'b' },
    });
    expect(set.clients).toHaveLength(1);
  });
});
