import { canonicalEmail } from '../identity/identity.ts';
import type { StatedFacts } from '../organizations/organizations.ts';
import { namesAgree } from '../register/register.ts';
import type { FoundOrganization } from '../register/register.ts';
import type { ApprovalHeld, OperatorActor, Terms } from '../registrations/registrations.ts';
import { compareFacts } from './compare-facts.ts';
import type { Difference } from './compare-facts.ts';
import { endProblem, termsFor } from './decision.ts';
import type { BatchDecision } from './decision.ts';
import type { CommuneOf, Newcomer } from './newcomer.ts';
import { numberOf } from './own-cells.ts';
import type { TypedLine } from './read-list.ts';
import { typedDay } from './typed-day.ts';
import { whomOf } from './whom.ts';

/*
 * What a lot would do with each line of its list, and why not. Pure: what the registers and the files say is handed in. The
 * last word is that of `grant`, line by line, which knows more.
 */

/** `new_organization`: a right for an organization that enters the register with it. */
export const verdicts = ['new_organization', 'new', 'changed', 'same', 'wrong'] as const;
export type Verdict = (typeof verdicts)[number];

/** Why a line is left out; `about` beside it says what it is about. */
export const lineReasons = [
  'broken',
  'identifier_missing',
  'identifier_malformed',
  'identifier_key',
  'email_malformed',
  'end_malformed',
  'end_order',
  'end_far',
  /** `about`: the line where the same organization stands first. */
  'twice',
  'unknown',
  /** `about`: the column, and what is wrong with it (own-cells.ts). */
  'cell_wrong',
  'natural_person',
  'not_head_office',
  /** `about`: the column that a new organization needs. */
  'lacking',
  'closed_in_list',
  'category_unknown',
  'public_body',
  'identifiers_differ',
  'several',
  'out_of_perimeter',
  'entry_out_of_perimeter',
  'ceased',
  'no_siren',
  /** `about`: what the register calls it. */
  'name_differs',
  'own_organization',
  /** `about`: the number of the file. */
  'under_examination',
  /** `about`: the service. */
  'suspended_before',
  'refused_before',
  'held_by_configuration',
  'less_than_held',
  'several_rights',
] as const;
export type LineReason = (typeof lineReasons)[number];

/** Where an organization lies, for whoever bounds perimeters. */
export interface Place {
  readonly department: string | undefined;
  /** Itself and the federations above it. */
  readonly organizations: readonly string[];
  /** A lot brings it to the register, where it counts for every service. */
  readonly enters?: boolean | undefined;
}

/** What a line would change: what one service gives before and after. */
export interface Change {
  readonly service: string;
  readonly before: ApprovalHeld | undefined;
  readonly after: Terms;
}

export interface Judged extends TypedLine {
  readonly verdict: Verdict;
  readonly reason?: LineReason | undefined;
  readonly about?: string | undefined;
  readonly organization?: FoundOrganization | undefined;
  readonly department?: string | undefined;
  /** None when the line is left out. */
  readonly changes: readonly Change[];
  readonly email?: string | undefined;
  /** It is not in the register, and enters it when the line is carried out. */
  readonly newcomer?: Newcomer | undefined;
  /** What the line says otherwise than the register, whose word counts. */
  readonly differs: readonly Difference[];
  /** Cells that could not be read, and that the line goes without. */
  readonly unread: readonly string[];
  /** Where it lies, for whoever sees it. */
  readonly place?: Place | undefined;
  /** Versions of its files, as of this reading. */
  readonly stood: Readonly<Record<string, number>>;
  /** How many other organizations of the register have this name. */
  readonly homonyms: number;
  /** It names an organization that lies out of the perimeter of whoever looks. */
  readonly outside: boolean;
}

