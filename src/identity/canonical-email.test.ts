import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalEmail } from './canonical-email.ts';

describe('an address has one spelling', () => {
  it.each([
    ['agent@etat.example', 'agent@etat.example', 'etat.example'],
    ['Agent.Un@ETAT.Example', 'Agent.Un@etat.example', 'etat.example'],
    [
      "o'neill+visio@sub.ville-nantes.example",
      "o'neill+visio@sub.ville-nantes.example",
      'sub.ville-nantes.example',
    ],
    ['agent@bücher.example', 'agent@xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['agent@BÜCHER.example', 'agent@xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['agent@xn--bcher-kva.example', 'agent@xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['agent@1and1.example', 'agent@1and1.example', '1and1.example'],
  ])('%s', (input, address, domain) => {
    expect(canonicalEmail(input)).toEqual({ address, domain });
  });
});

describe('what is not one plain address is refused', () => {
  it.each([
    ['nothing', ''],
    ['no @', 'agent.etat.example'],
    ['two @', 'a@etat.example@evil.example'],
    ['quoted @', '"a@etat.example"@evil.example'],
    ['quoted local part', '"agent"@etat.example'],
    ['empty local part', '@etat.example'],
    ['empty domain', 'agent@'],
    ['dot first', '.agent@etat.example'],
    ['dot last', 'agent.@etat.example'],
    ['two dots', 'a..b@etat.example'],
    ['space inside', 'agent @etat.example'],
    ['space in the domain', 'agent@etat .example'],
    ['space first', ' agent@etat.example'],
    ['space last', 'agent@etat.example '],
    ['no-break space last', 'agent@etat.example\u00A0'],
    ['line break last', 'agent@etat.example\r\n'],
    ['line break', 'agent@etat.example\r\nBcc: x@evil.example'],
    ['NUL', 'agent\u0000@etat.example'],
    ['delete', 'agent@etat\u007f.example'],
    ['display name', 'Agent <agent@etat.example>'],
    ['comment', 'agent(x)@etat.example'],
    ['list', 'a@etat.example,b@etat.example'],
    ['final dot', 'agent@etat.example.'],
    ['one label', 'agent@localhost'],
    ['empty label', 'agent@etat..example'],
    ['hyphen first', 'agent@-etat.example'],
    ['hyphen last', 'agent@etat-.example'],
    ['underscore', 'agent@e_tat.example'],
    ['IPv4', 'agent@192.0.2.1'],
    ['shortened IPv4', 'agent@1.2'],
    ['hexadecimal IPv4', 'agent@a.0x7f'],
    ['IPv6 literal', 'agent@[IPv6:::1]'],
    ['port', 'agent@etat.example:25'],
    ['path', 'agent@etat.example/x'],
    ['fullwidth local part', '\uFF41gent@etat.example'],
    ['fullwidth domain', 'agent@\uFF45tat.example'],
    ['fullwidth dot', 'agent@etat\uFF0Eexample'],
    ['ideographic full stop', 'agent@etat\u3002example'],
    ['fullwidth @', 'agent\uFF20etat.example'],
    ['ligature', 'agent@\uFB01nances.example'],
    ['decomposed accent', 'agent@e\u0301tat.example'],
    ['accent in the local part', 'agént@etat.example'],
    ['dotless i in the local part', 'agent\u0131@etat.example'],
    ['soft hyphen', 'agent@et\u00ADat.example'],
    ['zero width space', 'agent@et\u200Bat.example'],
    ['zero width joiner', 'agent@\u00E9\u200D.example'],
    ['right-to-left override', 'agent@\u202Eetat.example'],
    ['invented A-label, ASCII when decoded', 'agent@xn--etat-.example'],
    ['invented A-label, nothing when decoded', 'agent@xn--a.example'],
    ['empty A-label', 'agent@xn--.example'],
    ['hyphen hidden in an A-label', 'agent@-\u00E9.example'],
    ['lone surrogate', 'agent@\uD800.example'],
    ['local part of 65', `${'a'.repeat(65)}@etat.example`],
    ['label of 64', `agent@${'a'.repeat(64)}.example`],
    ['255 characters', `a@${'a.'.repeat(123)}example`],
  ])('%s', (_name, input) => {
    expect(canonicalEmail(input)).toBeUndefined();
  });

  it('counts 254 characters after conversion to A-labels, not before', () => {
    const long = `agent@${'é.'.repeat(60)}example`;
    expect(long.length).toBeLessThan(254);
    expect(canonicalEmail(long)).toBeUndefined();
  });
});

describe('a look-alike is another domain', () => {
  it.each([
    'etаt.example',
    'еtat.example',
    'etat.exаmple',
    'état.example',
    'etạt.example',
    '\u0435\u0442\u0430\u0442.example',
  ])('%s', (domain) => {
    const read = canonicalEmail(`agent@${domain}`);
    expect(read?.domain).toMatch(/xn--/);
    expect(read?.domain).not.toBe('etat.example');
  });
});

describe('properties', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .tuple(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 20 }))
      .map(([a, b]) => `${a}@${b}`),
    fc.tuple(fc.emailAddress(), fc.string({ unit: 'binary', maxLength: 3 })).map(([a, b]) => a + b),
    fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })).map(([a]) => `agent@${a}.example`),
  );

  it('what is accepted is plain ASCII with one @, and reads as itself', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const read = canonicalEmail(input);
        if (read === undefined) return;
        expect(read.address).toMatch(/^[!-~]+@[a-z0-9.-]+$/);
        expect(read.address.split('@')).toEqual([input.split('@')[0], read.domain]);
        expect(read.address.length).toBeLessThanOrEqual(254);
        expect(canonicalEmail(read.address)).toEqual(read);
      }),
      { numRuns: 2000 },
    );
  });

  it('a domain is ASCII in the result exactly when it was typed in ASCII: nothing folds into a known domain', () => {
    const tricks = fc.constantFrom(
      '\u00AD',
      '\u200B',
      '\u200C',
      '\u200D',
      '\u2060',
      '\uFEFF',
      '\u3002',
      '\uFF0E',
      '\u0307',
      'ſ',
      'K',
      'ａ',
      'ß',
    );
    fc.assert(
      fc.property(fc.nat(12), tricks, (at, trick) => {
        const domain = 'etat.example';
        const read = canonicalEmail(`agent@${domain.slice(0, at)}${trick}${domain.slice(at)}`);
        expect(read?.domain).not.toBe(domain);
      }),
    );
  });

  it('the case of the domain never matters, the case of the local part is kept', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (input) => {
        const read = canonicalEmail(input);
        const [local = '', domain = ''] = input.split('@');
        expect(canonicalEmail(`${local}@${domain.toUpperCase()}`)).toEqual(read);
        if (read !== undefined) expect(read.address.startsWith(`${local}@`)).toBe(true);
      }),
    );
  });
});
