import { z } from 'zod';
import { grounds, levels } from '../eligibility/eligibility.ts';
import { reviewReasons } from '../register/register.ts';

export const operatorActorSchema = z.object({
  kind: z.literal('operator'),
  /** Id of the declared operator. */
  id: z.string(),
  givenName: z.string(),
  usualName: z.string(),
  /** In what capacity (CRPA art. L212-1). */
  capacity: z.string(),
  /** Name of the operator's organization at the time of the act. */
  organization: z.string(),
  /** SIREN of the organizations for which this person acts: nobody decides on their own. */
  sirens: z.array(z.string()),
  /** The account with which they signed in: the same person may have sent the file. Events of before have none. */
  accountId: z.string().optional(),
});

/**
 * Who acts. `clock` is time itself (silence, an end date), `register` a change of the public registers; neither decides
 * anything: they state what the law attaches to a date or a fact.
 */
export const actorSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('applicant'),
    accountId: z.string(),
    givenName: z.string(),
    usualName: z.string(),
    email: z.string(),
    /** Organizations of the sign-in, and who vouched for it. Events of before have neither. */
    sirets: z.array(z.string()).optional(),
    idp: z.string().optional(),
    /** False: nobody answers for the address. Kept only then; of events of before it is not known, and they count as verified. */
    emailVerified: z.boolean().optional(),
  }),
  operatorActorSchema,
  z.object({ kind: z.literal('clock') }),
  z.object({ kind: z.literal('register') }),
]);
export type Actor = z.output<typeof actorSchema>;
export type OperatorActor = Extract<Actor, { kind: 'operator' }>;
export type ApplicantActor = Extract<Actor, { kind: 'applicant' }>;

/** What an unfavourable decision rests on: a closed list, each with its sentence and its rule (motives.ts). */
export const motives = [
  'no_public_mission',
  'members_not_public',
  'mandate_not_proven',
  'incomplete_file',
  'organization_not_active',
  'purpose_outside_service',
  'security_conditions',
  'condition_no_longer_met',
  'terms_of_use_breached',
  'security_incident',
  'decision_illegal',
  'fraud',
  'other',
] as const;
export type Motive = (typeof motives)[number];

/** Pieces of evidence (domain list of an association's file). */
export const evidenceKinds = [
  'statutes',
  'declaration_receipt',
  'official_journal',
  'directors',
  'mandate',
  'member_list',
  'agreement',
  'accounts',
  'domain_control',
  'other',
] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

const day = z.iso.date();
/**
 * Marks that show nothing: those that turn the direction of writing make a decision read otherwise than it is kept (Unicode
 * UAX #9; TR36). The two joiners stay: scripts and pictures are written with them.
 */
const marks = /(?![\u200c\u200d])\p{Cf}/gu;

/** PostgreSQL keeps no U+0000, nobody types one. */
const text = z
  .string()
  .regex(/^[^\0]*$/u)
  .overwrite((written) => written.replace(marks, ''));
/** L-26-7K3QXWPB. */
export const lotNumber = /^L-[0-9]{2}-[0-9A-HJKMNP-TV-Z]{8}$/;
const words = text.trim().min(1).max(10_000);
const service = text.min(1).max(200);

/** What an operator grants: for one service, at a level, on a ground, with conditions and two days, both inclusive, Europe/Paris. */
export const termsSchema = z.object({
  level: z.enum(levels),
  ground: z.enum(grounds),
  conditions: z.array(words).max(20),
  startsOn: day,
  endsOn: day,
});
export type Terms = z.output<typeof termsSchema>;

/** Written reasons, in law and in fact (CRPA art. L211-2, L211-5). */
const reasons = { motive: z.enum(motives), text: words, rule: words };

/** Decisions that need a second person. */
export const proposalSchema = z.discriminatedUnion('decision', [
  z.object({ decision: z.literal('refuse'), ...reasons }),
  z.object({ decision: z.literal('abrogate'), ...reasons }),
  z.object({
    decision: z.literal('withdraw'),
    ...reasons,
    /** Illegality: within four months (CRPA art. L242-1). Fraud: at any time (art. L241-2). */
    because: z.enum(['illegal', 'fraud']),
  }),
  // The organization gives its right up by post or by word of mouth: nothing is decided, and two people have read it.
  z.object({ decision: z.literal('renounce'), text: text.max(10_000), from: day, receivedOn: day }),
]);
export type Proposal = z.output<typeof proposalSchema>;
/** What the administration decides, and says why. */
export type ReasonedProposal = Exclude<Proposal, { decision: 'renounce' }>;

/** What the register says of a right since it was decided, word for word: what is said later is something else. */
export const seenFindingsSchema = z
  .array(z.object({ service, reason: z.enum(reviewReasons), detail: z.string().max(10_000) }))
  .max(1000);
export type SeenFinding = z.output<typeof seenFindingsSchema>[number];

/**
 * Everything that may happen to a file. Acts of the examination concern the whole file: every request of it that is still
 * examined. Acts that name a `service` concern one request.
 */
