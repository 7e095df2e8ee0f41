/** What a line of the page is called: the words are in `locales/`, `data.fact`. */
export const factNames = [
  'account',
  'createdAt',
  'lastSeenAt',
  'linkedAt',
  'blockedAt',
  'erasedAt',
  'idp',
  'issuer',
  'subject',
  'siret',
  'siretByDefault',
  'confirmedAt',
  'revokedAt',
  'startedAt',
  'device',
  'email',
  'name',
  'service',
  'expiresAt',
  'number',
  'lot',
  'organization',
  'state',
  'submittedAt',
  'document',
  'kind',
  'sha256',
  'openedAt',
  'role',
  'by',
  'reason',
  'startsOn',
  'endsOn',
  'sentAt',
  'title',
  'act',
  'at',
  'capacity',
  'view',
] as const;
export type FactName = (typeof factNames)[number];

/** `words`: a text of `locales/` for the page, among those of its kind, where the file has the code. */
export type FactValue =
  | string
  | Date
  | {
      readonly code: string;
      readonly kind: 'act' | 'by' | 'role' | 'state' | 'kind';
      readonly words: string;
    };
export type Fact = readonly [name: FactName, value: FactValue | undefined];

/** One thing that is kept. */
export interface Item {
  /** In the order of the page; what is not known is left out. */
  readonly facts: readonly Fact[];
  /** All of it: in the file only, nobody reads it on a page. */
  readonly whole?: unknown;
}

/** As the file has it. */
export function jsonOfItem({ facts, whole }: Item): Readonly<Record<string, unknown>> {
  const told = facts.flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return [];
    return [[name, typeof value === 'object' && 'code' in value ? value.code : value]];
  });
  return { ...Object.fromEntries(told), ...(whole === undefined ? {} : { whole }) };
}
