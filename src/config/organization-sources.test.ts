import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  organizationSourceProblems,
  organizationSourceSettings,
  organizationSourcesOf,
} from './organization-sources.ts';

const schema = z.object(organizationSourceSettings);
const read = (env: Readonly<Record<string, string>>) => schema.parse(env);
const problem = (env: Readonly<Record<string, string>>): string => schema.safeParse(env).error?.message ?? '';

describe('sources of organizations', () => {
  it('are none by default: nobody is asked over the network', () => {
    expect(organizationSourcesOf(read({}))).toEqual([]);
    expect(organizationSourceProblems(read({}))).toEqual([]);
  });

  it('are asked in the order in which they are named', () => {
    const settings = read({
      ORGANIZATION_SOURCES: ' api_entreprise , recherche_entreprises,api_sirene',
      API_ENTREPRISE_TOKEN: 'token',
      API_ENTREPRISE_RECIPIENT: '13002526500013',
      API_SIRENE_KEY: 'key',
      API_SIRENE_RATE: '500/min',
      RECHERCHE_ENTREPRISES_URL: 'http://localhost:4000/copy/',
    });
    expect(organizationSourceProblems(settings)).toEqual([]);
    expect(organizationSourcesOf(settings)).toEqual([
      {
        id: 'api_entreprise',
        url: 'https://entreprise.api.gouv.fr',
        rate: { count: 50, windowMs: 60_000 },
        token: 'token',
        recipient: '13002526500013',
      },
      {
        id: 'recherche_entreprises',
        url: 'http://localhost:4000/copy',
        rate: { count: 7, windowMs: 1_000 },
      },
      {
        id: 'api_sirene',
        url: 'https://api.insee.fr/api-sirene/3.11',
        rate: { count: 500, windowMs: 60_000 },
        key: 'key',
      },
    ]);
  });

  it('need their key when they are named, and only then', () => {
    expect(organizationSourceProblems(read({ ORGANIZATION_SOURCES: 'api_sirene,api_entreprise' }))).toEqual([
      expect.stringMatching(/^API_SIRENE_KEY must be set/),
      expect.stringMatching(/^API_ENTREPRISE_TOKEN must be set/),
      expect.stringMatching(/^API_ENTREPRISE_RECIPIENT must be set/),
    ]);
    expect(organizationSourceProblems(read({ ORGANIZATION_SOURCES: 'recherche_entreprises' }))).toEqual([]);
  });

  it.each([
    ['ORGANIZATION_SOURCES', 'sirene', 'must hold names among'],
    ['ORGANIZATION_SOURCES', 'api_sirene,api_sirene', 'must name each source once'],
    ['API_SIRENE_URL', 'http://api.insee.fr', 'must be an https:// address'],
    ['API_SIRENE_URL', 'https://key@api.insee.fr', 'must be an https:// address'],
    ['API_SIRENE_URL', 'https://api.insee.fr?key=1', 'must be an https:// address'],
    ['API_SIRENE_RATE', '0/min', 'must be a number of requests'],
    ['API_SIRENE_RATE', '30/hour', 'must be a number of requests'],
    ['API_SIRENE_KEY', 'a key\nwith lines', 'must be the key as it was given'],
    ['API_ENTREPRISE_RECIPIENT', '130025265', 'must be the SIRET'],
  ])('%s=%s is refused', (name, value, sentence) => {
    expect(problem({ [name]: value })).toContain(sentence);
  });

  it('never show a key in a refusal', () => {
    expect(problem({ API_SIRENE_KEY: 'secret key', API_ENTREPRISE_TOKEN: 'secret token' })).not.toContain(
      'secret',
    );
  });
});
