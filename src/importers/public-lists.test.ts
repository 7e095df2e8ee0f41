import { describe, expect, it } from 'vitest';
import { administrations } from './administrations.ts';
import { emailDomains } from './email-domains.ts';
import { readLine } from './testing/line.ts';

const listed = {
  siren: '130025265',
  nom_complet: 'DIRECTION INTERMINISTERIELLE DU NUMERIQUE (DINUM)',
  nature_juridique: '7120',
  a_mission_service_public_administratif: 'True',
  est_administration_d_etat: 'True',
  est_collectivite: 'False',
  a_acces_espace_agent: 'True',
};
const read = (cells: Readonly<Record<string, string>> = {}) =>
  readLine(administrations, { ...listed, ...cells });
const none = {
  a_mission_service_public_administratif: 'False',
  est_administration_d_etat: 'False',
  est_collectivite: 'False',
  a_acces_espace_agent: 'False',
};

describe('the list of administrations', () => {
  it('says what each column says of the public service', () =>
    expect(read()).toEqual({
      items: [
        {
          kind: 'organization',
          record: {
            siren: '130025265',
            facts: {
              name: 'DIRECTION INTERMINISTERIELLE DU NUMERIQUE (DINUM)',
              legalCategory: '7120',
              publicService: { public: true, facets: ['state', 'spa'] },
            },
          },
        },
      ],
    }));

  it.each([
    ['local', { ...none, est_collectivite: 'True' }, { public: true, facets: ['local'] }],
    ['let into the agents’ space', { ...none, a_acces_espace_agent: 'True' }, { public: true, facets: [] }],
    ['none of them', none, { public: false, facets: [] }],
  ])('%s', (_, cells, publicService) =>
    expect(read(cells)).toMatchObject({ items: [{ record: { facts: { publicService } } }] }),
  );

  it('holds no person', () => expect(read({ nature_juridique: '1000' })).toEqual({ leftOut: 'sole_trader' }));

  it.each([
    // In the file of 2026 (domain reference §0, trap 3).
    ['siren', '77566343803654.0', 'siren_malformed'],
    ['siren', '130025266', 'siren_key'],
    ['est_collectivite', 'oui', 'boolean_unknown'],
    ['est_administration_d_etat', '', 'boolean_unknown'],
    ['nature_juridique', '71', 'legal_category_malformed'],
    ['nom_complet', '', 'name_missing'],
  ])('is refused for %s = %j: %s', (column, value, reason) =>
    expect(read({ [column]: value })).toMatchObject({ wrong: { column, value, reason } }),
  );
});

describe('an e-mail domain of an organization', () => {
  const line = { SIRET: '21350238800019', domain_email: 'Ville-Rennes.FR', data_source: 'annuaire' };
  const domainOf = (cells: Readonly<Record<string, string>>) => readLine(emailDomains, { ...line, ...cells });

  it('is kept in one spelling, by domain and SIRET', () =>
    expect(domainOf({})).toEqual({
      items: [
        {
          kind: 'record',
          shelf: 'email_domain',
          key: 'ville-rennes.fr/21350238800019',
          record: { domain: 'ville-rennes.fr', siret: '21350238800019', origin: 'annuaire' },
        },
      ],
    }));

  it.each([
    ['domain_email', 'gmail.com', 'email_domain_open_to_all'],
    ['domain_email', 'Orange.fr', 'email_domain_open_to_all'],
    ['domain_email', '@cherbourg.fr', 'email_domain_malformed'],
    ['domain_email', '', 'email_domain_malformed'],
    ['SIRET', '13002526500014', 'siret_key'],
    ['SIRET', '1,30025E+13', 'siret_malformed'],
  ])('is refused for %s = %j: %s', (column, value, reason) =>
    expect(domainOf({ [column]: value })).toEqual({ wrong: { column, value, reason } }),
  );

  it('is kept without an origin that cannot be read', () =>
    expect(domainOf({ data_source: 'a'.repeat(301) })).toMatchObject({
      items: [{ record: { domain: 'ville-rennes.fr', origin: 'not said' } }],
      wrongValues: [{ column: 'data_source', reason: 'too_long' }],
    }));

  it('of an organization that has one below an open service is its own', () =>
    expect(domainOf({ domain_email: 'mairie.free.fr' })).toHaveProperty('items'));
});
