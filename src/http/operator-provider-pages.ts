import type { OperatorPage } from './operator-pages.ts';

export interface OperatorProviderPages {
  'operator-providers': OperatorProvidersPage;
}

/** `/operateur/fournisseurs`. */
export interface OperatorProvidersPage extends OperatorPage {
  /** Minutes that `errors` speaks of. */
  readonly windowMinutes: number;
  readonly rows: readonly ProviderShown[];
}

export interface ProviderShown {
  readonly name: string;
  readonly id: string;
  readonly state: 'answers' | 'failing' | 'away' | 'probing' | 'unknown';
  readonly lastAt?: Date | undefined;
  readonly lastFailure?: { readonly at: Date; readonly code: string } | undefined;
  /** Within the window; absent: nobody signed in. `share` in per cent. */
  readonly errors?: { readonly failed: number; readonly asked: number; readonly share: number } | undefined;
  readonly readAt?: Date | undefined;
  readonly keys?: { readonly changes: number; readonly updatedAt: Date } | undefined;
  readonly certificate?: { readonly endsOn: Date; readonly soon: boolean } | undefined;
  readonly support: { readonly name: string; readonly href: string };
  readonly statusHref?: string | undefined;
  /** Who runs its machines, where, and what vouches for them: already in words. */
  readonly hosting?: string | undefined;
}
