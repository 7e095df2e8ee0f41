import { domainToUnicode } from 'node:url';
import { distance } from 'fastest-levenshtein';
import { isHidden } from './hidden.ts';
import type { RoutedIdentityProvider } from './find-identity-providers.ts';

type ByDomain = ReadonlyMap<string, readonly RoutedIdentityProvider[]>;

/** A domain of which somebody signs in. */
interface Known {
  /** A-labels. */
  readonly domain: string;
  /** As people write it: `é`, not `xn--9ca`. What is compared. */
  readonly written: string;
  readonly letters: number;
  readonly labels: number;
  readonly allowsSubdomains: boolean;
}

/** Somebody who is right by more than that did not mistype. */
const most = 2;
/** More that are as near are no help. */
const shown = 3;
/** Nobody types more than that: it was pasted. Bounds the time that one comparison takes. */
const longest = 64;

/**
 * « Vouliez-vous dire … ? » Known domains that are spelled almost like one that nobody knows: one or two letters added,
 * left out or changed (Levenshtein), the nearest only. Short names are all near each other: nothing is proposed for them.
 * IdPs that are hidden or closed give no domain.
 *
 * @param domain A-labels, as `canonicalEmail` writes it
 * @returns A-labels, in order of the alphabet; at most three
 */
export function suggestDomains(domain: string, idpsByDomain: ByDomain): readonly string[] {
  const written = asWritten(domain);
  if (written.length > longest) return [];
  const typed = domain.split('.');
  /** What was typed without its first labels: none, one, two… */
  const tails = typed.map((_label, at) => spelled(written.split('.').slice(at).join('.')));
  const found = new Map<string, number>();
  for (const known of knownDomains(idpsByDomain)) {
    const before = known.allowsSubdomains ? Math.max(0, typed.length - known.labels) : 0;
    const tail = tails[before];
    const allowed = mistakesIn(known.written);
    if (tail === undefined || !mayBeNear(tail, known, allowed)) continue;
    const mistakes = distance(tail.written, known.written);
    if (mistakes > 0 && mistakes <= allowed)
      found.set([...typed.slice(0, before), known.domain].join('.'), mistakes);
  }
  const least = Math.min(...found.values());
  const nearest = [...found].filter(([, mistakes]) => mistakes === least).map(([name]) => name);
  return nearest.length > shown ? [] : nearest.toSorted();
}

const asWritten = (domain: string): string => (domain.includes('xn--') ? domainToUnicode(domain) : domain);

/** `lyon.fr` none, `nantes.fr` one, `exempleville.fr` two. */
function mistakesIn({ length }: string): number {
  if (length < 8) return 0;
  return length < 10 ? 1 : most;
}

/** A name, and which letters it has: one bit each, some sharing theirs. */
const spelled = (written: string) => ({
  written,
  letters: Array.from(written).reduce((bits, letter) => bits | (1 << (letter.charCodeAt(0) & 31)), 0),
});

/** Cheap, and never wrong in saying no: a mistake changes the length by one at most, and adds and removes one letter. */
function mayBeNear(
  tail: Pick<Known, 'written' | 'letters'>,
  known: Pick<Known, 'written' | 'letters'>,
  allowed: number,
): boolean {
  if (Math.abs(tail.written.length - known.written.length) > allowed) return false;
  let others = 0;
  for (let bits = tail.letters ^ known.letters; bits !== 0; bits &= bits - 1) others += 1;
  return others <= 2 * allowed;
}

/** One snapshot serves many people. */
const known = new WeakMap<ByDomain, readonly Known[]>();

function knownDomains(idpsByDomain: ByDomain): readonly Known[] {
  const made = known.get(idpsByDomain);
  if (made !== undefined) return made;
  const domains = [...idpsByDomain].flatMap(([domain, idps]) => {
    const open = idps.filter((idp) => idp.enabled && !isHidden(idp));
    return open.length === 0
      ? []
      : [
          {
            domain,
            ...spelled(asWritten(domain)),
            labels: domain.split('.').length,
            allowsSubdomains: open.some((idp) => idp.allow_subdomains === true),
          },
        ];
  });
  known.set(idpsByDomain, domains);
  return domains;
}
