/**
 * A relative name (RFC 4514 §2.2): its `type=value` pairs, sorted, types in lower case, escapes undone.
 * The order of relative names means something; within one it does not.
 */
export type RelativeName = readonly string[];

const special = /^[ #,+"\\<>;=]$/;
/** Names of OIDs that both people and OpenSSL write; any other type stands as a dotted OID on both sides. */
const oids: Readonly<Record<string, string>> = {
  email: 'emailaddress',
  e: 'emailaddress',
  '2.5.4.97': 'organizationidentifier',
  '2.5.4.5': 'serialnumber',
  '1.2.840.113549.1.9.1': 'emailaddress',
};

/**
 * A distinguished name as RFC 4514 writes it (the last relative name first), or as `openssl x509 -nameopt RFC2253`.
 *
 * @param separator what stands between relative names: a comma, or the line break of Node's `X509Certificate.subject`
 * @returns undefined when the text is no distinguished name
 */
export function parseDistinguishedName(
  text: string,
  separator: ',' | '\n' = ',',
): readonly RelativeName[] | undefined {
  const names: RelativeName[] = [];
  for (const part of splitUnescaped(text, separator) ?? ['']) {
    const pairs = splitUnescaped(part, '+');
    if (pairs === undefined) return undefined;
    const read = pairs.map(parsePair);
    const known = read.filter((pair) => pair !== undefined);
    if (known.length < read.length) return undefined;
    names.push(known.toSorted());
  }
  return names;
}

function splitUnescaped(text: string, separator: string): readonly string[] | undefined {
  const parts: string[] = [''];
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\\' && index + 1 === text.length) return undefined;
    if (character === separator) parts.push('');
    else {
      parts.push((parts.pop() ?? '') + (character === '\\' ? text.slice(index, index + 2) : character));
      if (character === '\\') index += 1;
    }
  }
  return parts;
}

function parsePair(text: string): string | undefined {
  const equals = text.indexOf('=');
  const type = text.slice(0, Math.max(equals, 0)).trim().toLowerCase();
  if (!/^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)+)$/.test(type)) return undefined;
  const value = unescapeValue(trimUnescaped(text.slice(equals + 1)));
  return value === undefined || value === '' ? undefined : `${oids[type] ?? type}=${value}`;
}

/** Spaces around are none of the value, unless the last one is escaped. */
function trimUnescaped(text: string): string {
  const start = text.trimStart();
  const end = start.trimEnd();
  const backslashes = /\\*$/.exec(end)?.[0].length ?? 0;
  return backslashes % 2 === 1 ? `${end} ` : end;
}

function unescapeValue(text: string): string | undefined {
  // RFC 4514 §2.4: `#` and hexadecimal is the value in BER, which we do not compare.
  if (text.startsWith('#')) return undefined;
  const bytes: number[] = [];
  for (let index = 0; index < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    if (character !== '\\') {
      if (['"', ',', ';', '<', '>', '\u0000'].includes(character)) return undefined;
      bytes.push(...Buffer.from(character));
      index += character.length;
      continue;
    }
    const hexadecimal = text.slice(index + 1, index + 3);
    if (/^[0-9a-f]{2}$/i.test(hexadecimal)) {
      bytes.push(Number.parseInt(hexadecimal, 16));
      index += 3;
      continue;
    }
    if (!special.test(text.charAt(index + 1))) return undefined;
    bytes.push(text.charCodeAt(index + 1));
    index += 2;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}
