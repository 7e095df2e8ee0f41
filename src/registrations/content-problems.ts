import { canonicalEmail } from '../identity/identity.ts';
import type { Contact, DraftContent } from './content.ts';

export const problemCodes = [
  'missing',
  'too_long',
  'too_many',
  'twice',
  'email_shape',
  'phone_shape',
  'domain_shape',
  'number_shape',
  'day_shape',
  'day_past',
  'days_order',
  'organization_unknown',
  'service_unknown',
  'already_asked',
  'terms_not_accepted',
  'list_needed',
  'not_declared',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** A path in the content: what the error summary leads to. Services are named by their id, domains by their place. */
export type ContentField =
  | 'organization'
  | `acting.${'capacity' | 'mandateUntil'}`
  | 'services'
  | `services.${string}.${'id' | 'why' | 'users' | 'termsAcceptedAt'}`
  | 'purpose'
  | `${'dataProtection' | 'security'}.${keyof Contact}`
  | 'domains'
  | `domains.${number}`
  | `agreement.${'reference' | 'startsOn' | 'endsOn'}`
  | 'publicShare'
  | 'notes'
  | 'members'
  | 'declaredAt';

export interface ContentProblem {
  readonly field: ContentField;
  readonly code: ProblemCode;
}

export interface ContentContext {
  /** Services of the catalogue. */
  readonly services: ReadonlySet<string>;
  /** Services that another file of this organization already asks for, and that nobody has decided yet. */
  readonly pending: ReadonlySet<string>;
  /** Whether the register holds the organization that the content names. */
  readonly organizationKnown: boolean;
  /** It elects who represents it, for a time: the mandate has a last day. */
  readonly isAssociation: boolean;
  /** Civil day in Paris. */
  readonly today: string;
}

/** Characters. */
export const longest = {
  line: 200,
  why: 2000,
  purpose: 4000,
  notes: 4000,
  services: 20,
  domains: 20,
} as const;

/** What has to be put right before the file can be sent, in the order of the page. Pure. */
export function problemsOf(content: DraftContent, context: ContentContext): readonly ContentProblem[] {
  return [
    ...organizationProblems(content, context),
    ...servicesProblems(content, context),
    ...textProblems('purpose', content.purpose, longest.purpose),
    ...groundProblems(content, context),
    ...domainProblems(content.domains),
    ...contactProblems('dataProtection', content.dataProtection),
    ...contactProblems('security', content.security),
    ...lengthProblems('notes', content.notes, longest.notes),
    ...(content.declaredAt === undefined ? [problem('declaredAt', 'not_declared')] : []),
  ];
}

const problem = (field: ContentField, code: ProblemCode): ContentProblem => ({ field, code });

const lengthProblems = (field: ContentField, text: string, most: number): ContentProblem[] =>
  text.length > most ? [problem(field, 'too_long')] : [];

const textProblems = (field: ContentField, text: string, most: number): ContentProblem[] =>
  text === '' ? [problem(field, 'missing')] : lengthProblems(field, text, most);

function organizationProblems(
  { organization, acting }: DraftContent,
  { organizationKnown, isAssociation, today }: ContentContext,
): ContentProblem[] {
  const endless = isAssociation && acting.mandateUntil === '';
  const unknown = organizationKnown ? [] : [problem('organization', 'organization_unknown')];
  return [
    ...(organization === '' ? [problem('organization', 'missing')] : unknown),
    ...textProblems('acting.capacity', acting.capacity, longest.line),
    ...(endless ? [problem('acting.mandateUntil', 'missing')] : []),
    ...dayProblems('acting.mandateUntil', acting.mandateUntil, today),
  ];
}

function servicesProblems({ services }: DraftContent, context: ContentContext): ContentProblem[] {
  if (services.length === 0) return [problem('services', 'missing')];
  const many = services.length > longest.services ? [problem('services', 'too_many')] : [];
  const seen = new Set<string>();
  const each = services.flatMap(({ id, why, users, termsAcceptedAt }) => {
    const again = seen.has(id);
    seen.add(id);
    if (again) return [problem(`services.${id}.id`, 'twice')];
    if (!context.services.has(id)) return [problem(`services.${id}.id`, 'service_unknown')];
    if (context.pending.has(id)) return [problem(`services.${id}.id`, 'already_asked')];
    return [
      ...textProblems(`services.${id}.why`, why, longest.why),
      ...numberProblems(`services.${id}.users`, users, 1, 1_000_000),
      ...(termsAcceptedAt === undefined
        ? [problem(`services.${id}.termsAcceptedAt`, 'terms_not_accepted')]
        : []),
    ];
  });
  return [...many, ...each];
}

/** « 1 200 » is a number to whoever types it. */
export const wholeNumber = (text: string): number | undefined => {
  const digits = text.replace(/[ \u00a0\u202f]/gu, '');
  return /^[0-9]{1,9}$/u.test(digits) ? Number(digits) : undefined;
};

function numberProblems(field: ContentField, text: string, least: number, most: number): ContentProblem[] {
  if (text === '') return [problem(field, 'missing')];
  const value = wholeNumber(text);
  return value === undefined || value < least || value > most ? [problem(field, 'number_shape')] : [];
}

/** What each ground needs to be examined at all (domain reference §5.2); no ground invoked asks for nothing more. */
function groundProblems(content: DraftContent, { today }: ContentContext): ContentProblem[] {
  const { ground, agreement, publicShare, members } = content;
  const share = ground === 'transparent_association' || publicShare !== '';
  const { startsOn, endsOn } = agreement;
  const bothDays = isDay(startsOn) && isDay(endsOn);
  return [
    ...(ground === 'delegated_public_service'
      ? textProblems('agreement.reference', agreement.reference, longest.line)
      : lengthProblems('agreement.reference', agreement.reference, longest.line)),
    ...(startsOn !== '' && !isDay(startsOn) ? [problem('agreement.startsOn', 'day_shape')] : []),
    ...dayProblems('agreement.endsOn', endsOn, today),
    ...(bothDays && endsOn < startsOn ? [problem('agreement.endsOn', 'days_order')] : []),
    ...(share ? numberProblems('publicShare', publicShare.replace(/\s*%$/u, ''), 0, 100) : []),
    ...(ground === 'members_all_public_law' && members === undefined
      ? [problem('members', 'list_needed')]
      : []),
  ];
}

/** A day of the calendar: 2026-02-30 is none. */
export function isDay(text: string): boolean {
  if (!/^(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$/u.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

function dayProblems(field: ContentField, text: string, today: string): ContentProblem[] {
  if (text === '') return [];
  if (!isDay(text)) return [problem(field, 'day_shape')];
  return text < today ? [problem(field, 'day_past')] : [];
}

function domainProblems(domains: readonly string[]): ContentProblem[] {
  const many = domains.length > longest.domains ? [problem('domains', 'too_many')] : [];
  const seen = new Set<string>();
  const each = domains.flatMap((written, index): ContentProblem[] => {
    const domain = canonicalDomain(written);
    if (domain === undefined) return [problem(`domains.${index}`, 'domain_shape')];
    const again = seen.has(domain);
    seen.add(domain);
    return again ? [problem(`domains.${index}`, 'twice')] : [];
  });
  return [...many, ...each];
}

/** Domain of an e-mail address, in lower case ASCII; « @amd56.example » is what people write too. */
export const canonicalDomain = (written: string): string | undefined =>
  canonicalEmail(`contact@${written.replace(/^@/u, '')}`)?.domain;

function contactProblems(who: 'dataProtection' | 'security', contact: Contact): ContentProblem[] {
  const { name, email, phone } = contact;
  const shape = canonicalEmail(email) === undefined ? [problem(`${who}.email`, 'email_shape')] : [];
  return [
    ...textProblems(`${who}.name`, name, longest.line),
    ...(email === '' ? [problem(`${who}.email`, 'missing')] : shape),
    ...(phone !== '' && !isPhone(phone) ? [problem(`${who}.phone`, 'phone_shape')] : []),
  ];
}

/** National (ten digits, or the four of a short number) or international (ITU-T E.164: fifteen digits at most). */
export const isPhone = (text: string): boolean =>
  /^(?:0[1-9][0-9]{8}|[1-9][0-9]{3}|\+[1-9][0-9]{6,14})$/u.test(text.replace(/[\s().-]/gu, ''));
