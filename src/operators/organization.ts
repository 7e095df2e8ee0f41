import { createAssess } from '../eligibility/eligibility.ts';
import { language } from '../http/http.ts';
import type { OperatorOrganizationPage, OperatorOrganizationsPage } from '../http/http.ts';
import { organizationTypeLabel, sourceLabel, sources } from '../organizations/organizations.ts';
import type { Source } from '../organizations/organizations.ts';
import { changesOf, organizationRecord, placeOf } from '../register/register.ts';
import type { FoundOrganization, RegisterChange } from '../register/register.ts';
import { likelyPerson } from './after.ts';
import { registerDifferences } from './register-words.ts';
import { decisionShown } from './decision-shown.ts';
import { domainsOf } from './domains.ts';
import { exceptionFormRoutes, exceptionsOf } from './exception-form.ts';
import { exceptionRoutes } from './exceptions.ts';
import { registerDoubts, registerFacts } from './file-facts.ts';
import { isGiven, serviceName } from './file-words.ts';
import { memberRoutes } from './members.ts';
import { peopleRoutes } from './people.ts';
import { listPage, mount, organizationPage, whereItLies } from './route.ts';
import type { Asked, AskedOfOrganization, Route } from './route.ts';
import type { ConsoleNeeds, Section } from './section.ts';
import { domainRoutes } from './verified-domains.ts';

/** `/operateur/organisations?q=`: the register, for whoever examines. */
async function search({ ctx, me, needs }: Asked): Promise<void> {
  const given = new URLSearchParams(ctx.querystring);
  const query = (given.get('q') ?? '').slice(0, 200);
  const page = Number(given.get('page') ?? '1');
  const found = query.trim() === '' ? undefined : await needs.search({ text: query, page });
  const { basePath } = needs;
  const href = (to: number) =>
    `${basePath}/operateur/organisations?${new URLSearchParams({ q: query, page: String(to) }).toString()}`;
  const model: OperatorOrganizationsPage = {
    console: needs.frame(me, 'organizations'),
    query,
    action: `${basePath}/operateur/organisations`,
    domainsHref: me.mayAnywhere('domain.decide') ? `${basePath}/operateur/domaines-verifies` : undefined,
    error: found?.kind === 'none' ? found.reason : found?.kind === 'communes' ? 'unknown_commune' : undefined,
    list: undefined,
  };
  if (found?.kind !== 'list') {
    needs.http.renderPage(ctx, 'operator-organizations', model, {
      formsStayHere: true,
      status: model.error === undefined ? 200 : 422,
    });
    return;
  }
  const seen: FoundOrganization[] = [];
  for (const one of found.results) {
    // A perimeter of federations is looked up in the register: only where there is one.
    if (me.operator.perimeter === undefined || me.may('organization.read', await whereItLies(one, needs)))
      seen.push(one);
  }
  needs.http.renderPage(
    ctx,
    'operator-organizations',
    {
      ...model,
      list: {
        total: found.total,
        hidden: found.results.length - seen.length,
        more: found.more,
        page: found.page,
        pages: found.pages,
        previousHref: found.page > 1 ? href(found.page - 1) : undefined,
        nextHref: found.page < found.pages ? href(found.page + 1) : undefined,
        rows: seen.map((one) => ({
          href: `${basePath}/operateur/organisations/${encodeURIComponent(one.id)}`,
          name: one.acronym === undefined ? one.name : `${one.name} (${one.acronym})`,
          type: organizationTypeLabel(one.type, language(ctx)),
          place: placeOf(one),
          number: one.id,
          active: one.active,
        })),
      },
    },
    { formsStayHere: true },
  );
}

