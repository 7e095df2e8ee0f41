import {
  departmentByCode,
  organizationCategory,
  organizationCategoryLabel,
  organizationTypes,
} from '../organizations/organizations.ts';
import type { QueueFilter, RequestState } from '../registrations/registrations.ts';

/*
 * The filter of the queue as an operator types it: `type:association -service:tchap departement:56 "maires du Morbihan"`.
 * Words are separated by spaces; `"` keeps several together; `-` before a word of the list takes away what it names. What
 * is not understood is said, and filters nothing.
 */

/** Fields of the queue that words can name. */
export type Wanted = Partial<
  Pick<
    QueueFilter,
    | 'text'
    | 'stage'
    | 'state'
    | 'service'
    | 'type'
    | 'department'
    | 'taken'
    | 'overdue'
    | 'beyondTarget'
    | 'expiring'
    | 'proposed'
    | 'review'
    | 'toPost'
  >
>;
/** What must not be: each narrows. */
export interface Unwanted {
  readonly states: readonly RequestState[];
  readonly services: readonly string[];
  readonly types: readonly string[];
  readonly departments: readonly string[];
}

export interface QueueProblem {
  /** Names the text of `locales/`. */
  readonly kind: 'key' | 'value' | 'twice' | 'quote' | 'empty' | 'negation';
  /** As typed. */
  readonly typed: string;
  /** Words that would have been understood there. */
  readonly known: readonly string[];
}

export interface QueueWords {
  readonly wanted: Wanted;
  readonly unwanted: Unwanted;
  readonly problems: readonly QueueProblem[];
}

/** Words of states, for people who type them. */
export const stateWords: Readonly<Record<string, RequestState>> = {
  recu: 'submitted',
  examen: 'under_review',
  attente: 'info_requested',
  desiste: 'withdrawn',
  agree: 'approved',
  refuse: 'refused',
  'refus-tacite': 'implicitly_refused',
  'accord-tacite': 'implicitly_accepted',
  'a-renouveler': 'renewal_due',
  renouvele: 'renewed',
  expire: 'expired',
  renonce: 'renounced',
  'suspension-annoncee': 'suspension_notified',
  suspendu: 'suspended',
  'suspendu-urgence': 'suspended_urgent',
  abroge: 'abrogated',
  retire: 'withdrawn_by_authority',
  clos: 'closed',
  recours: 'appealed',
  confirme: 'upheld',
  'confirme-tacite': 'implicitly_upheld',
};

const stages = { examen: 'examination', decide: 'decided', termine: 'ended' } as const;
const followers = { moi: 'me', personne: 'nobody', quelquun: 'anyone' } as const;
const targets = { depasse: true, tenu: false } as const;
const yesOrNo = { oui: true, non: false } as const;
const switches = {
  retard: 'overdue',
  expire: 'expiring',
  accord: 'proposed',
  revoir: 'review',
  poster: 'toPost',
} as const;

export const queueKeys = [
  'type',
  'service',
  'departement',
  'etat',
  'etape',
  'suivi',
  'objectif',
  ...Object.keys(switches),
] as const;

interface Typed {
  readonly negated: boolean;
  readonly key: string | undefined;
  readonly value: string;
  readonly typed: string;
}

const longestFilter = 500;

