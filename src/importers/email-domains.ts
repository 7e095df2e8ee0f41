import { openMailDomains } from '../organizations/organizations.ts';
import { cellsOf, refuse } from './cells.ts';
import type { CellRule } from './cells.ts';
import { requiredSiret } from './identifiers.ts';
import type { Importer, Reading, Row } from './importer.ts';
import { domainOf } from './network-names.ts';
import { optionalText } from './texts.ts';

const columns = ['SIRET', 'domain_email', 'data_source'] as const;

const essential = ['SIRET', 'domain_email'] as const;

export const emailDomains: Importer = {
  name: 'email-domains',
  source: 'email_domains',
  summary: 'DINUM, domaines email de contact par organisation française',
  columns,
  required: columns,
  essential,
  separator: ',',
  encodings: ['utf-8'],
  read,
};

function read(row: Row): Reading {
  const cells = cellsOf(row, { essential });
  const siret = cells.read('SIRET', requiredSiret);
  const domain = cells.read('domain_email', ownDomain);
  const origin = cells.read('data_source', optionalText) ?? 'not said';
  if (siret === undefined || domain === undefined) return cells.reading([]);
  return cells.reading([
    { kind: 'record', shelf: 'email_domain', key: `${domain}/${siret}`, record: { domain, siret, origin } },
  ]);
}

/** A domain that can be an organization's own. */
const ownDomain: CellRule<string> = (text) => {
  const domain = domainOf(text);
  if (domain === undefined) return refuse('email_domain_malformed');
  return openMailDomains.has(domain) ? refuse('email_domain_open_to_all') : domain;
};
