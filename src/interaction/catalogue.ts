import type { Middleware } from 'koa';
import type { Service, Snapshot } from '../declarations/declarations.ts';
import { explain } from '../eligibility/eligibility.ts';
import type { Assess } from '../eligibility/eligibility.ts';
import { language } from '../http/http.ts';
import type { HomePage, Http, Language } from '../http/http.ts';
import { identify, organizationTypeLabel } from '../organizations/organizations.ts';
import type { OrganizationRegistry } from '../register/register.ts';
import { answerOf } from './choose-organization.ts';

interface CatalogueNeeds {
  readonly http: Http;
  readonly snapshot: () => Snapshot;
  readonly registry: OrganizationRegistry;
  readonly assess: Assess;
  readonly clock: () => Date;
}

/**
 * `/`: who may use what, and why, for a given SIRET, before anybody signs in. The answer supposes a person whose
 * membership is verified and who authenticates as strongly as asked: it speaks of the organization.
 */
export function createCatalogue(needs: CatalogueNeeds): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/' || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
      await next();
      return;
    }
    const lang = language(ctx);
    const typed = new URLSearchParams(ctx.querystring).get('siret');
    const services = [...needs.snapshot().services.values()];
    const model: HomePage = {
      services: services.map(({ id, name, description, audience, url }) => ({
        id,
        name: name[lang],
        description: description[lang],
        audience: audience[lang],
        url,
      })),
      ...(typed === null ? {} : { query: typed, ...(await answer(typed, services, lang, needs)) }),
    };
    needs.http.renderPage(ctx, 'home', model, { status: model.error === undefined ? 200 : 422 });
  };
}

async function answer(
  typed: string,
  services: readonly Service[],
  lang: Language,
  needs: CatalogueNeeds,
): Promise<Pick<HomePage, 'error' | 'result'>> {
  if (typed.trim() === '') return { error: 'missing' };
  const identifier = identify(typed);
  if (identifier.kind === 'invalid' || identifier.kind === 'rna') return { error: 'malformed' };
  const organization =
    identifier.kind === 'siret'
      ? await needs.registry.bySiret(identifier.siret)
      : await needs.registry.bySiren(identifier.siren);
  if (organization === undefined) return { error: 'unknown' };
  const { siret } = organization;
  const rows = await Promise.all(
    services.map(async (service) => {
      const { decision } = await needs.assess({
        service: service.id,
        clientId: service.id,
        siret,
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
  return {
    result: {
      name: organization.name,
      type: organizationTypeLabel(organization.type, lang),
      siret,
      commune: organization.territory.communeName,
      active: organization.active,
      source: organization.source,
      sourceDate: organization.sourceDate,
      rows,
    },
  };
}