/** What is known, by whatever a line may name. */
export interface Known {
  /** By SIREN and by RNA number: several may claim one. */
  readonly organizations: ReadonlyMap<string, readonly FoundOrganization[]>;
  readonly place: (organization: FoundOrganization) => Place;
  readonly communeOf: CommuneOf;
  /** By id, what the register holds of organizations of which a line says something too. */
  readonly facts: ReadonlyMap<string, StatedFacts>;
  /** By id: number of file → version. */
  readonly files: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Rights, suspensions and refusals that count, by SIREN. */
  readonly held: ReadonlyMap<string, readonly ApprovalHeld[]>;
  /** Requests that somebody examines now, by organization. */
  readonly examined: ReadonlyMap<string, readonly { readonly file: string; readonly service: string }[]>;
  /** Organizations for which one of these people asked themselves. */
  readonly askedBy: ReadonlySet<string>;
  readonly homonyms: ReadonlyMap<string, number>;
}

export interface Judging {
  readonly decision: BatchDecision;
  /** Civil day in Paris. */
  readonly today: string;
  /** Who wrote the lot, and who looks: neither decides on their own organization. */
  readonly people: readonly Pick<OperatorActor, 'sirens'>[];
  /** Of whoever looks. */
  readonly within: (place: Place, service: string) => boolean;
}

export function judge(lines: readonly TypedLine[], known: Known, asked: Judging): readonly Judged[] {
  const first = new Map<string, number>();
  return lines.map((line) => {
    const { cells } = line;
    const read = numberOf(cells.identifier);
    const whom = 'number' in read ? whomOf(cells, known) : {};
    const { organization, newcomer } = whom;
    const named = 'number' in read ? [organization?.id ?? read.number] : [];
    const keys = newcomer?.numbers ?? named;
    const before = keys.map((key) => first.get(key)).find((one) => one !== undefined);
    for (const key of keys) if (!first.has(key)) first.set(key, line.line);
    // The federation that a line names is its own word: it puts nobody within a perimeter.
    const place = organization && {
      ...known.place(organization),
      ...(newcomer !== undefined && { enters: true }),
    };
    const isWithin =
      place === undefined || asked.decision.services.every((service) => asked.within(place, service));
    const isSeen = isWithin && organization !== undefined;
    const base = {
      ...line,
      outside: !isWithin,
      // What lies out of a perimeter does not exist for whoever looks: neither its name nor its rights.
      ...(isWithin && { organization, newcomer, place, department: place?.department }),
      homonyms: isSeen ? (known.homonyms.get(organization.id) ?? 0) : 0,
      stood: isSeen ? (known.files.get(organization.id) ?? {}) : {},
      differs: [],
      unread: newcomer?.unread ?? [],
    };
    const wrong = (reason: LineReason, about?: string): Judged => ({
      ...base,
      verdict: 'wrong',
      reason,
      about,
      changes: [],
    });

    if (cells.broken === true) return wrong('broken');
    if ('reason' in read) return wrong(read.reason);
    if (before !== undefined) return wrong('twice', String(before));
    const written = writtenWell(line, asked);
    if ('reason' in written) return wrong(written.reason);
    if (organization === undefined) return wrong(whom.reason ?? 'unknown', whom.about);
    if (!isWithin) return wrong(newcomer === undefined ? 'out_of_perimeter' : 'entry_out_of_perimeter');
    if (whom.reason !== undefined) return wrong(whom.reason, whom.about);
    if (!organization.active) return wrong('ceased');
    const { siren } = organization;
    if (siren === undefined) return wrong('no_siren');
    const isNamed = newcomer !== undefined || cells.name === '' || namesAgree(cells.name, organization);
    if (!isNamed) return wrong('name_differs', organization.name);
    if (asked.people.some(({ sirens }) => sirens.includes(siren)) || known.askedBy.has(organization.id))
      return wrong('own_organization');
    const compared =
      newcomer === undefined
        ? compareFacts(cells, siren, known.facts.get(organization.id) ?? {})
        : { differs: [], unread: newcomer.unread };
    if ('reason' in compared) return wrong(compared.reason, compared.about);
    const standing = rightsOf(organization.id, siren, known, asked, written.endsOn);
    if ('reason' in standing) return wrong(standing.reason, standing.about);
    const { changes } = standing;
    return { ...base, ...compared, verdict: verdictOf(changes, newcomer), changes, email: written.email };
  });
}

