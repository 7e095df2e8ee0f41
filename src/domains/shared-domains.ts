/*
 * Domains below which anybody gets a name: whoever has one there, or proves something there, proves nothing of the whole.
 */

/**
 * Suffixes under which registries sell names in France and its territories, from the Public Suffix List, section ICANN
 * (publicsuffix.org, read in November 2026), and those that AFNIC closed since and whose names still live.
 */
const registrySuffixes: ReadonlySet<string> = new Set([
  'aeroport.fr',
  'asso.fr',
  'avocat.fr',
  'avoues.fr',
  'cci.fr',
  'chambagri.fr',
  'chirurgiens-dentistes.fr',
  'com.fr',
  'experts-comptables.fr',
  'geometre-expert.fr',
  'gouv.fr',
  'greta.fr',
  'huissier-justice.fr',
  'medecin.fr',
  'nom.fr',
  'notaires.fr',
  'pharmacien.fr',
  'port.fr',
  'prd.fr',
  'presse.fr',
  'tm.fr',
  'veterinaire.fr',
]);

/**
 * The same, in short: such a label right below a country code is a suffix nearly everywhere (`co.uk`, `asso.nc`, `gov.it`).
 * Where it is not, a domain of somebody is refused; an operator attaches its people otherwise.
 */
const commonLabels: ReadonlySet<string> = new Set(
  'ac asso com co edu go gob gouv gov gub mil ne net nom or org plc tm'.split(' '),
);

/** What nobody owns (RFC 6761, RFC 6762, RFC 8375, RFC 7686), or no name of the public DNS ends with. */
const reservedTops: ReadonlySet<string> = new Set(
  'alt arpa corp home internal invalid lan local localdomain localhost onion'.split(' '),
);

/**
 * Hosts that give a sub-domain to whoever signs up, web sites and mailboxes: from the private section of the Public Suffix
 * List for the first part, from their own sign-up pages for the others (both read in November 2026).
 */
const hostingSuffixes: ReadonlySet<string> = new Set([
  'altervista.org',
  'alwaysdata.net',
  'azurewebsites.net',
  'blogspot.com',
  'carrd.co',
  'cleverapps.io',
  'cloudfront.net',
  'ddns.net',
  'duckdns.org',
  'dyndns.org',
  'eu.org',
  'fbxos.fr',
  'firebaseapp.com',
  'fly.dev',
  'freebox-os.com',
  'freeboxos.fr',
  'gitbook.io',
  'github.io',
  'gitlab.io',
  'herokuapp.com',
  'myqnapcloud.com',
  'myshopify.com',
  'netlify.app',
  'no-ip.org',
  'notion.site',
  'on-web.fr',
  'onrender.com',
  'pages.dev',
  'readthedocs.io',
  'square.site',
  'surge.sh',
  'synology.me',
  'vercel.app',
  'web.app',
  'webflow.io',
  'wixsite.com',
  // Not in the list: free sites, shared servers and the first domain of a tenant of an office suite.
  'assoconnect.com',
  'blog4ever.com',
  'canalblog.com',
  'clubeo.com',
  'e-monsite.com',
  'eklablog.com',
  'footeo.com',
  'hautetfort.com',
  'hosting.ovh.net',
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

/** A suffix itself; names below one are those of somebody. */
export function isRegistrySuffix(domain: string): boolean {
  const [label = '', top = '', ...deeper] = domain.split('.');
  if (registrySuffixes.has(domain)) return true;
  return deeper.length === 0 && top.length === 2 && commonLabels.has(label);
}

/** A host of others, or anything below it. */
export const isSharedHosting = (domain: string): boolean =>
  upwards(domain).some((one) => hostingSuffixes.has(one));
