import { canonicalEmail } from '../identity/identity.ts';
import { identify } from '../organizations/organizations.ts';
import { namesAgree } from '../register/register.ts';
import type { FoundOrganization } from '../register/register.ts';
import type { ApprovalHeld, OperatorActor, Terms } from '../registrations/registrations.ts';
import { endProblem, termsFor } from './decision.ts';
import type { BatchDecision } from './decision.ts';
import type { TypedLine } from './read-list.ts';
import { typedDay } from './typed-day.ts';

/*
 * What a lot would do with each line of its list, and why not. Pure: what the registers and the files say is handed in. The
 * last word is that of `grant`, line by line, which knows more.
 */

export const verdicts = ['new', 'changed', 'same', 'wrong'] as const;
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
  'several',
  'out_of_perimeter',
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

/** What a line names, as the registers keep it: a SIREN or an RNA number. */
export function numberOf(identifier: string): { readonly number: string } | { readonly reason: LineReason } {
  if (identifier.trim() === '') return { reason: 'identifier_missing' };
  const found = identify(identifier);
  switch (found.kind) {
    case 'siren':
    case 'siret':
    case 'vat':
      return { number: found.siren };
    case 'rna':
      return { number: found.rna };
    case 'invalid':
      return { reason: found.reason === 'luhn' ? 'identifier_key' : 'identifier_malformed' };
  }
}

export function judge(lines: readonly TypedLine[], known: Known, asked: Judging): readonly Judged[] {
  const first = new Map<string, number>();
  return lines.map((line) => {
    const read = numberOf(line.cells.identifier);
    const found = 'number' in read ? (known.organizations.get(read.number) ?? []) : [];
    const [organization] = found;
    const key = organization?.id ?? ('number' in read ? read.number : undefined);
    const before = key === undefined ? undefined : first.get(key);
    if (key !== undefined && before === undefined) first.set(key, line.line);
    const place = organization && known.place(organization);
    const isWithin =
      place === undefined || asked.decision.services.every((service) => asked.within(place, service));
    const base = {
      ...line,
      outside: !isWithin,
      // What lies out of a perimeter does not exist for whoever looks: neither its name nor its rights.
      ...(isWithin && { organization, department: place?.department }),
      homonyms: isWithin && organization !== undefined ? (known.homonyms.get(organization.id) ?? 0) : 0,
    };
    const wrong = (reason: LineReason, about?: string): Judged => ({
      ...base,
      verdict: 'wrong',
      reason,
      about,
      changes: [],
    });

    if (line.cells.broken === true) return wrong('broken');
    if ('reason' in read) return wrong(read.reason);
    if (before !== undefined) return wrong('twice', String(before));
    const written = writtenWell(line, asked);
    if ('reason' in written) return wrong(written.reason);
    if (organization === undefined) return wrong('unknown');
    if (!isWithin) return wrong('out_of_perimeter');
    if (found.length > 1) return wrong('several');
    if (!organization.active) return wrong('ceased');
    const { siren } = organization;
    if (siren === undefined) return wrong('no_siren');
    const { name } = line.cells;
    if (name !== '' && !namesAgree(name, organization)) return wrong('name_differs', organization.name);
    if (asked.people.some(({ sirens }) => sirens.includes(siren)) || known.askedBy.has(organization.id))
      return wrong('own_organization');
    const standing = rightsOf(organization.id, siren, known, asked, written.endsOn);
    if ('reason' in standing) return wrong(standing.reason, standing.about);
    const { changes } = standing;
    const verdict =
      changes.length === 0
        ? 'same'
        : changes.some((change) => change.before !== undefined)
          ? 'changed'
          : 'new';
    return { ...base, verdict, changes, email: written.email };
  });
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
