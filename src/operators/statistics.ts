import { z } from 'zod';
import { language } from '../http/http.ts';
import type { OperatorStatisticsPage } from '../http/http.ts';
import { mailHealth } from '../mail/mail.ts';
import type { Counts } from '../registrations/registrations.ts';
import { serviceName } from './file-words.ts';
import { listPage, mount } from './route.ts';
import type { Asked, Route } from './route.ts';
import type { Section } from './section.ts';

const day = z.iso.date();

/** The share that came within the target, of all that was decided. */
function shareOf({ decisions, withinTarget }: Counts): number | undefined {
  const decided = Object.values(decisions).reduce((sum, count) => sum + count, 0);
  // Rounded down: nine hundred and ninety-nine of a thousand are not all.
  return decided === 0 ? undefined : Math.floor((100 * withinTarget) / decided);
}

const countsShown = (counts: Counts) => {
  const { requests, decisions, medianDays, renounced } = counts;
  return {
    requests,
    approved: decisions.approved,
    refused: decisions.refused,
    implicitlyRefused: decisions.implicitly_refused,
    implicitlyAccepted: decisions.implicitly_accepted,
    medianDays,
    withinTarget: shareOf(counts),
    renounced,
  };
};

/** `/operateur/statistiques`: the year to date, or the period asked for. */
async function show({ ctx, me, needs }: Asked): Promise<void> {
  const given = new URLSearchParams(ctx.querystring);
  const wanted = {
    from: given.get('du') || `${me.today.slice(0, 4)}-01-01`,
    to: given.get('au') || me.today,
  };
  const read = z
    .object({ from: day, to: day })
    .refine(({ from, to }) => from <= to && from >= '2000-01-01')
    .safeParse(wanted);
  const period = read.success ? read.data : { from: me.today, to: me.today };
  const found = await needs.registrations.statistics(period, me.operator.perimeter ?? {});
  const lang = language(ctx);
  const model: OperatorStatisticsPage = {
    console: needs.frame(me, 'statistics'),
    action: `${needs.basePath}/operateur/statistiques`,
    ...wanted,
    mail: me.operator.perimeter === undefined ? await mailHealth(needs.db, needs.clock()) : undefined,
    problem: read.success ? undefined : 'period',
    targetDays: found.targetDays,
    all: {
      ...countsShown(found),
      files: found.files,
      suspensions: found.suspensions,
      endings: found.endings,
      appeals: found.appeals,
      granted: found.granted,
    },
    services: found.services.map((service) => ({
      name: serviceName(needs.snapshot(), service.service, lang),
      ...countsShown(service),
    })),
    motives: found.motives.map(({ services, ...motive }) => ({
      ...motive,
      services: services.map(({ service, count }) => ({
        name: serviceName(needs.snapshot(), service, lang),
        count,
      })),
    })),
    months: found.months,
  };
  needs.http.renderPage(ctx, 'operator-statistics', model, {
    formsStayHere: true,
    status: read.success ? 200 : 422,
  });
}

export const statisticsRoutes: readonly Route[] = [
  listPage({ path: '/operateur/statistiques', action: 'statistics.read', answer: show }),
];

export const statistics: Section = {
  name: 'statistics',
  path: '/operateur/statistiques',
  action: 'statistics.read',
  routes: (router, needs) => mount(router, needs, statisticsRoutes),
};
