import type { Middleware } from 'koa';
import { parisDate } from '../eligibility/eligibility.ts';
import { approvedCsv, approvedJson, openLicense } from '../register/register.ts';
import type { ApprovedOrganization } from '../register/register.ts';

interface OpenDataNeeds {
  readonly approved: () => Promise<readonly ApprovedOrganization[]>;
  /** Address of the broker that publishes. */
  readonly producer: string;
  readonly clock: () => Date;
}

const path = '/api/organisations-autorisees';

/** The approvals of a country fit in it, and nobody needs them fresher. */
const keptMs = 60_000;

/**
 * `/api/organisations-autorisees.csv` and `.json`: the approved organizations, for whoever reuses them. Public, readable
 * from any site, made at most once a minute in this process.
 */
export function createOpenData(needs: OpenDataNeeds): Middleware {
  let made:
    { readonly until: number; readonly organizations: Promise<readonly ApprovedOrganization[]> } | undefined;
  const organizations = (): Promise<readonly ApprovedOrganization[]> => {
    const now = needs.clock().getTime();
    if (made === undefined || now >= made.until) {
      const asked = needs.approved();
      made = { until: now + keptMs, organizations: asked };
      // A failure is answered to those who wait, and not kept.
      asked.catch(() => (made = undefined));
    }
    return made.organizations;
  };

  return async (ctx, next) => {
    const format = ctx.path === `${path}.csv` ? 'csv' : ctx.path === `${path}.json` ? 'json' : undefined;
    if (format === undefined || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
      await next();
      return;
    }
    const now = needs.clock();
    const listed = await organizations();
    ctx.set('Access-Control-Allow-Origin', '*');
    ctx.set('Cache-Control', `public, max-age=${keptMs / 1000}`);
    ctx.set('Link', `<${openLicense.href}>; rel="license"`);
    ctx.attachment(`organisations-autorisees-${parisDate(now)}.${format}`);
    ctx.type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8';
    ctx.body =
      format === 'csv'
        ? approvedCsv(listed, { now })
        : approvedJson(listed, { producer: needs.producer, now });
  };
}