/** @param services ids of the catalogue: nothing else is a service */
export function readQueueWords(given: string, services: readonly string[]): QueueWords {
  const text = given.slice(0, longestFilter);
  const problems: QueueProblem[] = [];
  if ((text.match(/"/gu)?.length ?? 0) % 2 === 1) problems.push({ kind: 'quote', typed: text, known: [] });
  const wanted: { -readonly [F in keyof Wanted]: Wanted[F] } = {};
  const unwanted = {
    states: [] as RequestState[],
    services: [] as string[],
    types: [] as string[],
    departments: [] as string[],
  };
  const free: string[] = [];

  const want = <F extends keyof Wanted>({ typed }: Typed, field: F, value: Wanted[F]): void => {
    if (wanted[field] !== undefined && wanted[field] !== value)
      problems.push({ kind: 'twice', typed, known: [] });
    else wanted[field] = value;
  };
  /** One of a closed list, or a problem that shows the list. */
  const among = <V>({ value, typed }: Typed, values: Readonly<Record<string, V>>): V | undefined => {
    const plain = plainWord(value);
    if (Object.hasOwn(values, plain)) return values[plain];
    problems.push({ kind: value === '' ? 'empty' : 'value', typed, known: Object.keys(values) });
    return undefined;
  };
  const either = <V extends string, F extends keyof Wanted & ('state' | 'service' | 'type' | 'department')>(
    word: Typed,
    value: (V & Wanted[F]) | undefined,
    field: F,
    list: V[],
  ): void => {
    if (value === undefined) return;
    if (word.negated) list.push(value);
    else want(word, field, value);
  };

  for (const word of wordsOf(text)) {
    const { key, value, negated, typed } = word;
    if (key === undefined) {
      if (negated) problems.push({ kind: 'negation', typed, known: [...queueKeys] });
      else free.push(value);
    } else if (key === 'type') either(word, among(word, typeWords), 'type', unwanted.types);
    else if (key === 'service')
      either(
        word,
        among(word, Object.fromEntries(services.map((id) => [id, id]))),
        'service',
        unwanted.services,
      );
    else if (key === 'departement')
      either(word, departmentOf(word, problems), 'department', unwanted.departments);
    else if (key === 'etat') either(word, among(word, stateWords), 'state', unwanted.states);
    else if (key === 'etape') {
      const stage = among(word, stages);
      if (stage !== undefined) unlessNegated(word, problems, () => want(word, 'stage', stage));
    } else if (key === 'suivi') {
      const taken = among(word, followers);
      if (taken !== undefined) unlessNegated(word, problems, () => want(word, 'taken', taken));
    } else if (key === 'objectif') {
      const beyond = among(word, targets);
      if (beyond !== undefined) unlessNegated(word, problems, () => want(word, 'beyondTarget', beyond));
    } else if (isSwitch(key)) {
      const on = among(word, yesOrNo);
      if (on !== undefined) want(word, switches[key], on !== negated);
    } else problems.push({ kind: 'key', typed: key, known: [...queueKeys] });
  }
  if (free.length > 0) wanted.text = free.join(' ').slice(0, 200);
  return { wanted, unwanted, problems };
}

const isSwitch = (key: string): key is keyof typeof switches => Object.hasOwn(switches, key);

function unlessNegated({ negated, typed }: Typed, problems: QueueProblem[], then: () => void): void {
  if (negated)
    problems.push({
      kind: 'negation',
      typed,
      known: ['type', 'service', 'departement', 'etat', ...Object.keys(switches)],
    });
  else then();
}

function departmentOf({ value, typed }: Typed, problems: QueueProblem[]): string | undefined {
  const code = value.toUpperCase();
  if (departmentByCode(code) !== undefined) return code;
  problems.push({ kind: value === '' ? 'empty' : 'value', typed, known: ['56', '2A', '974'] });
  return undefined;
}

/** « Établissement public » → `etablissement-public`. */
const plainWord = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/gu, '-')
    .replaceAll(/^-|-$/gu, '');

/** Categories by their French name, and any type by its name in the contract. */
const typeWords: Readonly<Record<string, string>> = Object.fromEntries([
  ...organizationTypes.map((type) => [type, type] as const),
  ...[...new Set(organizationTypes.map(organizationCategory))].flatMap((category) => {
    const label = organizationCategoryLabel(category, 'fr');
    return label === undefined ? [] : [[plainWord(label), category] as const];
  }),
]);

/** `key:value`, `key:"several words"`, `"several words"`, `word`; a colon within a word that is no key is a letter. */
function* wordsOf(text: string): Generator<Typed> {
  const pattern = /(?<negated>-)?(?:(?<key>[\p{L}_-]+):)?(?:"(?<quoted>[^"]*)"?|(?<bare>[^\s"]*))/gu;
  for (const found of text.matchAll(pattern)) {
    const typed = found[0];
    if (typed === '') continue;
    const { negated, key, quoted, bare } = found.groups ?? {};
    const value = (quoted ?? bare ?? '').trim();
    if (key === undefined && value === '') continue;
    yield {
      negated: negated !== undefined,
      key: key === undefined ? undefined : plainWord(key),
      value,
      typed,
    };
  }
}