export const actSchema = z.discriminatedUnion('act', [
  // Of the applicant.
  z.object({
    act: z.literal('submit'),
    /** JSON of the content as it was reviewed. */ content: z.unknown(),
    services: z.array(service).min(1),
    /** What silence was then, as the receipt says it; written by whoever keeps the event, not by the applicant. */
    silence: z.enum(['refusal', 'acceptance']).optional(),
  }),
  z.object({ act: z.literal('supply'), evidence: z.array(text), text: text.max(10_000) }),
  z.object({ act: z.literal('withdraw_request') }),
  z.object({ act: z.literal('ask_motives'), service }),
  // What follows also comes by post or by word of mouth: an operator records it, with the day on which it was received.
  z.object({ act: z.literal('answer_notice'), service, text: words, receivedOn: day.optional() }),
  z.object({ act: z.literal('appeal'), service, text: words, receivedOn: day.optional() }),
  // `from`: first day without the right. Nobody has to say why. What comes by post is proposed, and confirmed.
  z.object({ act: z.literal('renounce'), service, from: day, text: text.max(10_000) }),
  // Of an operator, on the examination.
  z.object({ act: z.literal('take') }),
  /** `of`: an operator who was removed, and holds it no more. Written by the program, from no form. */
  z.object({ act: z.literal('release'), of: z.string().min(1).optional() }),
  z.object({ act: z.literal('note'), text: words }),
  z.object({
    act: z.literal('ask_pieces'),
    pieces: z.array(z.enum(evidenceKinds)),
    text: words,
    /** Days given to answer, from the day of the request. */
    days: z.int().min(1).max(90),
    /** Whether the file cannot be examined without them (CRPA art. L114-5-1); only then does the clock stop. */
    blocking: z.boolean(),
  }),
  z.object({
    act: z.literal('check_evidence'),
    evidence: text,
    verdict: z.enum(['accepted', 'rejected']),
    text: text.max(2000),
  }),
  z.object({ act: z.literal('transfer'), to: words }),
  // The register has moved, and the right goes on as it is: why, and what was looked at.
  z.object({ act: z.literal('see_changes'), text: words, findings: seenFindingsSchema }),
  // Of an operator, deciding.
  z.object({
    act: z.literal('grant'),
    /** Number of the lot: the same organization of the same lot has one file. */
    lot: z.string().regex(lotNumber),
    services: z
      .array(z.object({ service, terms: termsSchema }))
      .min(1)
      .max(100)
      .refine((all) => new Set(all.map((one) => one.service)).size === all.length),
    text: words,
    /** Address of the organization, that letters are sent to; without one they are posted. */
    contact: z.email().max(254).optional(),
    /** Who prepared it, when somebody else decides. */
    proposedBy: operatorActorSchema.optional(),
  }),
  z.object({ act: z.literal('approve'), service, terms: termsSchema, text: words }),
  z.object({ act: z.literal('propose'), service, proposal: proposalSchema }),
  z.object({ act: z.literal('confirm'), service }),
  z.object({ act: z.literal('decline'), service, text: words }),
  z.object({ act: z.literal('communicate_motives'), service, ...reasons }),
  z.object({
    act: z.literal('notify_suspension'),
    service,
    ...reasons,
    /** Days to answer, 15 unless said. */ days: z.int().min(1).max(90),
  }),
  z.object({ act: z.literal('suspend'), service, ...reasons }),
  z.object({ act: z.literal('suspend_urgently'), service, ...reasons }),
  z.object({ act: z.literal('reinstate'), service, text: words }),
  z.object({
    act: z.literal('decide_appeal'),
    service,
    outcome: z.enum(['upheld', 'reversed']),
    /** When reversed. */ terms: termsSchema.optional(),
    text: words,
    rule: words,
  }),
  // Of time and of the registers.
  z.object({
    act: z.literal('silence'),
    service,
    /** What the law made of it on that day (CRPA art. L231-1, L231-4); of an appeal always a refusal (art. L411-7). */
    means: z.enum(['refusal', 'acceptance']),
  }),
  z.object({ act: z.literal('renewal_due'), service }),
  z.object({ act: z.literal('remind'), service, daysLeft: z.int().positive() }),
  z.object({ act: z.literal('expire'), service }),
  z.object({ act: z.literal('renewed_by'), service, registration: z.string() }),
  z.object({ act: z.literal('revive'), service, registration: z.string() }),
  z.object({ act: z.literal('close'), service, text: words }),
  /** The register knows the number by which the organization asked under a SIREN; without one: no more. */
  z.object({ act: z.literal('identify'), number: text.min(1).max(100), siren: text.max(9).optional() }),
]);
export type Act = z.output<typeof actSchema>;
export type ActName = Act['act'];

/** One line of the history of a file. */
export const eventSchema = z.object({ actor: actorSchema, act: actSchema });
export interface RegistrationEvent {
  readonly seq: number;
  readonly at: Date;
  readonly actor: Actor;
  readonly act: Act;
}
