import { parse } from 'tldts';

/*
 * Domains below which anybody gets a name: whoever has one there, or proves something there, proves nothing of the whole.
 */

/**
 * Suffixes of professions and chambers: AFNIC closed them or handed them over, so that the Public Suffix List has them among
 * hosts, or no more. Names below them are somebody's.
 */
const sectorSuffixes: ReadonlySet<string> = new Set([
  'aeroport.fr',
  'avocat.fr',
  'chambagri.fr',
  'chirurgiens-dentistes.fr',
  'experts-comptables.fr',
  'geometre-expert.fr',
  'medecin.fr',
  'notaires.fr',
  'pharmacien.fr',
  'port.fr',
  'presse.fr',
  'veterinaire.fr',
]);

/** What nobody owns (RFC 6761, RFC 6762, RFC 8375, RFC 7686), or no name of the public DNS ends with. */
const reservedTops: ReadonlySet<string> = new Set(
  'alt arpa corp home internal invalid lan local localdomain localhost onion'.split(' '),
);

/**
 * Hosts that give a sub-domain to whoever signs up, as their own pages say (read in November 2026), and that are not in the Public
 * Suffix List: free sites, shared servers, and the first domain of a tenant of an office suite.
 */
const unlistedHosts: ReadonlySet<string> = new Set([
  'assoconnect.com',
  'blog4ever.com',
  'canalblog.com',
  'clubeo.com',
  'e-monsite.com',
  'eklablog.com',
  'footeo.com',
  'hautetfort.com',
  'jimdofree.com',
  'jimdosite.com',
  'kalisport.com',
  'lautre.net',
  'monsite-orange.fr',
  'mystrikingly.com',
  'onmicrosoft.com',
  'over-blog.com',
  'pagesperso-orange.fr',
  'sharepoint.com',
  'sitew.com',
  'sitew.fr',
  'sportsregions.fr',
  'tumblr.com',
  'webnode.fr',
  'webself.net',
  'weebly.com',
  'wordpress.com',
]);

/** `a.b.fr` → `a.b.fr`, `b.fr`, `fr`. */
export const upwards = (domain: string): readonly string[] => {
  const labels = domain.split('.');
  return labels.map((_label, index) => labels.slice(index).join('.'));
};

export const isReserved = (domain: string): boolean => reservedTops.has(domain.split('.').at(-1) ?? '');

/** A suffix of a registry itself (Public Suffix List, section ICANN); names below one are those of somebody. */
export const isRegistrySuffix = (domain: string): boolean =>
  sectorSuffixes.has(domain) || isIcannSuffix(domain);

function isIcannSuffix(domain: string): boolean {
  const { publicSuffix, isIcann } = parse(domain, { extractHostname: false });
  return isIcann === true && publicSuffix === domain;
}

/** A host of others (section PRIVATE of the same list, and what it lacks), or anything below it. */
export function isSharedHosting(domain: string): boolean {
  if (upwards(domain).some((one) => unlistedHosts.has(one))) return true;
  const { publicSuffix, isPrivate } = parse(domain, { extractHostname: false, allowPrivateDomains: true });
  return isPrivate === true && publicSuffix !== null && !sectorSuffixes.has(publicSuffix);
}
