import { language } from '../http/http.ts';
import type { OperatorDeclaredPage } from '../http/http.ts';
import type { DeclaredEnding } from '../registrations/registrations.ts';
import { serviceName } from './file-words.ts';
import { listPage } from './route.ts';
import type { Asked, Route } from './route.ts';

/** Days left from which it is late to begin: a request may be examined for longer. */
export const soonDays = 30;

/** Of what the configuration declares and ends soon, what lies within the perimeter of whoever looks. */
export async function declaredWithin({
  me,
  needs,
}: Pick<Asked, 'me' | 'needs'>): Promise<readonly DeclaredEnding[]> {
  const all = await needs.registrations.declaredEnding();
  const { perimeter } = me.operator;
  if (perimeter === undefined) return all;
  const { services } = perimeter;
  const asked = services === undefined ? all : all.filter(({ service }) => services.includes(service));
  const places = await needs.places(asked.map(({ siren }) => siren));
  return asked.filter(({ siren, service }) =>
    me.may('organization.read', {
      ...(places.get(siren) ?? { organizations: [siren] }),
      services: [service],
    }),
  );
}

/** `/operateur/declares`: rights of the configuration files that end, of which nobody else is told. */
async function show({ ctx, me, needs }: Asked): Promise<void> {
  const { basePath } = needs;
  const lang = language(ctx);
  const found = await declaredWithin({ me, needs });
  const shown = (one: DeclaredEnding): OperatorDeclaredPage['soon'][number] => ({
    name: one.name ?? one.siren,
    href:
      one.name === undefined || !me.mayAnywhere('organization.read')
        ? undefined
        : `${basePath}/operateur/organisations/${one.siren}`,
    service: serviceName(needs.snapshot(), one.service, lang),
    level: one.level,
    ground: one.ground,
    endsOn: one.endsOn,
    daysLeft: one.daysLeft,
    reference: one.id,
  });
  const model: OperatorDeclaredPage = {
    console: needs.frame(me, 'todo'),
    queueHref: `${basePath}/operateur`,
    soon: found.filter(({ daysLeft }) => daysLeft <= soonDays).map(shown),
    later: found.filter(({ daysLeft }) => daysLeft > soonDays).map(shown),
  };
  needs.http.renderPage(ctx, 'operator-declared', model, { formsStayHere: true });
}

export const declaredRoutes: readonly Route[] = [
  listPage({ path: '/operateur/declares', action: 'queue.read', answer: show }),
];
