/**
 * `a.b.mairie.example` → `b.mairie.example`, `mairie.example`: nearest first, never a single label, because nobody is
 * authoritative for a whole top-level domain.
 */
export function parentDomains(domain: string): readonly string[] {
  const labels = domain.split('.');
  return labels.slice(1, -1).map((_label, index) => labels.slice(index + 1).join('.'));
}
