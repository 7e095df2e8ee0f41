import type { Middleware } from 'koa';
import type { Service, Snapshot } from '../declarations/declarations.ts';
import { explain } from '../eligibility/eligibility.ts';
import type { Assess } from '../eligibility/eligibility.ts';
import { language } from '../http/http.ts';
import type { HomePage, Http, Language } from '../http/http.ts';
import { identify, organizationCategoryLabel } from '../organizations/organizations.ts';
import type { Identification, OrganizationFacts } from '../organizations/organizations.ts';
import type {
  OrganizationPage,
  OrganizationRegistry,
  SearchAnswer,
  SearchRequest,
} from '../register/register.ts';
import { askedOf, hrefOf, listOf } from './catalogue-list.ts';
import type { Asked } from './catalogue-list.ts';
import { resultOf, resultWithoutSiret } from './catalogue-result.ts';
import { answerOf } from './choose-organization.ts';

export interface CatalogueNeeds {
  readonly http: Http;
  readonly snapshot: () => Snapshot;
  readonly registry: OrganizationRegistry;
  readonly search: (request: SearchRequest) => Promise<SearchAnswer>;
  /** What the register knows of an organization by its identifier, whether or not it has an establishment. */
  readonly organization: (id: string) => Promise<OrganizationPage | undefined>;
  readonly assess: Assess;
  readonly clock: () => Date;
  readonly basePath: string;
}

type Answered = Partial<Pick<HomePage, 'error' | 'result' | 'list' | 'communes'>>;

/** Those that people look for; the others are found without. */
const offeredTypes = [
  'association',
  'foundation',
  'local_authority',
  'local_grouping',
  'state',
  'public_establishment',
  'school',
  'health',
  'company',
] as const;

/**
 * `/`: who may use what, and why, for an organization found by its name or its number, before anybody signs in. The
 * answer supposes a person whose membership is verified and who authenticates as strongly as asked: it speaks of the
 * organization.
 */
export function createCatalogue(needs: CatalogueNeeds): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/' || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
      await next();
      return;
    }
    const lang = language(ctx);
    const asked = askedOf(new URLSearchParams(ctx.querystring));
    const services = [...needs.snapshot().services.values()];
    const model: HomePage = {
      services: services.map(({ id, name, description, audience, url }) => ({
        id,
        name: name[lang],
        description: description[lang],
        audience: audience[lang],
        url,
      })),
      types: offeredTypes.map((value) => ({ value, label: organizationCategoryLabel(value, lang) ?? value })),
      ...(asked === undefined
        ? {}
        : {
            query: asked.text,
            commune: asked.commune,
            type: asked.type,
            ...(await answer(asked, services, lang, needs)),
          }),
    };
    needs.http.renderPage(ctx, 'home', model, { status: model.error === undefined ? 200 : 422 });
  };
}

async function answer(
  asked: Asked,
  services: readonly Service[],
  lang: Language,
  needs: CatalogueNeeds,
): Promise<Answered> {
  if (asked.id !== undefined) return byId(asked.id, services, lang, needs);
  const identifier = identify(asked.text);
  if (identifier.kind !== 'invalid') {
    const organization = await byNumber(identifier, needs);
    if (organization !== undefined) return { result: await withRows(organization, services, lang, needs) };
  } else if (asked.isNumber && asked.text.trim() !== '') return { error: 'malformed' };
  const found = await needs.search(asked);
  if (found.kind === 'communes')
    return {
      communes: found.communes.map(({ code, name, department }) => ({
        name,
        department,
        href: hrefOf({ ...asked, commune: code, page: 1 }, needs.basePath),
      })),
    };
  if (found.kind === 'none') return { error: errors[found.reason] };
  const only = found.total === 1 && identifier.kind !== 'invalid' ? found.results.at(0) : undefined;
  if (only !== undefined) return byId(only.id, services, lang, needs);
  if (found.total === 0 && identifier.kind !== 'invalid') return { error: 'unknown' };
  return { list: listOf(found, asked, lang, needs.basePath) };
}

const errors = {
  empty: 'missing',
  too_short: 'tooShort',
  malformed_number: 'malformed',
  unknown_commune: 'unknownCommune',
  unknown_department: 'unknownCommune',
  unknown_type: 'unknownType',
  too_slow: 'unavailable',
} as const;

async function byNumber(
  identifier: Identification,
  { registry }: CatalogueNeeds,
): Promise<OrganizationFacts | undefined> {
  if (identifier.kind === 'siret') return registry.bySiret(identifier.siret);
  if (identifier.kind === 'siren' || identifier.kind === 'vat') return registry.bySiren(identifier.siren);
  return undefined;
}

/** With an establishment, what it opens; without one, what the register says of it. */
async function byId(
  id: string,
  services: readonly Service[],
  lang: Language,
  needs: CatalogueNeeds,
): Promise<Answered> {
  const page = await needs.organization(id);
  if (page === undefined) return { error: 'unknown' };
  const facts = page.siret === undefined ? undefined : await needs.registry.bySiret(page.siret);
  return {
    result:
      facts === undefined ? resultWithoutSiret(page, lang) : await withRows(facts, services, lang, needs),
  };
}

async function withRows(
  organization: OrganizationFacts,
  services: readonly Service[],
  lang: Language,
  needs: CatalogueNeeds,
): Promise<HomePage['result']> {
  const rows = await Promise.all(
    services.map(async (service) => {
      const { decision } = await needs.assess({
        service: service.id,
        clientId: service.id,
        siret: organization.siret,
        link: 'official_source',
        emailDomain: '',
        emailVerified: true,
        acr: 'eidas3',
        amr: ['mfa'],
        idp: '',
        authTime: needs.clock(),
      });
      return {
        service: service.name[lang],
        answer: answerOf({ decision }),
        reason: explain(decision, lang).summary,
      };
    }),
  );
  return { ...resultOf(organization, lang), rows };
}
