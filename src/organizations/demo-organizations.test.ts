import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

import { organizationFacts } from './facts.ts';
import type { OrganizationFacts } from './facts.ts';
import { parseRna, parseSiret, sirenOf } from './identifiers.ts';
import { loadTerritories } from './territory-index.ts';

const day = z.iso.date();
const fileSchema = z.strictObject({
  organizations: z.array(
    z.strictObject({
      siret: z.string(),
      name: z.string().min(1),
      legal_category: z.string().regex(/^\d{4}$/),
      unit_state: z.enum(['A', 'C']).default('A'),
      establishment_state: z.enum(['A', 'F']).default('A'),
      rna: z.string().optional(),
      commune: z.string().optional(),
      naf: z.string().optional(),
      declared_population: z.int().optional(),
      head_office: z.boolean().optional(),
      qualifications: z
        .array(z.strictObject({ id: z.string(), starts_on: day, ends_on: day.optional() }))
        .default([]),
      source: z.string().min(1),
      source_date: day,
    }),
  ),
});

const file = new URL('../../config/demo/organizations.yaml', import.meta.url);
const { organizations } = fileSchema.parse(parse(readFileSync(file, 'utf8')));
const territories = loadTerritories();

const facts: readonly OrganizationFacts[] = organizations.map((declared) => {
  const siret = parseSiret(declared.siret);
  if (siret === undefined) throw new Error(`${declared.siret} is no SIRET`);
  const rna = declared.rna === undefined ? undefined : parseRna(declared.rna);
  if (declared.rna !== undefined && rna === undefined) throw new Error(`${declared.rna} is no RNA number`);
  return organizationFacts(
    {
      siret,
      siren: sirenOf(siret),
      name: declared.name,
      legalCategory: declared.legal_category,
      unitState: declared.unit_state,
      establishmentState: declared.establishment_state,
      rna,
      communeCode: declared.commune,
      naf: declared.naf,
      createdOn: undefined,
      declaredPopulation: declared.declared_population,
      qualifications: declared.qualifications.map((q) => ({
        id: q.id,
        startsOn: q.starts_on,
        endsOn: q.ends_on,
      })),
      suspended: false,
      source: declared.source,
      sourceDate: declared.source_date,
      diffusion: 'O',
      origins: {},
      statedFlags: [],
    },
    territories,
  );
});

const of = (siret: string): OrganizationFacts | undefined =>
  facts.find((organization) => organization.siret === siret);

/** SIRET, type, ProConnect's idea of public service by category alone. */
const expected = `
13002526500013 state.central public
11006801200050 state.central public
11009001600053 state.central public
11000201100044 state.central public
15700001900461 state.defence public
13003004200019 state.deconcentrated public
13000548111629 public_establishment.national public
38529030900454 public_establishment.commercial_national public
66204311604119 public_establishment.commercial_national public
18000001000017 public_other public
13003013300016 gip public
18750901300012 gip public
21920023500014 local_authority.commune public
21340126800130 local_authority.commune public
21350238800019 local_authority.commune public
21440109300015 local_authority.commune public
21290019500018 local_authority.commune public
21690123100011 local_authority.commune public
21130055300016 local_authority.commune public
20006340200016 local_authority.commune public
20005684400018 local_authority.commune public
21930066200018 local_authority.commune public
21850292000018 local_authority.commune public
21750001600019 local_authority.special public
20004697700019 local_authority.special public
22770001000555 local_authority.department public
22630001000015 local_authority.department public
24170064000048 local_authority.epci public
20003067400010 local_authority.epci public
20007184300060 local_authority.epci public
24440050300110 local_authority.epci public
20008142000024 local_grouping public
20000713600019 local_grouping public
25320098400016 local_grouping public
25680169700010 local_grouping public
20004969000023 local_grouping public
26290359400014 local_establishment.social_action public
26910001200013 health.public_hospital public
26090012100013 health.public_social_care public
13001270100020 health.cooperation_public public
20004542500085 public_establishment.national public
19750663700010 school.public_local public
19500016100016 school.public_local public
19810012500014 school.public_local public
19120032800018 school.public_local public
31723624800017 association.declared private
44137965800012 association.declared private
77730636600058 association.declared private
40046135600133 association.declared private
40048550400064 association.declared private
39399933900046 association.declared private
31458546400014 association.declared private
33836505900017 association.public_utility private
84226400400016 association.local_law private
84201905100015 association.declared private
35600000000048 company.semi_public private
55203253400646 company private
50056940503239 company private
78441060700047 works_council private
82869625200018 sole_trader private
00000010900009 association.declared private
00000020800009 association.public_utility private
00000030700009 association.local_law private
00000040600009 association.declared private
00000050500008 association.declared private
00000060400009 foundation private
00000070300009 local_grouping public
00000080200009 gip public
00000090100009 local_authority.commune public
00000100800002 local_authority.commune public
00000110700002 local_authority.epci public
00000120600002 local_authority.epci public
`
  .trim()
  .split('\n')
  .map((line) => line.split(' '))
  .map(
    ([siret = '', type = '', publicByCategory = '']) => [siret, type, publicByCategory === 'public'] as const,
  );

