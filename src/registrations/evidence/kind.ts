import { fileTypeFromBuffer } from 'file-type';
import { jpegFlaw } from './jpeg.ts';
import { evidenceLimits } from './limits.ts';
import { odtFlaw, odtMediaType } from './odt.ts';
import { pdfFlaw } from './pdf.ts';
import { pngFlaw } from './png.ts';
import { flaw } from './refusal.ts';
import type { Flaw } from './refusal.ts';

export const evidenceMediaTypes = ['application/pdf', 'image/png', 'image/jpeg', odtMediaType] as const;
export type EvidenceMediaType = (typeof evidenceMediaTypes)[number];

const extensions: Readonly<Record<EvidenceMediaType, readonly [string, ...string[]]>> = {
  'application/pdf': ['pdf'],
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  [odtMediaType]: ['odt'],
};

const looks: Readonly<
  Record<EvidenceMediaType, (bytes: Buffer) => Flaw | undefined | Promise<Flaw | undefined>>
> = {
  'application/pdf': pdfFlaw,
  'image/png': pngFlaw,
  'image/jpeg': jpegFlaw,
  [odtMediaType]: odtFlaw,
};

export type Recognition =
  | { readonly kind: 'accepted'; readonly mediaType: EvidenceMediaType }
  | ({ readonly kind: 'refused' } & Flaw);

/**
 * What a file is by its content alone; its name and the type that a browser gave it say nothing. What people send is looked
 * at beside the requests (recognized-file.ts), not here.
 */
export async function recognize(bytes: Buffer): Promise<Recognition> {
  const refused = (found: Flaw): Recognition => ({ kind: 'refused', ...found });
  if (bytes.length === 0) return refused(flaw('empty', 'no byte'));
  if (bytes.length > evidenceLimits.pieceBytes) return refused(flaw('too_large', `${bytes.length} bytes`));
  const mediaType = await mediaTypeOf(bytes);
  if (mediaType === undefined) return refused(flaw('not_accepted', 'neither PDF, PNG, JPEG nor ODT'));
  const found = await looks[mediaType](bytes);
  return found === undefined ? { kind: 'accepted', mediaType } : refused(found);
}

async function mediaTypeOf(bytes: Buffer): Promise<EvidenceMediaType | undefined> {
  // The library reads on where a file leads it: one that leads nowhere is none of ours.
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  return evidenceMediaTypes.find((one) => one === found?.mime);
}

/** An extension that lies is followed by the right one: whoever downloads the file opens what it is. */
export function namedAs(name: string, mediaType: EvidenceMediaType): string {
  const [first, ...others] = extensions[mediaType];
  const fits = [first, ...others].some((extension) => name.toLowerCase().endsWith(`.${extension}`));
  return fits ? name : `${name.slice(0, 115)}.${first}`;
}
