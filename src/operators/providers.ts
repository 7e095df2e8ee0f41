import type { IdentityProvider } from '../declarations/declarations.ts';
import type { ProviderShown } from '../http/http.ts';
import { listPage, mount } from './route.ts';
import type { Asked, Route } from './route.ts';
import type { Section } from './section.ts';

/** How an identity provider is, as those who watch over it know (upstream/). */
export interface ProviderStatus {
  readonly id: string;
  readonly reach: 'unknown' | 'answers' | 'failing' | 'away';
  readonly breaker: 'closed' | 'open' | 'probing';
  readonly lastSuccess: Date | undefined;
  readonly lastFailure: { readonly at: Date; readonly code: string } | undefined;
  readonly recent: { readonly asked: number; readonly failed: number };
  readonly keyChanges: number;
  readonly keysChangedAt: Date | undefined;
  readonly metadataReadAt: Date | undefined;
  readonly certificateEndsAt: Date | undefined;
}

/** What is wanted of whoever watches, for this page. */
export interface ProviderStatuses {
  /** Minutes that `recent` speaks of. */
  readonly windowMinutes: number;
  readonly all: () => Promise<readonly ProviderStatus[]>;
}

/** Days before the end of a certificate from which operators see it: the time to make another one. */
const soonDays = 21;

/** Those that people have to hear of come first. */
const order: readonly ProviderShown['state'][] = ['away', 'failing', 'probing', 'answers', 'unknown'];

export function providerShown(
  idp: Pick<IdentityProvider, 'id' | 'name' | 'support' | 'hosting' | 'status_url'>,
  status: ProviderStatus,
  now: Date,
): ProviderShown {
  const { recent, keysChangedAt, certificateEndsAt: endsOn } = status;
  const { support, hosting } = idp;
  return {
    name: idp.name,
    id: idp.id,
    state: stateOf(status),
    lastAt: status.lastSuccess,
    lastFailure: status.lastFailure,
    errors:
      recent.asked === 0 ? undefined : { ...recent, share: Math.ceil((100 * recent.failed) / recent.asked) },
    readAt: status.metadataReadAt,
    keys: keysChangedAt && { changes: status.keyChanges, updatedAt: keysChangedAt },
    certificate: endsOn && {
      endsOn,
      soon: endsOn.getTime() - now.getTime() < soonDays * 24 * 3600 * 1000,
    },
    support: { name: support.name, href: 'url' in support ? support.url : `mailto:${support.email}` },
    statusHref: idp.status_url,
    hosting: hosting && [hosting.name, hosting.country, hosting.qualification].filter(Boolean).join(', '),
  };
}

function stateOf({ reach, breaker }: ProviderStatus): ProviderShown['state'] {
  if (reach === 'away' || breaker === 'open') return 'away';
  return breaker === 'probing' ? 'probing' : reach;
}

/** `/operateur/fournisseurs`: how each identity provider that is open is now. */
async function show({ ctx, me, needs }: Asked): Promise<void> {
  const { windowMinutes, all } = needs.providerStatuses;
  const idps = needs.snapshot().identityProviders;
  const rows = (await all()).flatMap((status) => {
    const idp = idps.get(status.id);
    return idp === undefined ? [] : [providerShown(idp, status, needs.clock())];
  });
  needs.http.renderPage(ctx, 'operator-providers', {
    console: needs.frame(me, 'providers'),
    windowMinutes,
    rows: rows.toSorted(
      (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name, 'fr'),
    ),
  });
}

export const providerRoutes: readonly Route[] = [
  listPage({ path: '/operateur/fournisseurs', action: 'provider.read', answer: show }),
];

export const providers: Section = {
  name: 'providers',
  path: '/operateur/fournisseurs',
  action: 'provider.read',
  routes: (router, needs) => mount(router, needs, providerRoutes),
};
