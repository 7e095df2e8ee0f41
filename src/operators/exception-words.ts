import type { CorrectionProposal, CorrectionShown } from '../corrections/corrections.ts';
import type { ExceptionEffect, ExceptionFact, FactSaid, Said } from '../http/http.ts';
import { isOrganizationType, legalCategory, organizationTypeLabel } from '../organizations/organizations.ts';
import { decidingFacts } from '../register/register.ts';
import type { CorrectableFact } from '../register/register.ts';
import { z } from 'zod';
import { decisionShown } from './decision-shown.ts';
import { serviceName } from './file-words.ts';
import type { ConsoleNeeds } from './section.ts';

type Lang = 'fr' | 'en';

/** As addresses and texts name them. A name is no exception: its correction is made at once, on the server. */
const words: Readonly<Record<Exclude<CorrectableFact, 'name'>, ExceptionFact>> = {
  type: 'type',
  legalCategory: 'categorie',
  unitState: 'etat',
  rna: 'rna',
  commune: 'commune',
  publicService: 'service-public',
  population: 'population',
};

export const exceptionFact = (fact: CorrectableFact): ExceptionFact =>
  fact === 'name' ? 'type' : words[fact];

export const factOfWord = (word: string): CorrectableFact | undefined =>
  decidingFacts.find((fact) => exceptionFact(fact) === word);

export const exceptionPath = (id: string): string => `/operateur/exceptions/${encodeURIComponent(id)}`;
export const correctPath = (organization: string, fact: ExceptionFact): string =>
  `/operateur/organisations/${encodeURIComponent(organization)}/corriger/${fact}`;
export const endPath = (organization: string, fact: ExceptionFact): string =>
  `/operateur/organisations/${encodeURIComponent(organization)}/lever/${fact}`;

export const authorName = ({ author }: Pick<CorrectionProposal, 'author'>): string =>
  `${author.given_name} ${author.usual_name}`;

export const exceptionLine = (one: CorrectionProposal, organization: string, basePath: string) => ({
  href: `${basePath}${exceptionPath(one.id)}`,
  organization,
  fact: exceptionFact(one.fact),
  act: one.kind,
  by: authorName(one),
  createdAt: one.createdAt,
});

const publicServiceSchema = z.object({ public: z.boolean(), facets: z.array(z.string()) });

/** A value in words; no value at all: what the registers say. */
export function valueSaid(fact: CorrectableFact, value: unknown, lang: Lang): readonly Said[] {
  if (value === undefined) return [{ t: 'op.fact.notSaid' }];
  if (value === null) return [{ t: 'op.fact.numberNotTheirs' }];
  if (fact === 'publicService') {
    const read = publicServiceSchema.safeParse(value);
    if (!read.success) return [];
    const { public: isPublic, facets } = read.data;
    if (!isPublic) return [{ t: 'op.fact.notPublicService' }];
    return [
      { t: 'op.fact.publicService' },
      ...facets.map((facet): Said => ({ t: `exceptions.facet.${facet}` })),
    ];
  }
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (fact === 'unitState') return [{ t: text === 'A' ? 'op.fact.active' : 'op.fact.ceased' }];
  if (fact === 'type' && isOrganizationType(text)) return [organizationTypeLabel(text, lang)];
  if (fact === 'legalCategory') return [`${text} (${legalCategory(text).label})`];
  return [text];
}

export const factSaid = (
  fact: CorrectableFact,
  { value, source }: { readonly value?: unknown; readonly source?: FactSaid['source'] },
  lang: Lang,
): FactSaid => ({ values: valueSaid(fact, value, lang), source: value === undefined ? undefined : source });

/** Those whose decision becomes another one. */
export const servicesShown = (
  effect: NonNullable<CorrectionShown['effect']>,
  nameOf: (service: string) => string,
  lang: Lang,
): ExceptionEffect['services'] =>
  effect.flatMap(({ service, verdict, before, after }) =>
    verdict === 'unchanged'
      ? []
      : [
          {
            name: nameOf(service),
            verdict,
            before: verdict === 'changes' ? decisionShown(before, lang) : undefined,
            decision: decisionShown(after, lang),
          },
        ],
  );

/** What opens, closes or changes; and whom that closes something for. Undefined while nobody can sign in for it. */
export async function effectShown(
  { foreseen, effect }: CorrectionShown,
  needs: Pick<ConsoleNeeds, 'snapshot' | 'registrations'>,
  lang: Lang,
): Promise<ExceptionEffect | undefined> {
  if (effect === undefined) return undefined;
  const moved = effect.filter(({ verdict }) => verdict !== 'unchanged');
  const closing = moved.filter(({ verdict }) => verdict === 'loses').map(({ service }) => service);
  const impact = closing.length === 0 ? undefined : await needs.registrations.impact(foreseen.siren, closing);
  return {
    services: servicesShown(effect, (service) => serviceName(needs.snapshot(), service, lang), lang),
    unchanged: effect.length - moved.length,
    impact: impact && {
      people: impact.people,
      sessions: impact.sessions,
      grants: impact.grants,
      tools: impact.clients,
    },
  };
}