/** `/operateur/organisations/:id`: what is known, what it opens and why, and what has changed. */
async function show(asked: AskedOfOrganization): Promise<void> {
  const { ctx, me, needs, organization } = asked;
  const { id, siren } = organization;
  const lang = language(ctx);
  const { registrations, db, basePath } = needs;
  // What lies out of the perimeter does not exist for whoever reads: neither file, nor approval, nor who uses it.
  const perimeter = me.operator.perimeter ?? {};
  const [files, held, record, impact, services] = await Promise.all([
    registrations.organizationFiles(id, perimeter),
    registrations.organizationApprovals(siren),
    organizationRecord(db, id),
    registrations.impact(siren, perimeter.services),
    eligibilityOf(organization, needs, { lang, services: perimeter.services }),
  ]);
  const approvals = held.filter(({ service }) => perimeter.services?.includes(service) !== false);
  const [changes, domains] = await Promise.all([
    changesOf(db, record?.subjects ?? [id], 30),
    domainsOf(needs, siren, me.mayAnywhere('file.read') ? files.map((file) => file.id) : []),
  ]);
  const name = (service: string) => serviceName(needs.snapshot(), service, lang);
  const isMine = new Map(files.map((file) => [file.id.toLowerCase(), file.id]));
  const fileOf = (approval: string): string | undefined =>
    isMine.get(approval.slice(0, 'd-26-7k3qxwpb'.length));
  const model: OperatorOrganizationPage = {
    console: needs.frame(me, 'organizations'),
    id,
    name: organization.name,
    active: organization.active,
    facts: registerFacts(
      { organization, held: { organization: id, organizationName: organization.name, siren } },
      lang,
    ),
    flags: registerDoubts({ organization }, lang),
    services,
    approvals: approvals.map((approval) => {
      const file = fileOf(approval.id);
      return {
        service: name(approval.service),
        status: approval.status,
        given: isGiven(approval)
          ? {
              level: approval.level,
              ground: approval.ground,
              from: approval.startsOn,
              to: approval.endsOn,
            }
          : undefined,
        reason: approval.reason,
        fileHref:
          file === undefined || !me.mayAnywhere('file.read')
            ? undefined
            : `${basePath}/operateur/dossiers/${file}`,
      };
    }),
    files: me.mayAnywhere('file.read')
      ? files.map((file) => ({
          href: `${basePath}/operateur/dossiers/${file.id}`,
          id: file.id,
          receivedAt: file.submittedAt,
          states: file.requests.map((request) => ({
            label: name(request.service),
            t: `op.state.${request.state}`,
          })),
        }))
      : [],
    people: impact.people,
    peopleHref:
      siren !== undefined && me.mayAnywhere('people.read')
        ? `${basePath}/operateur/organisations/${encodeURIComponent(id)}/personnes`
        : undefined,
    domains,
    done: new URLSearchParams(ctx.querystring).get('fait') === 'levee' ? 'ended' : undefined,
    exceptions: await exceptionsOf(asked),
    changes: changes.map((change) => changeShown(change, lang)),
  };
  needs.http.renderPage(ctx, 'operator-organization', model, { formsStayHere: true });
}

async function eligibilityOf(
  { siret }: AskedOfOrganization['organization'],
  needs: ConsoleNeeds,
  { lang, services }: { readonly lang: 'fr' | 'en'; readonly services: readonly string[] | undefined },
): Promise<OperatorOrganizationPage['services']> {
  if (siret === undefined) return undefined;
  const { snapshot, clock, registrations, facts } = needs;
  const assess = createAssess({
    organization: facts,
    approvals: (siren) => registrations.organizationApprovals(siren),
    policyFor: (id, at) => snapshot().policyFor(id, at),
    clock,
  });
  const shown = [...snapshot().services.values()].filter(({ id }) => services?.includes(id) !== false);
  return Promise.all(
    shown.map(async (service) => {
      const { decision } = await assess({
        service: service.id,
        clientId: service.id,
        siret,
        ...likelyPerson,
        authTime: clock(),
      });
      return { name: service.name[lang], decision: decisionShown(decision, lang) };
    }),
  );
}

function changeShown(
  { changedAt, source, before, after, author, reason }: RegisterChange,
  lang: 'fr' | 'en',
): OperatorOrganizationPage['changes'][number] {
  return {
    at: changedAt,
    source: isSource(source) ? sourceLabel(source) : source,
    kind: before === undefined ? 'new' : after === undefined ? 'gone' : 'changed',
    by: author && `${author.given_name} ${author.usual_name}`,
    reason,
    details: registerDifferences(before, after, lang),
  };
}

const isSource = (name: string): name is Source => sources.some((source) => source === name);

export const organizationRoutes: readonly Route[] = [
  listPage({ path: '/operateur/organisations', action: 'organization.read', answer: search }),
  organizationPage({ path: '/operateur/organisations/:id', action: 'organization.read', answer: show }),
  ...peopleRoutes,
  ...memberRoutes,
  ...exceptionFormRoutes,
  ...exceptionRoutes,
  ...domainRoutes,
];

export const organizations: Section = {
  name: 'organizations',
  path: '/operateur/organisations',
  action: 'organization.read',
  routes: (router, needs) => mount(router, needs, organizationRoutes),
};
