import type Router from '@koa/router';
import { language } from '../http/http.ts';
import { signInUseMonths, signInUsesOf } from '../storage/storage.ts';
import type { SignInUses } from '../storage/storage.ts';
import type { OwnPartnerNeeds } from './own-partner.ts';
import { partnerPage } from './partner-pages.ts';

export interface HistoryNeeds extends OwnPartnerNeeds {
  readonly signInUses: Pick<SignInUses, 'flush'>;
  /** What the register calls a legal unit. */
  readonly organizationName: (siren: string) => Promise<string | undefined>;
}

/** Lines of the page. */
const shown = 100;

/** `/compte/historique`: which tools somebody entered, from what, as whom, and what those tools may read. */
export function historyRoutes(router: Router, needs: HistoryNeeds): void {
  const { db, basePath, http, snapshot } = needs;
  partnerPage(router, needs, '/compte/historique', async (ctx, { accountId }) => {
    const lang = language(ctx);
    await needs.signInUses.flush();
    const uses = await signInUsesOf(db, accountId, shown + 1);
    const sirens = [...new Set(uses.map(({ siret }) => siret.slice(0, 9)))];
    const names = new Map(
      await Promise.all(
        sirens.map(async (siren) => [siren, (await needs.organizationName(siren)) ?? siren] as const),
      ),
    );
    const { clients, services } = snapshot();
    const serviceOf = (clientId: string): string => {
      const client = clients.get(clientId);
      return (client === undefined ? undefined : services.get(client.service)?.name[lang]) ?? clientId;
    };
    http.renderPage(
      ctx,
      'account-history',
      {
        uses: uses.slice(0, shown).map(({ clientId, lastAt, times, browser, system, siret, claims }) => ({
          service: serviceOf(clientId),
          lastAt,
          times,
          browser: browser === '' ? undefined : browser,
          system: system === '' ? undefined : system,
          organization: names.get(siret.slice(0, 9)) ?? siret,
          claims,
        })),
        months: signInUseMonths,
        more: uses.length > shown,
        dataHref: `${basePath}/compte/mes-donnees`,
        backHref: `${basePath}/compte`,
      },
      { formsStayHere: true },
    );
  });
}
