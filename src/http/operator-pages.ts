/** What stands above every page of the console. */
export interface ConsoleFrame {
  /** The sections that this operator may open; `words` names the text of `locales/`. */
  readonly sections: readonly {
    readonly words: ConsoleSection;
    readonly href: string;
    readonly current: boolean;
  }[];
}

export type ConsoleSection =
  | 'todo'
  | 'lots'
  | 'organizations'
  | 'policies'
  | 'statistics'
  | 'providers'
  | 'record'
  | 'operators'
  | 'persons'
  | 'me';

/** Every page of the console. */
export interface OperatorPage {
  readonly console: ConsoleFrame;
}

/** `/operateur/moi`. */
export interface OperatorMePage extends OperatorPage {
  readonly name: string;
  readonly capacity: string;
  readonly organization: string;
  readonly email: string;
  /** Names of roles: the words are in `locales/`. */
  readonly roles: readonly string[];
  /** Absent: everywhere. Each list is in words already. */
  readonly perimeter?:
    | {
        readonly departments?: readonly string[] | undefined;
        readonly federations?: readonly string[] | undefined;
        readonly services?: readonly string[] | undefined;
      }
    | undefined;
  /** ISO days, both included. */
  readonly delegation?: { readonly from: string; readonly to: string } | undefined;
  readonly idp?: string | undefined;
  readonly signedInAt: Date;
  readonly signOutHref: string;
}
