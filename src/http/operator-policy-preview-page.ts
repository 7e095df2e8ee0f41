import type { OperatorPage } from './operator-pages.ts';
import type { ValueShown } from './operator-policy-pages.ts';

interface CountsShown {
  readonly gains: number;
  readonly loses: number;
  readonly changes: number;
  readonly unchanged: number;
}

/** Whom a decision concerns of those who are signed in; each word is told by the page that shows it. */
export interface ConcernedShown {
  readonly people: number;
  readonly sessions: number;
  readonly grants: number;
  readonly organizations?: number | undefined;
  readonly tools: readonly string[];
  /** Accesses of tools that were looked at, when there are more. */
  readonly lookedAt?: number | undefined;
}

/** `/operateur/services/:service/brouillons/:brouillon/apercu`. */
export interface OperatorPolicyPreviewPage extends OperatorPage {
  readonly name: string;
  readonly backHref: string;
  readonly version: number;
  /** Of the version to which it is compared; absent: nobody enters today. */
  readonly before?: number | undefined;
  /** Absent: another one is under way. */
  readonly found?:
    | {
        readonly at: Date;
        readonly complete: boolean;
        readonly looked: number;
        readonly seconds: string;
        readonly organizations: CountsShown;
        readonly concerned: ConcernedShown;
        readonly categories: readonly { readonly name: string; readonly counts: CountsShown }[];
        readonly approvals: CountsShown & { readonly absent: number };
        readonly withoutEstablishment: number;
        readonly lists: readonly {
          readonly verdict: 'gains' | 'loses' | 'changes';
          readonly total: number;
          readonly rows: readonly {
            readonly name: string;
            readonly href: string;
            readonly siren: string;
            readonly type: string;
            readonly department?: string | undefined;
            readonly fields: readonly string[];
            readonly approvals: number;
            readonly before: string;
            readonly after: string;
            readonly why: readonly {
              readonly clause: string;
              readonly value: ValueShown;
              readonly source: string;
              readonly asOf: string;
            }[];
          }[];
        }[];
        /** Approvals by what becomes of the right after their last day; absent: neither version lets any go on. */
        readonly afterwards?:
          | readonly {
              readonly verdict: 'goes_on' | 'stops' | 'changes';
              readonly total: number;
              readonly rows: readonly {
                readonly name: string;
                readonly href: string;
                readonly siren: string;
                readonly type: string;
                readonly department?: string | undefined;
                readonly endsOn: string;
                readonly before: string;
                readonly after: string;
              }[];
            }[]
          | undefined;
      }
    | undefined;
}
