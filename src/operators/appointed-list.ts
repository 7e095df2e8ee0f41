import { language } from '../http/http.ts';
import type { OperatorAppointmentPages } from '../http/http.ts';
import { possibleAnswers } from '../appointments/appointments.ts';
import { operatorName, cardPath, operatorShown, proposalLine } from './appointed-words.ts';
import { appointRoutes } from './appoint-form.ts';
import { cardRoutes } from './appointed-card.ts';
import { proposalRoutes } from './appoint-proposal.ts';
import { personName } from './file-words.ts';
import { mayAnywhere } from './roles.ts';
import { listPage, mount } from './route.ts';
import type { Asked, Route } from './route.ts';
import type { Section } from './section.ts';

const done = {
  nommer: 'appoint',
  modifier: 'change',
  lever: 'readmit',
  decliner: 'declined',
  reprendre: 'withdrawn',
  retirer: 'removed',
} as const;

/** `/operateur/operateurs`: who may enter, with what waits for a second person first. */
async function list({ ctx, me, needs }: Asked): Promise<void> {
  const { appointments, basePath } = needs;
  const lang = language(ctx);
  const [kept, proposals, removals] = await Promise.all([
    appointments.list(),
    appointments.proposals(),
    appointments.removals(),
  ]);
  const sorted = kept.toSorted(({ operator: one }, { operator: other }) =>
    one.usual_name.localeCompare(other.usual_name, 'fr'),
  );
  const managers = kept.filter(({ operator }) => mayAnywhere(operator, 'operator.manage', me.today));
  const told = new URLSearchParams(ctx.querystring).get('fait') ?? '';
  const model: OperatorAppointmentPages['operator-operators'] = {
    console: needs.frame(me, 'operators'),
    done: Object.entries(done).find(([name]) => name === told)?.[1],
    newHref: `${basePath}/operateur/operateurs/nommer`,
    alone: managers.length < 2,
    proposals: proposals.map((one) => ({
      ...proposalLine(one, basePath),
      mine: possibleAnswers(
        { state: one.state, authorId: one.authorId, about: one.operator },
        me.operator,
      ).includes('confirm'),
    })),
    operators: await Promise.all(sorted.map((one) => operatorShown(one, needs, { today: me.today, lang }))),
    removed: removals.map(({ operator, removedAt, removedBy, origin }) => ({
      href: `${basePath}${cardPath(operator.id)}`,
      name: operatorName(operator),
      at: removedAt,
      by: personName(removedBy),
      inFiles: origin === 'configuration',
    })),
  };
  needs.http.renderPage(ctx, 'operator-operators', model, { formsStayHere: true });
}

export const appointmentRoutes: readonly Route[] = [
  listPage({ path: '/operateur/operateurs', action: 'operator.manage', answer: list }),
  ...appointRoutes,
  ...cardRoutes,
  ...proposalRoutes,
];

export const operators: Section = {
  name: 'operators',
  path: '/operateur/operateurs',
  action: 'operator.manage',
  routes: (router, needs) => mount(router, needs, appointmentRoutes),
};
