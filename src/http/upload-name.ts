const longest = 120;

/** Names that Windows keeps for devices, whatever their extension. */
const device = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/iu;

/**
 * A file name as a browser sent it, made a plain base name: no folder, nothing invisible, no mark that turns the direction
 * of writing (`fdp.exe` read backwards), none of the characters that some system or header reads as something else.
 *
 * @returns at most 120 characters, the extension kept; `document` when nothing is left
 */
export function plainFileName(sent: string): string {
  const base = sent.toWellFormed().normalize('NFC').split(/[/\\]/u).at(-1) ?? '';
  const plain = base
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\ufffd]/gu, '')
    .replace(/[<>:"|?*%;`$]/gu, '_')
    .replace(/\s+/gu, ' ')
    // A name that starts with a dot is hidden, one that starts with a hyphen is an option to some program.
    .replace(/^[\s.-]+|[\s.]+$/gu, '');
  if (plain === '') return 'document';
  return shortened(device.test(plain) ? `_${plain}` : plain);
}

function shortened(name: string): string {
  // By code point: half of a character is none.
  const characters = Array.from(name);
  if (characters.length <= longest) return name;
  const extension = /\.[0-9A-Za-z]{1,8}$/u.exec(name)?.[0] ?? '';
  return characters.slice(0, longest - extension.length).join('') + extension;
}