function verdictOf(changes: readonly Change[], newcomer: Newcomer | undefined): Verdict {
  if (changes.length === 0) return 'same';
  if (newcomer !== undefined) return 'new_organization';
  return changes.some(({ before }) => before !== undefined) ? 'changed' : 'new';
}

type Written =
  | { readonly email: string | undefined; readonly endsOn: string | undefined }
  | { readonly reason: LineReason };

function writtenWell({ cells }: TypedLine, { decision, today }: Judging): Written {
  const email = cells.email === '' ? undefined : canonicalEmail(cells.email)?.address;
  if (cells.email !== '' && email === undefined) return { reason: 'email_malformed' };
  if (cells.endsOn === '') return { email, endsOn: undefined };
  const endsOn = typedDay(cells.endsOn);
  if (endsOn === undefined) return { reason: 'end_malformed' };
  const problem = endProblem(termsFor(decision, today).startsOn, endsOn);
  if (problem === undefined) return { email, endsOn };
  return { reason: problem === 'order' ? 'end_order' : 'end_far' };
}

type Rights =
  | { readonly changes: readonly Change[] }
  | { readonly reason: LineReason; readonly about: string | undefined };

function rightsOf(
  organization: string,
  siren: string,
  { held, examined }: Known,
  { decision, today }: Judging,
  endsOn: string | undefined,
): Rights {
  const after = termsFor(decision, today, endsOn);
  const changes: Change[] = [];
  for (const service of decision.services) {
    const request = examined.get(organization)?.find((one) => one.service === service);
    if (request !== undefined) return { reason: 'under_examination', about: request.file };
    const rights = (held.get(siren) ?? []).filter((one) => one.service === service);
    if (rights.some(({ status }) => status === 'suspended'))
      return { reason: 'suspended_before', about: service };
    const active = rights.filter((one) => one.status === 'active');
    const refused = rights.find(({ status }) => status === 'refused');
    // What was refused and granted since is not refused any more.
    if (refused !== undefined && !active.some(({ decidedOn }) => decidedOn >= refused.decidedOn))
      return { reason: 'refused_before', about: service };
    // A right that the configuration declares is followed once it is over; that of a file is renewed.
    const declared = active.filter((one) => isDeclared(one) && one.endsOn >= after.startsOn);
    const files = active.filter((one) => !isDeclared(one));
    if ([...declared, ...files].some((one) => isSame(one, after))) continue;
    if (declared.length > 0) return { reason: 'held_by_configuration', about: service };
    if (files.length > 1) return { reason: 'several_rights', about: service };
    const [before] = files;
    if (before !== undefined && isLess(after, before)) return { reason: 'less_than_held', about: service };
    changes.push({ service, before, after });
  }
  // One file goes on from one other: the rights of several are renewed by hand.
  const former = new Set(changes.flatMap(({ before }) => (before === undefined ? [] : fileOf(before))));
  return former.size > 1 ? { reason: 'several_rights', about: undefined } : { changes };
}

const isDeclared = ({ origin }: ApprovalHeld): boolean => origin === 'configuration';

/** The file whose right it is. */
const fileOf = ({ id, service }: ApprovalHeld): string => id.slice(0, -service.length - 1);

/** To reduce a right is to abrogate it, on which the organization is heard first (CRPA art. L121-1, L242-1). */
const isLess = (after: Terms, before: ApprovalHeld): boolean =>
  after.endsOn < before.endsOn || (after.level === 'guest' && before.level === 'member');

const isSame = (before: ApprovalHeld, after: Terms): boolean =>
  before.level === after.level &&
  before.ground === after.ground &&
  before.startsOn <= after.startsOn &&
  before.endsOn === after.endsOn;
