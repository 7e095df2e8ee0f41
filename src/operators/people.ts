import { language } from '../http/http.ts';
import type { OperatorPeoplePage } from '../http/http.ts';
import { noUse, representativeShown } from '../members/members.ts';
import type { Member, Uses } from '../members/members.ts';
import { memberActs } from './members.ts';
import { serviceName } from './file-words.ts';
import { organizationPage } from './route.ts';
import type { AskedOfOrganization, Route } from './route.ts';

/**
 * `/operateur/organisations/:id/personnes`: who has acted for an organization, and whom its agents have invited. Names are
 * read by those who examine or check, and each reading leaves a trace (RGPD art. 5, 1, c and f).
 */
async function show({ ctx, me, needs, organization }: AskedOfOrganization): Promise<void> {
  const { siren, id, name } = organization;
  const { basePath, members, inviting, snapshot } = needs;
  await needs.recordRead(me.actor, { act: 'organization.people', subject: `organization:${id}` });
  const page = Number(new URLSearchParams(ctx.querystring).get('page') ?? '1');
  // Out of the perimeter of services, nobody: what somebody opens elsewhere is not for this operator to know.
  const within = me.operator.perimeter?.services;
  const isWithin = (service: string): boolean => within?.includes(service) !== false;
  const uses = siren === undefined ? new Map<string, Uses>() : await members.uses(siren);
  const shown =
    within && [...uses].flatMap(([account, { services }]) => (services.some(isWithin) ? [account] : []));
  const [list, guests, representatives, actor] =
    siren === undefined
      ? [undefined, [], [], undefined]
      : await Promise.all([
          members.list(siren, page, shown),
          inviting.list({ sirens: [siren], services: within, limit: mostGuests }),
          members.representativesOf(siren, within),
          members.actsFor(me.actor, siren),
        ]);
  const lang = language(ctx);
  const named = (service: string): string => serviceName(snapshot(), service, lang);
  const here = `${basePath}/operateur/organisations/${encodeURIComponent(id)}`;
  const personOf = (member: Member): OperatorPeoplePage['people'][number] => {
    const open = uses.get(member.accountId) ?? noUse;
    return {
      ...memberActs({ me, needs, organization }, member, actor),
      name: member.name,
      email: member.email,
      level: member.level,
      idp: snapshot().identityProviders.get(member.idp)?.name ?? member.idp,
      firstSeenAt: member.firstSeenAt,
      lastSeenAt: member.lastSeenAt,
      standing: member.state,
      sessions: open.sessions,
      services: open.services.filter(isWithin).map(named),
    };
  };
  const href = (to: number): string => `${here}/personnes?page=${String(to)}`;
  const model: OperatorPeoplePage = {
    console: needs.frame(me, 'organizations'),
    name,
    backHref: here,
    bounded: within !== undefined,
    representatives: representatives.map((one) => ({
      ...representativeShown(one, {
        reference: `operator:${me.operator.id}`,
        accountId: me.visitor.accountId,
        lang,
      }),
      fileHref: me.mayAnywhere('file.read') ? `${basePath}/operateur/dossiers/${one.file}` : undefined,
    })),
    people: (list?.members ?? []).map(personOf),
    total: list?.total,
    page: list?.page ?? 1,
    pages: list?.pages ?? 1,
    previousHref: list !== undefined && list.page > 1 ? href(list.page - 1) : undefined,
    nextHref: list !== undefined && list.page < list.pages ? href(list.page + 1) : undefined,
    guests: guests.map(({ service, address, sponsor, startsOn, endsOn, state }) => ({
      service: named(service),
      email: address,
      sponsor: sponsor.name,
      from: startsOn,
      to: endsOn,
      standing: state,
    })),
  };
  needs.http.renderPage(ctx, 'operator-people', model, { formsStayHere: true });
}

/** Those that end soonest come first. */
const mostGuests = 100;

export const peopleRoutes: readonly Route[] = [
  organizationPage({ path: '/operateur/organisations/:id/personnes', action: 'people.read', answer: show }),
];
