import type { Importer } from '../importer.ts';

/** The smallest importer: a domain and a SIRET, into a shelf. An origin that begins with `long` is a wrong value. */
export const domains: Importer = {
  name: 'email-domains',
  source: 'email_domains',
  summary: 'domains, for this test',
  columns: ['domain', 'siret', 'origin', 'person'],
  required: ['domain', 'siret'],
  optional: ['origin'],
  essential: ['domain', 'siret'],
  separator: ';',
  encodings: ['utf-8'],
  read(row) {
    const [domain, siret, origin] = [row.get('domain'), row.get('siret'), row.get('origin')];
    if (domain === 'out.example') return { leftOut: 'not_wanted' };
    if (!domain.includes('.'))
      return { wrong: { column: 'domain', value: domain, reason: 'email_domain_malformed' } };
    const wrong = { column: 'origin', value: origin, reason: 'too_long' } as const;
    const isWrong = origin.startsWith('long');
    const record = { domain, siret, ...(!isWrong && { origin }) };
    const items = [{ kind: 'record', shelf: 'email_domain', key: `${domain}/${siret}`, record }] as const;
    return isWrong ? { items, wrongValues: [wrong] } : { items };
  },
};