const closed = ['21930066200018', '21850292000018', '84201905100015'];

describe('the organizations of the demonstration', () => {
  test('are 60 real ones and 12 invented ones, each once', () => {
    expect(new Set(facts.map(({ siret }) => siret)).size).toBe(72);
    expect(facts.filter(({ siren }) => siren.startsWith('000'))).toHaveLength(12);
    expect(expected).toHaveLength(72);
  });

  test.each(expected)('%s is %s, public by its category: %s', (siret, type, publicByCategory) => {
    expect(of(siret)).toMatchObject({
      type,
      publicService: publicByCategory && !closed.includes(siret),
      active: !closed.includes(siret),
    });
  });

  test('none of them has anything wrong but two closed units and the closed establishment of a living one', () => {
    const flagged = facts.filter(({ flags }) => flags.length > 0);
    expect(flagged.map(({ siret, flags }) => [siret, ...flags])).toEqual([
      ['21930066200018', 'unit_closed'],
      ['21850292000018', 'unit_open_establishment_closed'],
      ['84201905100015', 'unit_closed'],
    ]);
  });

  test('have a source, and the invented ones say that they are', () => {
    for (const { siren, source } of facts) {
      expect(source.includes('inventée'), siren).toBe(siren.startsWith('000'));
    }
  });

  test('every RNA number is on an association', () => {
    const withRna = facts.filter(({ rna }) => rna !== undefined);
    expect(withRna).toHaveLength(10);
    expect(withRna.filter(({ category }) => category !== 'association')).toEqual([]);
  });

  test('the invented association of mayors is in the Morbihan, qualified, and not public', () => {
    expect(of('00000010900009')).toMatchObject({
      type: 'association.declared',
      rna: 'W000000101',
      publicService: false,
      qualifications: [{ id: 'elected_officials_association', startsOn: '2026-01-01', endsOn: undefined }],
      territory: { department: '56', region: '53', commune: '56260', population: undefined },
    });
  });

  test.each([
    ['00000090100009', 3_499],
    ['00000100800002', 3_500],
    ['00000110700002', 14_999],
    ['00000120600002', 15_000],
  ])('the invented %s has %i inhabitants', (siret, inhabitants) => {
    expect(of(siret)?.territory.population?.municipal).toBe(inhabitants);
  });

  test('every real and living commune and grouping has its real population', () => {
    const authorities = facts.filter(
      ({ type, active, siren }) =>
        active &&
        !siren.startsWith('000') &&
        ['local_authority.commune', 'local_authority.epci'].includes(type),
    );
    expect(authorities).toHaveLength(13);
    expect(authorities.filter(({ territory }) => territory.population?.edition === 'declared')).toEqual([]);
    expect(authorities.filter(({ territory }) => territory.population === undefined)).toEqual([]);
  });

  test('Paris is a special authority, and has the territory of Paris', () => {
    expect(of('21750001600019')).toMatchObject({
      type: 'local_authority.special',
      territory: { commune: '75056' },
    });
  });
});
